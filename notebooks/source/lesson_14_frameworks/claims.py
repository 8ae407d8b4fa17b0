"""What lesson 14 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]

USUAL, SWAPPED = "Pillow, Pillow", "OpenCV blue first, Pillow"


def _lost(figures: dict[str, Any], way: str) -> np.ndarray:
    """The accuracy lost where a picture is read in another way, one figure a draw."""
    found = figures["accuracy"]
    return np.subtract(found[USUAL]["learned with Pillow"], found[way]["learned with Pillow"])


CLAIMS = (
    Claim(
        "14.c1",
        "With equal weights, no logit of the other three programs lies further than 0.0001 from Keras's.",
        lambda furthest: max(furthest.values()),
        at_most=1e-4,
        bounds={"smoke": 1e-4},
    ),
    Claim(
        "14.c2",
        "In twenty steps, no loss of the other three programs lies further than 0.001 from Keras's.",
        lambda loss_differences, three_starts: max(loss_differences.max(), np.abs(three_starts).max()),
        at_most=1e-3,
        bounds={"smoke": 1e-3},
    ),
    Claim(
        "14.c3",
        "With the dense rows in Keras's order, PyTorch gets at most a quarter of the new pictures right.",
        lambda figures: figures["accuracy"]["careless_dense"],
        at_most=0.25,
        record="14_programs",
    ),
    Claim(
        "14.c4",
        "With the channels right, no other reader costs more than 3 points on any draw.",
        lambda figures: [
            lost for way in figures["accuracy"] if way not in (USUAL, SWAPPED) for lost in _lost(figures, way)
        ],
        at_most=0.03,
        record="14_readers",
        note="set after three other draws; a minus is a gain",
    ),
)
