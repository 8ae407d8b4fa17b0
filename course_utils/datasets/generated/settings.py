"""Checks of what a caller asks for: each error says the rule and what arrived, in one line."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from course_utils.datasets.generated.chance import SPLITS

__all__ = ["Flaws", "check_known", "check_range"]


def check_range(name: str, value: Any, low: float, high: float = math.inf, *, whole: bool = False) -> None:
    """Refuse what is no number from low to high.

    Raises:
        ValueError: the value is no number, out of the range, or not whole where it has to be.
    """
    kinds = (int, np.integer) if whole else (int, float, np.number)
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        most = "or more" if high == math.inf else f"to {high}"
        raise ValueError(f"Expected {name} to be {kind}, {low} {most}. Received: {value!r}.")


def check_known(asked: dict[str, Any], known: type) -> None:
    """Refuse a knob that the class does not have.

    Raises:
        TypeError: a name of `asked` is not among the class's.
    """
    names = [field.name for field in fields(known)]
    if unknown := sorted(asked.keys() - set(names)):
        raise TypeError(f"Expected knobs among {', '.join(names)}. Received: {', '.join(unknown)}.")


@dataclass(frozen=True)
class Flaws:
    """What can be wrong with pictures that are made, and the checks of all their knobs.

    Attributes:
        imbalance: how many times more images the most frequent class (the first) has than the rarest (the last), 1
            to 1000; the others lie between in equal ratios.
        wrong_labels: fraction of images with a label drawn from the wrong ones, 0 to 1.
        betrayal: fraction of images whose background has the tint of their class, 0 to 1.
        flawed: the splits to which imbalance, wrong_labels and betrayal apply; the others stay clean.
    """

    imbalance: float = 1.0
    wrong_labels: float = 0.0
    betrayal: float = 0.0
    flawed: tuple[str, ...] = ("train",)

    # The least and the most of each; one whose default is a whole number takes whole numbers only.
    limits: ClassVar[dict[str, tuple[float, float]]] = {}

    def __post_init__(self) -> None:
        limits = {"imbalance": (1, 1000), "wrong_labels": (0, 1), "betrayal": (0, 1)} | self.limits
        for name, (low, high) in limits.items():
            whole = isinstance(type(self).__dataclass_fields__[name].default, int)
            check_range(name, getattr(self, name), low, high, whole=whole)
        if not isinstance(self.flawed, tuple | list) or any(name not in SPLITS for name in self.flawed):
            raise ValueError(f"Expected flawed to be a tuple of names from {SPLITS}. Received: {self.flawed!r}.")
