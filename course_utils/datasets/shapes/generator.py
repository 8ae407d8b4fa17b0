"""Makes the data set: three splits from a seed and the knobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.datasets.dataset import Dataset, Split
from course_utils.datasets.generated.chance import Stream
from course_utils.datasets.generated.labels import labels, mistaken
from course_utils.datasets.generated.settings import amounts, check_known
from course_utils.datasets.shapes.backdrops import atlas
from course_utils.datasets.shapes.card import shapes_card
from course_utils.datasets.shapes.drawing import Painter
from course_utils.datasets.shapes.knobs import Knobs
from course_utils.datasets.shapes.outlines import CLASS_NAMES

__all__ = ["ShapesSplit", "load_shapes"]

_BATCH = 64  # images drawn at a time: they fit into a processor's cache


@dataclass(frozen=True, eq=False, repr=False)
class ShapesSplit(Split):
    """Images of shapes, with what only a generator knows.

    Attributes:
        true_y: the labels before any were made wrong, int64, shape (n,).
        betrayed: where the background has the tint of the class, bool, shape (n,).
        photograph: the background's photograph, an index into PHOTOGRAPHS, int64, shape (n,).
    """

    true_y: np.ndarray | None = None
    betrayed: np.ndarray | None = None
    photograph: np.ndarray | None = None


def _draw(split: str, count: int, seed: int, knobs: Knobs) -> ShapesSplit:
    flawed = split in knobs.flawed
    true = labels(count, len(CLASS_NAMES), knobs.imbalance if flawed else 1.0, Stream(seed, split, "label"))
    u = Stream(seed, split, "flaw").uniform(count, 3)
    given = mistaken(true, len(CLASS_NAMES), knobs.wrong_labels if flawed else 0.0, u[:, :2])
    betrayed = u[:, 2] < (knobs.betrayal if flawed else 0.0)
    size = knobs.size
    x = np.empty((count, size, size, knobs.channels), dtype=np.uint8)
    masks = np.empty((count, size, size), dtype=bool)
    photograph = np.empty(count, dtype=np.int64)
    painter = Painter(knobs, atlas(split, size), seed, split)
    for first in range(0, count, _BATCH):
        part = slice(first, min(first + _BATCH, count))
        batch = painter.paint(true[part], betrayed[part])
        x[part], masks[part], photograph[part] = batch.x, batch.masks, batch.photograph
    return ShapesSplit(x, given, masks, true_y=true, betrayed=betrayed, photograph=photograph)


def load_shapes(
    *, train: int | None = None, validation: int | None = None, test: int | None = None, seed: int = 0, **knobs: Any
) -> Dataset:
    """Draw the shapes data set: the same bytes for the same arguments, on every platform.

    More images continue the sequence: the first 100 of 1,000 are those of train=100. Turning one knob leaves
    everything else in place: the same objects in the same places, with more noise.

    Args:
        train: number of training images; None means 10,000.
        validation: number of validation images; None means 1,000.
        test: number of test images; None means 2,000.
        seed: 0 or more.
        **knobs: size, channels, noise, clutter, rotation, imbalance, wrong_labels, betrayal, flawed: see Knobs.

    Returns:
        A Dataset whose splits are ShapesSplit: x, y, masks, true_y, betrayed, photograph.

    Raises:
        TypeError: an unknown knob.
        ValueError: a number of images, a seed or a knob out of its range.

    Example:
        data = load_shapes(train=1_000, size=64, clutter=6)
    """
    asked = {"train": train, "validation": validation, "test": test}
    counts = amounts(asked, {"train": 10_000, "validation": 1_000, "test": 2_000}, {"seed": seed})
    check_known(knobs, Knobs.__dataclass_fields__)
    chosen = Knobs(**knobs)
    splits = {split: _draw(split, count, int(seed), chosen) for split, count in counts.items()}
    return Dataset(name="shapes", class_names=CLASS_NAMES, card=shapes_card(), **splits)
