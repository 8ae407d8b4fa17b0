"""What lesson 13 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _positions_on_digits(figures: dict[str, Any]) -> np.ndarray:
    """The accuracy on new digits, with positions minus without, one difference a start."""
    found = figures["accuracy"]["digits"]
    return np.subtract(found["with positions"]["as they are"], found["without positions"]["as they are"])


def _onto_the_thing(figures: dict[str, Any]) -> list[float]:
    """The share of attention on the thing, of its own map minus that of another picture's map, one a start."""
    return [start["its own map"] - start["another picture's map"] for start in figures["on the thing"]["trained"]]


CLAIMS = (
    Claim(
        "13.c1",
        "Multi-head attention written here gives the same numbers as Keras.",
        lambda difference: difference,
        at_most=1e-5,
        bounds={"smoke": 1e-5},
    ),
    Claim(
        "13.c2",
        "Without positions, shuffling the patches changes no probability by more than a ten-thousandth.",
        lambda blind_change: blind_change,
        at_most=1e-4,
        bounds={"smoke": 1e-4},
    ),
    Claim(
        "13.c3",
        "On digits, positions bring at least 3 points on each start.",
        _positions_on_digits,
        at_least=0.03,
        record="13_moved",
    ),
    Claim(
        "13.c4",
        "On each start, at least 2 points more of a picture's own map lie on the thing than of another picture's.",
        _onto_the_thing,
        at_least=0.02,
        record="13_moved",
    ),
)
