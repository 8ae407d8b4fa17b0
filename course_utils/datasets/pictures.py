"""One picture file in, one array out, by rules that do not depend on how the file was saved."""

from __future__ import annotations

import difflib
import io
import struct
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from course_utils import files
from course_utils.datasets.errors import DataError, reason

__all__ = ["HEAD", "Picture", "decode", "meant_as_picture", "pixels_of", "read_picture"]

HEAD = 64  # bytes of a file's beginning that tell its kind
_LARGEST_PICTURE = 50_000_000  # pixels: more than a camera has, and 150 MB in memory

# The readers that are let near a stranger's file; Pillow has others that start programs or are hardly used.
_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF", "PPM", "AVIF")
# A file with such an ending is meant as a picture, and is named if it cannot be read; the last line is never read.
_ENDINGS = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff", ".avif"),
    *(".ppm", ".pgm", ".pbm", ".pnm", ".mpo"),
    *(".heic", ".heif", ".hif", ".jxl", ".jp2", ".psd", ".svg", ".tga", ".dng", ".cr2", ".cr3", ".nef", ".arw"),
)
_BEGINNINGS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"8BPS": "Photoshop",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
}
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_GREY = ("1", "L", "LA", "La", "I")
_TURNS = {  # the number in the EXIF data -> what shows the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION, _SUBFILE = 0x0112, 0x00FE  # tags


class Picture(NamedTuple):
    """A picture file, read: its pixels, uint8 (height, width, 3), and whether it is grey, with three equal channels."""

    pixels: np.ndarray
    is_grey: bool


def kind(head: bytes) -> str | None:
    """What kind of picture a file is, by its first bytes (`HEAD` are enough); None if of no kind known here."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124):
        return "BMP"
    if head[:1] == b"P" and head[1:2] in (*(b"%d" % n for n in range(1, 7)),) and head[2:3].isspace():
        return "PPM"
    if head[4:8] == b"ftyp":
        brands = [head[i : i + 4] for i in range(8, min(len(head), int.from_bytes(head[:4], "big")), 4)]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        return "HEIC" if any(brand in _HEIC for brand in brands) else None
    return next((name for start, name in _BEGINNINGS.items() if head.startswith(start)), None)


def meant_as_picture(name: str, head: bytes) -> bool:
    """Whether a file is a picture by its first bytes, or claims to be one by its ending."""
    return name.lower().endswith(_ENDINGS) or kind(head) is not None


def decode(data: bytes, size: int | None = None) -> Picture:
    """Read a picture.

    The content decides, not the ending. Turned upright as its EXIF data says; of an animation the first frame;
    transparent parts on white; palettes, CMYK and the like as RGB; 16 bits a value as 8 (divided by 257). For another
    size it is scaled until it covers it and cut at the edges, never squeezed.

    Args:
        data: the file's content.
        size: side in pixels; None to keep the picture's own. A large JPEG file is decoded at a fraction, far faster,
            as long as both sides keep four times as many pixels.

    Raises:
        ValueError: it is of a kind that is not read here, too large, or its values have no 8-bit meaning.
        Exception: the picture cannot be read otherwise; Pillow has many kinds of error.
    """
    # Half of the world's photographs have some flaw in their metadata; what matters is refused here.
    with warnings.catch_warnings(action="ignore"), _opened(data) as image:
        width, height = image.size
        if width * height > _LARGEST_PICTURE:
            raise ValueError(f"{width}x{height} pixels, at most {_LARGEST_PICTURE:,} are read")
        if size:
            image.draft(None, (4 * size, 4 * size))
        image.load()
        mode, turn = image.mode, _TURNS.get(_orientation(image))
        if mode.startswith("I"):
            image = _as_8_bits(image)
        rgb = _as_rgb(image if turn is None else image.transpose(turn))
        if size and rgb.size != (size, size):
            rgb = ImageOps.fit(rgb, (size, size), Image.Resampling.LANCZOS)
        return Picture(np.array(rgb), mode in _GREY or mode.startswith("I;16"))


def _opened(data: bytes) -> Image.Image:
    """The file, opened; what is not read is named, with what to do."""
    found = kind(data[:HEAD])
    if found == "HEIC":
        raise ValueError(
            "it is a HEIC photograph, which is not read here; save it as JPEG, as the telephone does with "
            "Settings, Camera, Formats, Most Compatible"
        )
    if found and found not in _FORMATS:
        raise ValueError(f"it is a {found} picture, which is not read here; save it as JPEG or PNG")
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:  # Pillow's own words show a memory address
        raise ValueError(
            f"it begins like {found} and is damaged" if found else "its content is of no known kind"
        ) from None
    # A camera's raw file is a TIFF file whose first picture is a thumbnail.
    if image.format == "TIFF" and image.tag_v2.get(_SUBFILE, 0) & 1:
        raise ValueError("it is a camera's raw file, which is not read here; save it as JPEG")
    return image


def _orientation(image: Image.Image) -> int | None:
    """The number in the EXIF data that says how the camera was held, whatever else there is damaged."""
    try:
        found = image.getexif().get(_ORIENTATION)
    except Exception:  # damaged metadata raises whatever its parser stumbles over; the pixels are well
        found = None
    return found or _orientation_in(image.info.get("exif", b""))


def _orientation_in(block: bytes) -> int | None:
    """The same from the block's first list of entries: Pillow gives up at the first damaged one."""
    block = block.removeprefix(b"Exif\0\0")
    order = "<" if block[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack_from(f"{order}L", block, 4)
        (count,) = struct.unpack_from(f"{order}H", block, start)
        entries = [struct.unpack_from(f"{order}HHLH", block, start + 2 + 12 * i) for i in range(count)]
    except struct.error:
        return None
    return next((value for tag, _, _, value in entries if tag == _ORIENTATION), None)


def _as_8_bits(image: Image.Image) -> Image.Image:
    """A grey picture of 16 bits a value with 8; transparent values white."""
    values = np.array(image.convert("I"))
    if values.min() < 0 or values.max() > 65535:
        raise ValueError("its values are not in 0 to 65535, save it with 8 bits a channel")
    if 0 < values.max() < 4096:  # 8, 10 or 12 bits in the place of 16: divided, all would be black
        raise ValueError(f"its 16-bit values reach {values.max():,} of 65,535 only, save it with 8 bits a channel")
    grey = np.rint(values / 257).astype(np.uint8)
    if "transparency" in image.info:
        grey[values == image.info["transparency"]] = 255
    return Image.fromarray(grey)


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("its values are fractions, save it with 8 bits a channel")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), layer).convert("RGB")
    return image.convert("RGB")


def read_picture(path: str | Path) -> np.ndarray:
    """Read a picture as a camera or a telephone writes it, upright and in RGB.

    Args:
        path: of the file, such as "holiday.jpg" for one beside the notebook.

    Returns:
        uint8, shape (height, width, 3).

    Raises:
        DataError: there is no such file, or it is no picture that can be read; the message says what to do.
    """
    file = Path(path).expanduser()
    if files.is_file(file):
        return pixels_of(file.read_bytes(), file.name)
    names = sorted(one.name for one in Path.cwd().glob("*") if meant_as_picture(one.name, b"") and files.is_file(one))
    wanted = file.name.lower()
    alike = sorted(names, key=lambda name: -difflib.SequenceMatcher(None, name.lower(), wanted).ratio())[:8]
    here = ", ".join(alike) or "none"
    raise DataError(
        f"There is no picture {str(path)!r}. Copy it beside the notebook, or give its path. "
        f"Pictures here: {here}{', …' if len(names) > len(alike) else ''}."
    )


def pixels_of(content: bytes, name: str) -> np.ndarray:
    """The same for a file that is in memory already, such as one that was uploaded.

    Args:
        content: of the file.
        name: of the file, for the message.
    """
    try:
        return decode(content).pixels
    except Exception as error:  # Pillow has many kinds
        advice = "" if "save it as" in str(error).lower() else " Save it as JPEG or PNG."
        raise DataError(f"{name} cannot be read as a picture: {reason(error)}.{advice}") from error
