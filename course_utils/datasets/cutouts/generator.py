"""Makes the data set: three splits from a seed and the knobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.datasets.cutouts.card import cutouts_card
from course_utils.datasets.cutouts.deal import Deal, deal
from course_utils.datasets.cutouts.drawing import Painter
from course_utils.datasets.cutouts.knobs import Knobs
from course_utils.datasets.cutouts.objects import CLASS_NAMES
from course_utils.datasets.dataset import Dataset, Split
from course_utils.datasets.generated.chance import Stream
from course_utils.datasets.generated.labels import labels, mistaken
from course_utils.datasets.generated.settings import amounts, check_known

__all__ = ["CutoutsSplit", "load_cutouts"]

_BATCH = 16  # pictures made at a time: they fit into a processor's cache


@dataclass(frozen=True, eq=False, repr=False)
class CutoutsSplit(Split):
    """Pictures of objects, with what only a generator knows.

    Attributes:
        objects: which object is to be seen, its place in `cutouts.all_cutouts()`, int64, shape (n,).
        true_y: the labels before any were made wrong, int64, shape (n,).
        betrayed: where the background has the tint of the class, bool, shape (n,).
        photograph: the background's photograph, an index into PHOTOGRAPHS, int64, shape (n,).
    """

    objects: np.ndarray | None = None
    true_y: np.ndarray | None = None
    betrayed: np.ndarray | None = None
    photograph: np.ndarray | None = None


def _chosen(true: np.ndarray, pools: tuple[tuple[int, ...], ...], most: int | None) -> np.ndarray:
    """Each class goes through its objects in turn: as many pictures of each as of any other, give or take one."""
    objects = np.empty(len(true), dtype=np.int64)
    for label, pool in enumerate(pools):
        where = np.flatnonzero(true == label)
        objects[where] = np.resize(pool[:most], len(where))
    return objects


def _make(split: str, count: int, seed: int, knobs: Knobs, dealt: Deal) -> CutoutsSplit:
    flawed = split in knobs.flawed
    classes = len(CLASS_NAMES)
    true = labels(count, classes, knobs.imbalance if flawed else 1.0, Stream(seed, split, "label"))
    u = Stream(seed, split, "flaw").uniform(count, 3)
    given = mistaken(true, classes, knobs.wrong_labels if flawed else 0.0, u[:, :2])
    betrayed = u[:, 2] < (knobs.betrayal if flawed else 0.0)
    objects = _chosen(true, dealt.objects[split], knobs.objects_per_class if split == "train" else None)
    x = np.empty((count, knobs.size, knobs.size, 3), dtype=np.uint8)
    masks = np.empty((count, knobs.size, knobs.size), dtype=bool)
    photograph = np.empty(count, dtype=np.int64)
    painter = Painter(knobs, dealt.photographs[split], seed, split)
    for first in range(0, count, _BATCH):
        part = slice(first, min(first + _BATCH, count))
        batch = painter.paint(true[part], objects[part], betrayed[part])
        x[part], masks[part], photograph[part] = batch.x, batch.masks, batch.photograph
    return CutoutsSplit(x, given, masks, objects=objects, true_y=true, betrayed=betrayed, photograph=photograph)


def load_cutouts(
    *, train: int | None = None, validation: int | None = None, test: int | None = None, seed: int = 0, **knobs: Any
) -> Dataset:
    """Make the cutouts data set: the same bytes for the same arguments.

    Training, validation and test pictures show different objects over different photographs. More pictures continue
    the sequence: the first 100 of 1,000 are those of train=100. Turning one knob leaves everything else in place.

    Args:
        train: number of training pictures; None means 1,200.
        validation: number of validation pictures; None means 300.
        test: number of test pictures; None means 600.
        seed: 0 or more; another seed makes other pictures of the same objects.
        **knobs: split_seed, size, objects_per_class, object_size, off_centre, clutter, blur, imbalance, wrong_labels,
            betrayal, flawed: see Knobs.

    Returns:
        A Dataset whose splits are CutoutsSplit: x, y, masks, objects, true_y, betrayed, photograph.

    Raises:
        TypeError: an unknown knob.
        ValueError: a number of pictures, a seed or a knob out of its range.
        DataError: the folder data/cutouts is missing.

    Example:
        data = load_cutouts(train=48, size=96, objects_per_class=2)
    """
    asked = {"train": train, "validation": validation, "test": test}
    defaults = {"train": 1_200, "validation": 300, "test": 600}
    counts = amounts(asked, defaults, {"seed": seed})
    check_known(knobs, Knobs.__dataclass_fields__)
    chosen = Knobs(**knobs)
    dealt = deal(int(chosen.split_seed))
    splits = {split: _make(split, count, int(seed), chosen, dealt) for split, count in counts.items()}
    return Dataset(name="cutouts", class_names=CLASS_NAMES, card=cutouts_card(), **splits)
