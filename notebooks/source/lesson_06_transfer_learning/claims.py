"""What lesson 06 claims, with the bounds and how each figure follows from the lesson's variables or its record."""

from typing import Any

import numpy as np

from course_utils.reviewing import Claim

__all__ = ["CLAIMS"]


def _probe_minus_scratch(figures: dict[str, Any]) -> np.ndarray:
    """Probe with the fewest pictures minus from scratch with the most, one figure a deal."""
    ways = figures["accuracy"]
    return np.subtract([row[0] for row in ways["linear probe"]], [row[-1] for row in ways["from scratch"]])


def _flattery(figures: dict[str, Any]) -> list[float]:
    """New pictures of the same two objects minus new objects, one figure a deal."""
    return [deal["2"]["all, new pictures of the same objects"] - deal["2"]["all"] for deal in figures["objects"]]


CLAIMS = (
    Claim(
        "06.c1",
        "From fifty pictures the probe gets at least 45 % of the new ones right; guessing gets 17 %.",
        lambda probe_accuracy: probe_accuracy,
        at_least=0.45,
    ),
    Claim(
        "06.c2",
        "Class means, without any training, get at least 45 % of the new pictures right.",
        lambda means_accuracy: means_accuracy,
        at_least=0.45,
    ),
    Claim(
        "06.c3",
        "Pixels that are scaled twice cost at least 25 points.",
        lambda probe_accuracy, scaled_twice: probe_accuracy - scaled_twice,
        at_least=0.25,
    ),
    Claim(
        "06.c4",
        "On each deal the probe with 5 pictures of each kind is at least 5 points ahead of scratch with 50.",
        _probe_minus_scratch,
        at_least=0.05,
        record="06_few",
    ),
    Claim(
        "06.c5",
        "On each deal new pictures of the same two things flatter the probe by at least 20 points.",
        _flattery,
        at_least=0.20,
        record="06_objects",
    ),
)
