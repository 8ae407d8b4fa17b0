"""What lesson 06 claims, with the bounds and how each figure follows from the lesson's variables or its record."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _flattery(figures: dict[str, Any]) -> np.ndarray:
    """New pictures of the same two things minus new things, one figure a deal."""
    return np.subtract(figures["two_things_same"], figures["two_things_new"])


def _from_one_to_five(figures: dict[str, Any]) -> list[float]:
    """What the probe at 96 pixels gains from one photograph of each kind to five, one figure a draw."""
    one, five = figures["amounts"].index(1), figures["amounts"].index(5)
    return [row[five] - row[one] for row in figures["probe_96"]]


CLAIMS = (
    Claim(
        "06.c2",
        "Pixels that are scaled twice leave at most 30 % of the validation pictures right.",
        lambda scaled_twice: scaled_twice,
        at_most=0.30,
    ),
    Claim(
        "06.c3",
        "Of the validation pictures the probe gets at least 5 points more right than the network from scratch.",
        lambda probe_accuracy, scratch_accuracy: probe_accuracy - scratch_accuracy,
        at_least=0.05,
    ),
    Claim(
        "06.c4",
        "On each deal new pictures of the same two things flatter the probe by at least 25 points.",
        _flattery,
        at_least=0.25,
        record="06_objects",
    ),
    Claim(
        "06.c5",
        "From one photograph of each kind of flower to five the probe gains at least 25 points, in each draw.",
        _from_one_to_five,
        at_least=0.25,
        record="06_flowers",
    ),
)
