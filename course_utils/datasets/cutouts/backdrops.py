"""The photographs behind the objects, at several scales, as sharp or blurred as is asked for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_utils.datasets.generated.scaling import resized
from course_utils.datasets.photographs import PHOTOGRAPHS, Atlas, read

__all__ = ["atlas", "blurred"]

# The short side of a photograph in sides of the crop: from most of the scene to a detail.
_SIDES = (1.15, 1.6, 2.4)


def blurred(pixels: np.ndarray, radius: int) -> np.ndarray:
    """Mean over a square of 2 * radius + 1 pixels, taken twice, in whole numbers; the border is repeated.

    Args:
        pixels: uint8, shape (height, width, 3).
        radius: pixels, 0 or more.

    Returns:
        uint8, shape (height, width, 3).
    """
    width = 2 * radius + 1
    for _ in range(4 if radius else 0):  # down, across, down, across
        total = np.pad(pixels, [(radius + 1, radius), (0, 0), (0, 0)], mode="edge").cumsum(axis=0, dtype=np.uint32)
        mean = (total[width:] - total[:-width] + np.uint32(radius)) // np.uint32(width)
        pixels = mean.astype(np.uint8).transpose(1, 0, 2)
    return pixels


@lru_cache(maxsize=12)
def atlas(photographs: tuple[int, ...], size: int, radius: int) -> Atlas:
    """Photographs scaled so that crops of size x size pixels show something at each scale.

    Args:
        photographs: indices into PHOTOGRAPHS.
        size: side of the crops in pixels.
        radius: radius of the blur in pixels, 0 for none.
    """
    pictures = []
    for number in photographs:
        image = read(PHOTOGRAPHS[number])
        for sides in _SIDES:
            short, most = int(size * sides), min(image.size)
            width, height = (max(size, side * short // most) for side in image.size)
            rough = image.reduce(max(1, most // short))  # a mean of whole blocks, in integers
            planes = resized(np.asarray(rough).transpose(2, 0, 1), height, width)
            pictures.append((blurred(planes.transpose(1, 2, 0), radius), number))
    return Atlas.of(pictures)
