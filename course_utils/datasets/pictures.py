"""One picture file in, one array out, by rules that do not depend on how the file was saved."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

__all__ = ["ENDINGS", "LARGEST_PICTURE", "decode", "without_warnings"]

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm")
# The readers that are let near a stranger's file; Pillow has others that start programs or are hardly used.
_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
LARGEST_PICTURE = 50_000_000  # pixels: more than a camera has, and 150 MB in memory
_GREY = ("1", "L", "LA", "La", "I")


def decode(data: bytes, size: tuple[int, int] | None = None) -> tuple[np.ndarray, bool]:
    """Read a picture.

    The content decides, not the ending. Rotated as its EXIF data says; of an animation the first frame; transparent
    parts on white; palettes, CMYK and the like as RGB; 16 bits a value as 8 (divided by 257). For another size it is
    scaled until it covers it and cut at the edges, never squeezed.

    Args:
        data: the file's content.
        size: (height, width) in pixels; None to keep the picture's own.

    Returns:
        The picture, uint8 (height, width, 3), and whether it is grey (its three channels are then equal).

    Raises:
        Exception: the picture cannot be read; Pillow has many kinds of error.
        ValueError: it is too large, or its values have no 8-bit meaning.
    """
    try:
        opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:  # Pillow's own words show a memory address
        raise ValueError("its content is of no known kind") from None
    with opened as image:
        if image.width * image.height > LARGEST_PICTURE:
            raise ValueError(f"{image.width}x{image.height} pixels, at most {LARGEST_PICTURE:,} are read")
        if size:
            image.draft(None, (4 * size[1], 4 * size[0]))  # large JPEG files are then decoded at a fraction, far faster
        image.load()
        image = _turned(image)
        is_grey = image.mode in _GREY or image.mode.startswith("I;16")
        image = _as_rgb(image)
        if size and (image.height, image.width) != size:
            image = ImageOps.fit(image, (size[1], size[0]), Image.Resampling.LANCZOS)
        return np.array(image), is_grey


@contextmanager
def without_warnings() -> Iterator[None]:
    """Inside this block Pillow keeps its warnings to itself.

    Half of the world's photographs have some flaw in their metadata; what matters, `decode` refuses by itself.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _turned(image: Image.Image) -> Image.Image:
    """The picture as its EXIF data says it was held; as it is where that data is damaged."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged metadata raises whatever its parser stumbles over; the pixels are well
        return image


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode == "F":
        raise ValueError("its values are fractions, save it with 8 bits a channel")
    if image.mode == "I" or image.mode.startswith("I;16"):
        values = np.array(image.convert("I"))
        if values.min() < 0 or values.max() > 65535:
            raise ValueError("its values are not in 0 to 65535, save it with 8 bits a channel")
        image = Image.fromarray(np.rint(values / 257).astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), layer).convert("RGB")
    return image.convert("RGB")
