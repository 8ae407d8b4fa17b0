"""Random numbers that are the same on every platform, and the same for an image however many are asked for.

Everything is built on the raw 64-bit words of PCG64, which NumPy promises to keep (its distributions may change
between versions), and on one stream for each purpose: more noise does not move the objects.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

__all__ = ["PURPOSES", "SPLITS", "Stream"]

SPLITS = ("train", "validation", "test")
PURPOSES = ("label", "flaw", "background", "place", "look", "clutter", "noise", "deal")


class Stream:
    """Random numbers for one split and one purpose; every image takes the same amount of them.

    Args:
        seed: 0 or more.
        split: one of SPLITS.
        purpose: one of PURPOSES.
    """

    def __init__(self, seed: int, split: str, purpose: str) -> None:
        entropy = [seed, SPLITS.index(split), PURPOSES.index(purpose)]
        self._bits = np.random.PCG64(np.random.SeedSequence(entropy))

    def uniform(self, images: int, columns: int) -> np.ndarray:
        """The next images' numbers: float32, 0 <= u < 1, shape (images, columns).

        They have 24 bits, so the conversion to float32 is exact.
        """
        words = self._bits.random_raw(images * columns).reshape(images, columns)
        return (words >> np.uint64(40)).astype(np.float32) * np.float32(2**-24)

    def bell(self, images: int, values: int) -> np.ndarray:
        """The next images' noise: normal, mean 0, variance 1, float32, shape (images, values)."""
        words = self._bits.random_raw(images * -(-values // 4))  # 16 bits for each value
        level = words.astype("<u8", copy=False).view("<u2") >> np.uint16(4)
        return _quantiles().take(level.astype(np.intp)).reshape(images, -1)[:, :values]


@lru_cache(maxsize=1)
def _quantiles() -> np.ndarray:
    """The normal distribution in 4,096 equal steps, rounded so that the last bits of a logarithm never show."""
    steps = 4096
    exact = [NormalDist().inv_cdf((k + 0.5) / steps) for k in range(steps)]
    return np.array([math.floor(z * 2**12 + 0.5) / 2**12 for z in exact], dtype=np.float32)
