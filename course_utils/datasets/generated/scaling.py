"""Pictures at another size, the same to the last byte everywhere.

Pillow's own `resize` gives other bytes in version 13 than in version 11. Here weights and sums are whole numbers. The
few weights of a row are kept as a sparse matrix, whose product is one loop on one core: a dense product of floats
starts threads, which get in each other's way on a busy machine.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.sparse import csr_array

__all__ = ["resized"]

_BITS = 14
_ONE = 2**_BITS  # what the weights of a pixel add up to


@lru_cache(maxsize=1024)
def _weights(old: int, new: int) -> csr_array:
    """What each old pixel adds to each new one, int32, shape (new, old).

    The cubic of Keys with a = -1/2 (IEEE Transactions on Acoustics, Speech and Signal Processing 29, 1981), widened
    where the picture becomes smaller.
    """
    q = 2 * max(old, new)
    middles = np.arange(1, 2 * new, 2, dtype=np.int64)[:, None] * old  # of the new pixels; the unit is 1 / (2 old new)
    first = (middles - 2 * q - new) // (2 * new) + 1  # the first old pixel that is near enough to add something
    columns = first + np.arange(-(-2 * q // new))
    p = abs((2 * columns + 1) * new - middles)  # the distance between two middles is p / q
    near, far = 3 * p**3 - 5 * p**2 * q + 2 * q**3, -(p**3) + 5 * p**2 * q - 8 * p * q**2 + 4 * q**3
    inside = (columns >= 0) & (columns < old) & (p < 2 * q)
    weight = np.where(inside, np.where(p <= q, near, far), 0)
    total = weight.sum(axis=1, keepdims=True)
    whole = (2 * _ONE * weight + total) // (2 * total)
    whole[np.arange(new), weight.argmax(axis=1)] += _ONE - whole.sum(axis=1)
    rows, place = np.nonzero(whole)
    ends = np.searchsorted(rows, np.arange(new + 1))
    return csr_array((whole[rows, place].astype(np.int32), columns[rows, place], ends), shape=(new, old))


def _first_axis_resized(pixels: np.ndarray, length: int) -> np.ndarray:
    """The same with another length along the first axis: int32 to int32, 0 to 255."""
    total = _weights(len(pixels), length) @ pixels.reshape(len(pixels), -1)
    total += _ONE // 2  # so that it rounds
    total >>= _BITS
    return total.clip(0, 255, out=total).reshape(length, *pixels.shape[1:])


def resized(planes: np.ndarray, height: int, width: int) -> np.ndarray:
    """A picture at another size.

    Args:
        planes: uint8, shape (channels, old height, old width), sides up to 2,000 pixels.
        height, width: 1 or more.

    Returns:
        uint8, shape (channels, height, width).
    """
    wide = _first_axis_resized(np.ascontiguousarray(planes.transpose(2, 1, 0), dtype=np.int32), width)
    high = _first_axis_resized(np.ascontiguousarray(wide.transpose(1, 2, 0)), height)
    return np.ascontiguousarray(high.transpose(1, 0, 2), dtype=np.uint8)
