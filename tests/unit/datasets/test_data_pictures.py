"""Every way of saving a picture ends in the same 8-bit array, or in an error."""

import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from small_pictures import saved

from course_utils import datasets
from course_utils.datasets.pictures import decode

TO_RED = (255, 0, 0)


def ramp(height=4, width=6):
    """Red grows to the right, green downwards: asymmetric, so that a turn shows."""
    array = np.zeros((height, width, 3), dtype=np.uint8)
    array[..., 0] = np.arange(width) * 40
    array[..., 1] = np.arange(height)[:, None] * 60
    return array


def png(width, height, bits, pixels):
    """A PNG file in colours, put together, since Pillow writes none of 16 bits or of a size that it does not hold."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


GREY = {
    "16 bits, over the whole range": ([[0, 257, 32896, 65535]], np.uint16, {}, [0, 1, 128, 255]),
    "16 bits, one value transparent": ([[7, 40_000]], np.uint16, {"transparency": 7}, [255, 156]),
}


@pytest.mark.parametrize("case", GREY)
def test_grey_pictures_have_three_equal_channels(case):
    values, kind, options, expected = GREY[case]
    array, is_grey = decode(saved(Image.fromarray(np.array(values, kind)), "PNG", **options))
    assert is_grey
    assert np.array_equal(array, np.repeat(np.array([expected])[..., None], 3, axis=2))


def test_16_bits_a_channel_become_8():
    data = png(2, 1, 16, b"\0" + struct.pack(">6H", 65535, 0, 32896, 0, 65535, 257))
    assert decode(data).pixels.tolist() == [[[255, 0, 128], [0, 255, 1]]]


def test_transparent_parts_are_white():
    rgba = np.zeros((1, 3, 4), dtype=np.uint8)
    rgba[0, :, 0] = 200
    rgba[0, :, 3] = (0, 255, 128)
    array, _ = decode(saved(Image.fromarray(rgba), "PNG"))
    assert array[0, :2].tolist() == [[255, 255, 255], [200, 0, 0]]
    assert np.abs(array[0, 2].astype(int) - [227, 127, 127]).max() <= 1
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 0, 0])
    image.putdata([0, 1])
    assert decode(saved(image, "PNG", transparency=0)).pixels[0].tolist() == [[255, 255, 255], [200, 0, 0]]


def upright(orientation):
    """The ramp as it is seen by the eight numbers of the EXIF standard."""
    seen = {1: ramp(), 2: ramp()[:, ::-1], 3: ramp()[::-1, ::-1], 4: ramp()[::-1], 5: ramp().transpose(1, 0, 2)}
    seen |= {6: np.rot90(ramp(), -1), 7: ramp()[::-1, ::-1].transpose(1, 0, 2), 8: np.rot90(ramp())}
    return seen[orientation]


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_ways_to_hold_a_camera(form, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}, "AVIF": {"quality": 100, "subsampling": "4:4:4"}}
    pixels = decode(saved(Image.fromarray(ramp()), form, exif=exif, **options[form])).pixels
    assert pixels.shape == upright(orientation).shape
    assert np.abs(pixels.astype(int) - upright(orientation)).max() <= (12 if form == "AVIF" else 0)


def jpeg_with(entries):
    """A JPEG file, 16 wide and 8 high, whose EXIF block holds these entries: (tag, type, count, four bytes)."""
    block = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries))
    block += b"".join(struct.pack("<HHL4s", *entry) for entry in entries) + bytes(4)
    return saved(Image.new("RGB", (16, 8), (200, 0, 0)), "JPEG", exif=block)


@pytest.mark.parametrize(
    "other",
    [
        (0x011A, 5, 1, struct.pack("<L", 60_000)),  # a rational that lies beyond the block
        (0x011A, 5, 1, struct.pack("<L", 8)),  # one that lies upon the entries
        (0x829A, 5, 9_999, struct.pack("<L", 26)),  # far too many
        (0x8769, 4, 1, struct.pack("<L", 70_000)),  # a list of entries beyond the block
        (0x8825, 4, 1, struct.pack("<L", 8)),  # a list that begins at itself
        (0x9999, 99, 1, b"abcd"),  # of no known type
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_orientation_is_found_beside_any_broken_entry(other, first):
    orientation = (0x0112, 3, 1, struct.pack("<HH", 6, 0))
    assert decode(jpeg_with([other, orientation] if first else [orientation, other])).pixels.shape == (16, 8, 3)


@pytest.mark.parametrize("exif", [b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12", b"Exif\0\0rubbish"])
def test_damaged_metadata_does_not_cost_the_picture(exif, recwarn):
    assert decode(saved(Image.new("RGB", (8, 8), TO_RED), "JPEG", exif=exif)).pixels.shape == (8, 8, 3)
    assert not recwarn.list


@pytest.mark.parametrize("form", ["GIF", "MPO", "TIFF"])
def test_of_several_pictures_in_one_file_the_first_counts(form):
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    array, _ = decode(saved(frames[0], form, save_all=True, append_images=frames[1:]))
    assert np.abs(array.astype(int) - TO_RED).max() <= 6


def test_another_size_covers_and_cuts_without_squeezing():
    wide = np.zeros((10, 40, 3), dtype=np.uint8)
    wide[:, 15:25] = 255  # the middle square
    data = saved(Image.fromarray(wide), "PNG")
    array, _ = decode(data, 5)
    assert array.shape == (5, 5, 3) and array[:, 1:4].min() > 200


RGB, GREY_16 = Image.fromarray(ramp()), np.linspace(0, 1, 48).reshape(6, 8)
REFUSED = {
    "text": (b"hello", "of no known kind"),
    "a program for printers": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "of no known kind"),
    "60 megapixels": (png(10_000, 6_000, 8, bytes(9)), "at most 50,000,000"),
    "3,600 megapixels": (png(60_000, 60_000, 8, bytes(9)), "pixels"),
    "a camera's raw file, by its thumbnail": (saved(RGB, "TIFF", tiffinfo={254: 1}), "a camera's raw file"),
    "fractions": (saved(Image.fromarray(np.zeros((2, 2), np.float32)), "TIFF"), "8 bits a channel"),
    "beyond 16 bits": (saved(Image.fromarray(np.full((2, 2), 70_000, np.int32)), "TIFF"), "0 to 65535"),
    **{  # these would all be black
        f"{bits} bits in the place of 16": (
            saved(Image.fromarray((GREY_16 * (2**bits - 1)).astype(np.uint16)), "PNG"),
            r"16-bit values reach [\d,]+ of 65,535 only",
        )
        for bits in (8, 10, 12)
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_8_bit_meaning_is_refused(case):
    data, match = REFUSED[case]
    with pytest.raises(Exception, match=match):
        decode(data)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I", "I;16", "F"]
)
@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM", "AVIF"])
def test_every_mode_in_every_kind_of_file_comes_out_right_or_is_named(mode, form):
    """A picture of two halves, light and dark: its halves stay light and dark, or it is refused."""
    source = Image.new("L", (16, 16), 40)
    source.paste(215, (8, 0, 16, 16))
    if mode in ("I", "I;16"):
        values = np.asarray(source).astype(np.uint16) * 257
        image = Image.fromarray(values if mode == "I;16" else values.astype(np.int32))
    else:
        image = source.convert("RGB").convert(mode) if mode not in ("LAB",) else Image.merge("LAB", [source] * 3)
    if mode.startswith("I") and form not in ("PNG", "TIFF", "PPM"):
        pytest.skip("such a file has no 16 bits, and Pillow cuts them off in silence")
    try:
        data = saved(image, form)
    except (OSError, ValueError, KeyError):
        pytest.skip("Pillow writes no such file")
    try:
        array, _ = decode(data)
    except Exception as error:
        assert mode in ("F", "LAB", "HSV"), error
        return
    dark, light = array[:, 1:6].mean(), array[:, 10:15].mean()
    assert (dark < 80 and light > 180) or mode == "LAB"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_refused_as_such(form, share):
    rng = np.random.default_rng(0)
    data = saved(Image.fromarray(rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)), form)
    said = "could not create decoder object" if form == "WEBP" else "[Tt]runcated|begins like GIF and is damaged"
    with pytest.raises((OSError, ValueError), match=said):
        decode(data[: int(len(data) * share)])


def test_a_missing_file_is_told_with_what_is_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(datasets.DataError, match="Pictures here: none"):
        datasets.read_picture("holiday.jpg")
    for name in ("notes.ipynb", "apple.png", "Holiday.JPG", *(f"b{number}.jpg" for number in range(9))):
        (tmp_path / name).touch()
    with pytest.raises(datasets.DataError, match=r"'holiday\.jpg'.*Pictures here: Holiday\.JPG.*…\.$") as caught:
        datasets.read_picture("holiday.jpg")
    assert "ipynb" not in str(caught.value)
    Image.fromarray(ramp()).save(tmp_path / "apple.png")
    assert np.array_equal(datasets.read_picture("apple.png"), ramp())


def test_every_picture_here_is_named_and_no_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.jpg").mkdir()
    for name in ("A.JPG", "a.jpg"):  # one file where a system makes no difference
        (tmp_path / name).touch()
    here = ", ".join(sorted(path.name for path in tmp_path.iterdir() if path.is_file()))
    with pytest.raises(datasets.DataError, match=rf"Pictures here: {re.escape(here)}\.$"):
        datasets.read_picture("b.jpg")
    with pytest.raises(datasets.DataError, match=r"There is no picture 'c\.jpg'"):
        datasets.read_picture("c.jpg")


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_picture_is_told_in_one_line(tmp_path, content):
    (tmp_path / "mine.jpg").write_bytes(content)
    with pytest.raises(datasets.DataError, match=r"^mine\.jpg cannot be read.*Save it as JPEG or PNG\.$") as caught:
        datasets.read_picture(tmp_path / "mine.jpg")
    assert "\n" not in str(caught.value)


def test_what_to_do_with_a_heic_photograph_is_said_once(tmp_path):
    (tmp_path / "mine.jpg").write_bytes(b"\0\0\0\x24ftypheic\0\0\0\0mif1MiHEmiafMiHBheic" + bytes(200))
    with pytest.raises(datasets.DataError, match=r"HEIC.*Most Compatible\.$") as caught:
        datasets.read_picture(tmp_path / "mine.jpg")
    assert str(caught.value).lower().count("save it as") == 1
