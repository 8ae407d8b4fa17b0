"""Makes the data set: three splits from a seed and the knobs."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.datasets.cutouts.deal import Deal, deal
from course_utils.datasets.cutouts.drawing import Knobs, Painter
from course_utils.datasets.cutouts.objects import CLASS_NAMES
from course_utils.datasets.dataset import Dataset
from course_utils.datasets.generated.making import MadeSplit, labelled, painted
from course_utils.datasets.generated.settings import check_known, check_range
from course_utils.datasets.registry import card

__all__ = ["load_cutouts"]

_BATCH = 16  # pictures made at a time


def load_cutouts(*, train: int = 1_200, validation: int = 300, test: int = 600, seed: int = 0, **knobs: Any) -> Dataset:
    """Make the cutouts data set: the same bytes for the same arguments.

    Training, validation and test pictures show different objects over different photographs. More pictures continue
    the sequence: the first 100 of 1,000 are those of train=100. Turning one knob leaves everything else in place.

    Args:
        train, validation, test: numbers of pictures, 0 or more.
        seed: 0 or more; another seed makes other pictures of the same objects.
        **knobs: split_seed, size, objects_per_class, object_size, off_centre, clutter, blur, imbalance, wrong_labels,
            betrayal, flawed: see Knobs.

    Returns:
        A Dataset whose splits are MadeSplit: x, y, masks, objects, true_y, betrayed, photograph.

    Raises:
        TypeError: an unknown knob.
        ValueError: a number of pictures, a seed or a knob out of its range.
        DataError: the folder data/cutouts is missing.

    Example:
        data = load_cutouts(train=48, size=96, objects_per_class=2)
    """
    counts = {"train": train, "validation": validation, "test": test}
    for name, value in {**counts, "seed": seed}.items():
        check_range(name, value, 0, whole=True)
    check_known(knobs, Knobs)
    chosen = Knobs(**knobs)
    dealt = deal(int(chosen.split_seed))
    splits = {split: _made(split, count, int(seed), chosen, dealt) for split, count in counts.items()}
    return Dataset("cutouts", **splits, class_names=CLASS_NAMES, card=card("cutouts"))


def _made(split: str, count: int, seed: int, knobs: Knobs, dealt: Deal) -> MadeSplit:
    true, given, betrayed = labelled(split, count, seed, len(CLASS_NAMES), knobs)
    objects = _chosen(true, dealt.objects[split], knobs.objects_per_class if split == "train" else None)
    painter = Painter(knobs, dealt.photographs[split], seed, split)
    x, masks, photograph = painted(
        count, _BATCH, knobs.size, 3, lambda part: painter.paint(true[part], objects[part], betrayed[part])
    )
    return MadeSplit(x, given, masks, true_y=true, betrayed=betrayed, photograph=photograph, objects=objects)


def _chosen(true: np.ndarray, pools: tuple[tuple[int, ...], ...], most: int | None) -> np.ndarray:
    """Each class goes through its objects in turn: as many pictures of each as of any other, give or take one."""
    objects = np.empty(len(true), dtype=np.int64)
    for label, pool in enumerate(pools):
        where = np.flatnonzero(true == label)
        objects[where] = np.resize(pool[:most], len(where))
    return objects
