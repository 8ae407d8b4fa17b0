"""What lesson 18 claims, with the bounds and how each figure follows from the recorded figures."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _ahead_of_random(figures: dict[str, Any], rule: str, place: int) -> float:
    """Points that a rule is ahead of random on flowers, on average over the deals, after this round."""
    rows = {name: np.array(figures["flowers"]["accuracy"][name]) for name in (rule, "random")}
    return float(100 * (rows[rule] - rows["random"])[:, place].mean())


def _better_than_untrained(figures: dict[str, Any], kind: str) -> list[float]:
    """Points of an encoder's probe over the untrained one's with the most labels, one a start."""
    rows = {name: np.array(figures["encoders"][name]["probe"])[:, -1] for name in (kind, "untrained")}
    return [round(100 * float(value), 1) for value in rows[kind] - rows["untrained"]]


CLAIMS = (
    Claim(
        "18.c1",
        "Flowers: twelve labels, one of each group, are at least 10 points better than twelve at random.",
        lambda figures: _ahead_of_random(figures, "groups", 0),
        at_least=10,
        unit="points",
        record="18_rounds",
    ),
    Claim(
        "18.c2",
        "Flowers: groups, then margin is at least 3 points ahead of random with 72 labels.",
        lambda figures: _ahead_of_random(figures, "groups, then margin", 5),
        at_least=3,
        unit="points",
        record="18_rounds",
    ),
    Claim(
        "18.c3",
        "Flowers: with 36 labels, entropy is not ahead of random.",
        lambda figures: _ahead_of_random(figures, "entropy", 2),
        at_most=0,
        unit="points",
        record="18_rounds",
    ),
    Claim(
        "18.c4",
        "Shapes: views in other colours are at least 10 points better than an untrained network, on each start.",
        lambda figures: _better_than_untrained(figures, "crops and colour"),
        at_least=10,
        unit="points",
        record="18_colour",
    ),
    Claim(
        "18.c5",
        "Shapes: crops alone are no better than an untrained network, on each start.",
        lambda figures: _better_than_untrained(figures, "crops"),
        at_most=0,
        unit="points",
        record="18_colour",
    ),
)
