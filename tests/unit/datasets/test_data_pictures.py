"""Every way of saving a picture ends in the same 8-bit array, or in an error."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from course_utils.datasets import pictures
from course_utils.datasets.pictures import without_warnings


def saved(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def decode(data, size=None):
    found = pictures.decode(data, size)
    return found.pixels, found.is_grey


def ramp(height=4, width=6):
    """Red grows to the right, green downwards: asymmetric, so that a turn shows."""
    array = np.zeros((height, width, 3), dtype=np.uint8)
    array[..., 0] = np.arange(width) * 40
    array[..., 1] = np.arange(height)[:, None] * 60
    return array


def huge_png(width, height):
    """A PNG that declares a size it does not hold."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "BMP", "PPM", "TIFF", "WEBP"])
def test_lossless_forms_keep_every_pixel(form):
    data = saved(Image.fromarray(ramp()), form, **({"lossless": True} if form == "WEBP" else {}))
    array, is_grey = decode(data)
    assert array.dtype == np.uint8
    assert np.array_equal(array, ramp())
    assert not is_grey


def test_grey_has_three_equal_channels():
    array, is_grey = decode(saved(Image.fromarray(ramp()[..., 0]), "PNG"))
    assert is_grey
    assert np.array_equal(array, np.repeat(ramp()[..., :1], 3, axis=2))


def test_sixteen_bits_become_eight_over_the_whole_range():
    values = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)
    array, is_grey = decode(saved(Image.fromarray(values), "PNG"))
    assert is_grey
    assert array[0, :, 0].tolist() == [0, 1, 128, 255]


def test_black_and_white_is_0_and_255():
    array, is_grey = decode(saved(Image.fromarray(np.array([[True, False]])), "PNG"))
    assert is_grey
    assert array[0, :, 0].tolist() == [255, 0]


def test_a_palette_becomes_rgb():
    image = Image.fromarray(ramp()).convert("P", palette=Image.Palette.ADAPTIVE, colors=64)
    array, is_grey = decode(saved(image, "PNG"))
    assert np.abs(array.astype(int) - ramp()).max() <= 2
    assert not is_grey


def test_transparent_parts_are_white():
    rgba = np.zeros((1, 3, 4), dtype=np.uint8)
    rgba[0, :, 0] = 200
    rgba[0, :, 3] = (0, 255, 128)
    array, _ = decode(saved(Image.fromarray(rgba), "PNG"))
    assert array[0, 0].tolist() == [255, 255, 255]
    assert array[0, 1].tolist() == [200, 0, 0]
    assert np.abs(array[0, 2].astype(int) - [227, 127, 127]).max() <= 1


def test_a_transparent_palette_colour_is_white():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 0, 0])
    image.putdata([0, 1])
    array, _ = decode(saved(image, "PNG", transparency=0))
    assert array[0].tolist() == [[255, 255, 255], [200, 0, 0]]


def test_cmyk_becomes_rgb():
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))  # no cyan, all magenta and yellow: red
    array, _ = decode(saved(image, "JPEG", quality=95))
    assert np.abs(array.astype(int) - [255, 0, 0]).max() <= 6


def test_an_exif_rotation_is_applied():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees clockwise to see it right
    array, _ = decode(saved(Image.fromarray(ramp()), "PNG", exif=exif))
    assert np.array_equal(array, np.rot90(ramp(), k=-1))


def upright(orientation):
    """The ramp as it is seen by the eight numbers of the EXIF standard."""
    seen = {1: ramp(), 2: ramp()[:, ::-1], 3: ramp()[::-1, ::-1], 4: ramp()[::-1], 5: ramp().transpose(1, 0, 2)}
    seen |= {6: np.rot90(ramp(), -1), 7: ramp()[::-1, ::-1].transpose(1, 0, 2), 8: np.rot90(ramp())}
    return seen[orientation]


BROKEN_EXIF = {
    "a resolution divided by nothing": lambda exif: exif.__setitem__(0x011A, IFDRational(300, 0)),
    "an exposure divided by nothing": lambda exif: exif.get_ifd(0x8769).__setitem__(0x829A, IFDRational(1, 0)),
    "a place without end": lambda exif: exif.get_ifd(0x8825).__setitem__(2, (IFDRational(1, 0),) * 3),
}


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_ways_to_hold_a_camera(form, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}, "AVIF": {"quality": 100, "subsampling": "4:4:4"}}
    picture = pictures.decode(saved(Image.fromarray(ramp()), form, exif=exif, **options[form]))
    assert picture.pixels.shape == upright(orientation).shape
    assert picture.full_size == picture.pixels.shape[:2]
    assert np.abs(picture.pixels.astype(int) - upright(orientation)).max() <= (12 if form == "AVIF" else 0)


@pytest.mark.parametrize("fault", BROKEN_EXIF)
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_broken_number_in_the_metadata_does_not_leave_the_photograph_on_its_side(fault, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    BROKEN_EXIF[fault](exif)
    array, _ = decode(saved(Image.fromarray(ramp()), "PNG", exif=exif))
    assert np.array_equal(array, upright(orientation))


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
    with without_warnings():
        array, _ = decode(jpeg_with([other, orientation] if first else [orientation, other]))
    assert array.shape == (16, 8, 3)


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12", b"Exif\0\0rubbish", b"Exif\0\0" + bytes(50)]
)
def test_damaged_metadata_does_not_cost_the_picture(exif, recwarn):
    data = saved(Image.new("RGB", (8, 8), (200, 0, 0)), "JPEG", exif=exif)
    with without_warnings():
        array, _ = decode(data)
    assert array.shape == (8, 8, 3)
    assert not recwarn.list


def test_an_animation_gives_its_first_frame():
    frames = [Image.new("RGB", (5, 5), colour) for colour in ("red", "blue", "lime")]
    for form in ("GIF", "WEBP", "PNG"):
        options = {"lossless": True} if form == "WEBP" else {}
        array, _ = decode(saved(frames[0], form, save_all=True, append_images=frames[1:], **options))
        assert array.reshape(-1, 3).tolist() == [[255, 0, 0]] * 25


def test_another_size_covers_and_cuts_without_squeezing():
    wide = np.zeros((10, 40, 3), dtype=np.uint8)
    wide[:, 15:25] = 255  # the middle square
    array, _ = decode(saved(Image.fromarray(wide), "PNG"), size=(5, 5))
    assert array.shape == (5, 5, 3)
    assert array[:, 1:4].min() > 200
    array, _ = decode(saved(Image.fromarray(wide), "PNG"), size=(7, 3))
    assert array.shape == (7, 3, 3)


def test_a_large_jpeg_shrinks_to_its_mean_colour():
    array, _ = decode(saved(Image.new("RGB", (900, 700), (90, 140, 40)), "JPEG", quality=95), size=(8, 8))
    assert np.abs(array.astype(int) - [90, 140, 40]).max() <= 3


@pytest.mark.parametrize("size", [(10_000, 6_000), (60_000, 60_000)])
def test_more_than_50_megapixels_are_refused_undecoded(size):
    with without_warnings(), pytest.raises(Exception, match="pixels"):
        decode(huge_png(*size))


def test_a_large_jpeg_is_decoded_at_a_fraction_only_if_that_is_enough():
    data = saved(Image.new("RGB", (900, 700)), "JPEG")
    assert pictures.decode(data).pixels.shape == (700, 900, 3)
    small = pictures.decode(data, least=100)
    assert min(small.pixels.shape[:2]) >= 100 and small.reduced and small.full_size == (700, 900)
    assert not pictures.decode(data, least=500).reduced


def test_a_tall_photograph_is_never_decoded_below_its_size():
    exif = Image.Exif()
    exif[0x0112] = 6
    lines = np.zeros((640, 1600, 3), dtype=np.uint8)
    lines[:, ::2] = 255
    array, _ = decode(saved(Image.fromarray(lines), "JPEG", exif=exif, quality=100), size=(1600, 640))
    assert np.array_equal(array[::2].mean(axis=(0, 1)).round(-1), [260] * 3) or array.std() > 100


@pytest.mark.parametrize(("brightest", "depth"), [(255, "8"), (1023, "10"), (4095, "12")])
def test_fewer_bits_in_the_place_of_16_are_named_instead_of_black(brightest, depth):
    values = np.linspace(0, brightest, 48).astype(np.uint16).reshape(6, 8)
    with pytest.raises(ValueError, match=r"16-bit values reach [\d,]+ of 65,535 only"):
        decode(saved(Image.fromarray(values), "PNG"))


def test_a_transparent_value_of_16_bits_is_white():
    values = np.array([[7, 40_000]], dtype=np.uint16)
    array, _ = decode(saved(Image.fromarray(values), "PNG", transparency=7))
    assert array[0, :, 0].tolist() == [255, 156]


def test_16_bits_a_channel_become_8():
    """Pillow writes no such file, so one is put together: a PNG of two pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"\0" + struct.pack(">6H", 65535, 0, 32896, 0, 65535, 257)
    header = struct.pack(">IIBBBBB", 2, 1, 16, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")
    assert decode(data)[0].tolist() == [[[255, 0, 128], [0, 255, 1]]]


def test_several_photographs_in_one_file_give_the_first():
    for form in ("MPO", "TIFF", "AVIF"):
        frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
        array, _ = decode(saved(frames[0], form, save_all=True, append_images=frames[1:]))
        assert np.abs(array.astype(int) - [255, 0, 0]).max() <= 6


def test_the_thumbnail_of_a_raw_file_is_not_taken_for_the_photograph():
    with pytest.raises(ValueError, match="a camera's raw file"):
        decode(saved(Image.fromarray(ramp()), "TIFF", tiffinfo={254: 1}))


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


def test_fractions_are_refused():
    with pytest.raises(ValueError, match="8 bits a channel"):
        decode(saved(Image.fromarray(np.zeros((2, 2), dtype=np.float32)), "TIFF"))


def test_values_beyond_16_bits_are_refused():
    with pytest.raises(ValueError, match="0 to 65535"):
        decode(saved(Image.fromarray(np.full((2, 2), 70_000, dtype=np.int32)), "TIFF"))


@pytest.mark.parametrize("data", [b"", b"hello", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ValueError, match="of no known kind"):
        decode(data)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_refused_as_such(form, share):
    rng = np.random.default_rng(0)
    data = saved(Image.fromarray(rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)), form)
    said = "could not create decoder object" if form == "WEBP" else "[Tt]runcated|begins like GIF and is damaged"
    with without_warnings(), pytest.raises((OSError, ValueError), match=said):
        decode(data[: int(len(data) * share)])
