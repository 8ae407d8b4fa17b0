"""Every way of saving a picture ends in the same 8-bit array, or in an error."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from course_utils.datasets.pictures import decode, without_warnings


def saved(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


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
def test_a_truncated_picture_is_refused(form):
    rng = np.random.default_rng(0)
    data = saved(Image.fromarray(rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)), form)
    with without_warnings(), pytest.raises(Exception, match=r"."):
        decode(data[: len(data) // 2])
