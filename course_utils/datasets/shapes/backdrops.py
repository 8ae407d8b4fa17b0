"""The photographs behind the shapes, at several scales."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_utils.datasets.generated.photographs import PHOTOGRAPHS, Atlas, read

__all__ = ["atlas"]

# How many crops fit side by side into the short side of a photograph: from a detail to most of the scene.
_CROPS_PER_SIDE = (1.3, 2.2, 4.0)


@lru_cache(maxsize=6)
def atlas(split: str, size: int) -> Atlas:
    """The photographs of a split, reduced so that crops of size x size pixels show something at each scale.

    Args:
        split: "train", "validation" or "test".
        size: side of the crops in pixels, 8 to 96.
    """
    pictures = []
    for number, photograph in enumerate(PHOTOGRAPHS):
        if photograph.split != split:
            continue
        image = read(photograph)
        for crops in _CROPS_PER_SIDE:  # as many pictures at every size, so that a seed chooses the same at each
            factor = max(1, int(min(image.size) / (size * crops)))
            pictures.append((np.asarray(image.reduce(factor)), number))  # a mean of whole blocks, in integers
    return Atlas.of(pictures)
