"""What lesson 12 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _last_minus_first(middle: dict[str, Any]) -> np.ndarray:
    """The accuracy of the simple cell on new pictures, one difference a start."""
    return np.subtract(middle["simple"]["middle last"], middle["simple"]["middle first"])


def _keeping_minus_usual(margin: dict[str, Any]) -> np.ndarray:
    """The accuracy on new pictures, one difference a start."""
    return np.subtract(margin["GRU, set to keep"]["new"], margin["GRU"]["new"])


def _kept_after_the_shape(by_shape: dict[str, list[float]]) -> np.ndarray:
    """How many more of the gates keep nearly all where the shape is over, as a share, one figure a line."""
    return np.subtract(by_shape["shape is over"], by_shape["shape goes on"])


CLAIMS = (
    Claim(
        "12.c1",
        "Against the last line, the first counts at least 100 times as much in the trained GRU as in a new one.",
        lambda at_start, reader_slopes: reader_slopes["trained"][0] / at_start["GRU"][0],
        at_least=100,
    ),
    Claim(
        "12.c2",
        "The simple cell gets at least 15 points more right when the middle comes last than when it comes first.",
        _last_minus_first,
        at_least=0.15,
        record="12_middle",
    ),
    Claim(
        "12.c3",
        "Against the last line, the first counts at least ten times less in a new GRU than in a new simple cell.",
        lambda at_start: at_start["GRU"][0] / at_start["simple"][0],
        at_most=0.1,
        bounds={"smoke": 0.1},
    ),
    Claim(
        "12.c4",
        "With 32 empty lines below, being set to keep brings the GRU at least 25 points on each start.",
        _keeping_minus_usual,
        at_least=0.25,
        record="12_margin",
    ),
    Claim(
        "12.c5",
        "At each line from 22 to 28, 2 in 100 more gates are over 0.9 where the shape is over than where it goes on.",
        _kept_after_the_shape,
        at_least=0.02,
        note="set before this run, after four other networks: their smallest difference was 5 in 100",
    ),
)
