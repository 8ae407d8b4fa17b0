"""Makes the data set: three splits from a seed and the knobs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course_utils.datasets.dataset import Dataset
from course_utils.datasets.generated.making import MadeSplit, labelled, painted
from course_utils.datasets.generated.settings import check_known, check_range
from course_utils.datasets.photographs import PHOTOGRAPHS, Atlas, read
from course_utils.datasets.registry import card
from course_utils.datasets.shapes.drawing import Knobs, Painter
from course_utils.datasets.shapes.outlines import CLASS_NAMES

__all__ = ["atlas", "load_shapes"]

_BATCH = 64  # images drawn at a time
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


def load_shapes(
    *, train: int = 10_000, validation: int = 1_000, test: int = 2_000, seed: int = 0, **knobs: Any
) -> Dataset:
    """Draw the shapes data set: the same bytes for the same arguments, on every platform.

    More images continue the sequence: the first 100 of 1,000 are those of train=100. Turning one knob leaves
    everything else in place: the same objects in the same places, with more noise.

    Args:
        train, validation, test: numbers of images, 0 or more.
        seed: 0 or more.
        **knobs: size, channels, noise, clutter, rotation, imbalance, wrong_labels, betrayal, flawed: see Knobs.

    Returns:
        A Dataset whose splits are MadeSplit: x, y, masks, true_y, betrayed, photograph.

    Raises:
        TypeError: an unknown knob.
        ValueError: a number of images, a seed or a knob out of its range.

    Example:
        data = load_shapes(train=1_000, size=64, clutter=6)
    """
    counts = {"train": train, "validation": validation, "test": test}
    for name, value in {**counts, "seed": seed}.items():
        check_range(name, value, 0, whole=True)
    check_known(knobs, Knobs)
    chosen = Knobs(**knobs)
    splits = {split: _made(split, count, int(seed), chosen) for split, count in counts.items()}
    return Dataset("shapes", **splits, class_names=CLASS_NAMES, card=card("shapes"))


def _made(split: str, count: int, seed: int, knobs: Knobs) -> MadeSplit:
    true, given, betrayed = labelled(split, count, seed, len(CLASS_NAMES), knobs)
    painter = Painter(knobs, atlas(split, knobs.size), seed, split)
    x, masks, photograph = painted(
        count, _BATCH, knobs.size, knobs.channels, lambda part: painter.paint(true[part], betrayed[part])
    )
    return MadeSplit(x, given, masks, true_y=true, betrayed=betrayed, photograph=photograph)
