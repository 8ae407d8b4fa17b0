"""What lesson 14 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.reviewing import Claim

__all__ = ["CLAIMS"]

USUAL, SWAPPED = "Pillow, Pillow", "OpenCV blue first, Pillow"


def _apart(figures: dict[str, Any]) -> np.ndarray:
    """The largest difference from Keras's loss in twenty steps, for each other program and each start."""
    others = [losses for name, losses in figures["losses"].items() if name != "Keras"]
    return np.abs(np.subtract(others, figures["losses"]["Keras"])).max(axis=2).ravel()


def _furthest(figures: dict[str, Any]) -> list[float]:
    """The largest difference from Keras's logits, for each other program and each start."""
    return [gap for name in ("TensorFlow", "PyTorch", "JAX") for gap in figures["furthest"][name]]


def _lost(figures: dict[str, Any], way: str) -> np.ndarray:
    """The accuracy lost where a picture is read in another way, one figure a deal."""
    found = figures["accuracy"]
    return np.subtract(found[USUAL]["learned with Pillow"], found[way]["learned with Pillow"])


CLAIMS = (
    Claim(
        "14.c1",
        "With equal weights, no logit of the other three programs lies further than 0.0001 from Keras's.",
        _furthest,
        at_most=1e-4,
        record="14_programs",
    ),
    Claim(
        "14.c2",
        "In twenty steps, no loss of the other three programs lies further than 0.001 from Keras's.",
        _apart,
        at_most=1e-3,
        record="14_programs",
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
        "With the channels right, no other reader costs more than 3 points on any deal.",
        lambda figures: [
            lost for way in figures["accuracy"] if way not in (USUAL, SWAPPED) for lost in _lost(figures, way)
        ],
        at_most=0.03,
        record="14_readers",
        note="set after three other deals",
    ),
)
