"""Checks of what a caller asks for: each error says the rule and what arrived, in one line."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from course_utils.datasets.generated.chance import SPLITS

__all__ = ["amounts", "check_flawed", "check_known", "check_range", "check_whole"]


def amounts(asked: dict[str, int | None], defaults: dict[str, int], seeds: dict[str, int]) -> dict[str, int]:
    """How many pictures each split gets.

    Args:
        asked: split -> number of pictures, or None for its default.
        defaults: split -> number of pictures.
        seeds: name -> seed, checked together with the amounts.

    Raises:
        ValueError: an amount or a seed is not a whole number of 0 or more.
    """
    counts = {split: defaults[split] if asked[split] is None else asked[split] for split in SPLITS}
    for name, value in {**counts, **seeds}.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
            raise ValueError(f"Expected {name} to be a whole number, 0 or more. Received: {value!r}.")
    return {split: int(count) for split, count in counts.items()}


def check_known(asked: Collection[str], known: Collection[str]) -> None:
    """Refuse a knob that there is not.

    Raises:
        TypeError: a name of `asked` is not among the known.
    """
    if unknown := sorted(set(asked) - set(known)):
        raise TypeError(f"Expected knobs among {', '.join(known)}. Received: {', '.join(unknown)}.")


def check_range(name: str, value: Any, low: float, high: float) -> None:
    """Refuse what is no number from low to high.

    Raises:
        ValueError: the value is no number or out of the range.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low <= value <= high:
        raise ValueError(f"Expected {name} from {low} to {high}. Received: {value!r}.")


def check_whole(name: str, value: Any) -> None:
    """Refuse a number with a fraction.

    Raises:
        ValueError: the value is no integer.
    """
    if not isinstance(value, int | np.integer):
        raise ValueError(f"Expected a whole number as {name}. Received: {value!r}.")


def check_flawed(value: Any) -> None:
    """Refuse what is not a tuple of names of splits.

    Raises:
        ValueError: neither a tuple nor a list, or it holds a name of no split.
    """
    if not isinstance(value, tuple | list) or any(name not in SPLITS for name in value):
        raise ValueError(f"Expected flawed to be a tuple of names from {SPLITS}. Received: {value!r}.")
