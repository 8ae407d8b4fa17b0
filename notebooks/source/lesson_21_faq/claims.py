"""What lesson 21 claims, with the bounds and how each figure follows from the records."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _look_well(figures: dict[str, Any]) -> list[int]:
    """How many of the broken programs get 80 % or more of their own training pictures right, one figure a start."""
    runs = [found for name, found in figures.items() if name != "works"]
    return [sum(run["training"][-1] >= 0.8 for run in one_start) for one_start in zip(*runs, strict=True)]


def _best(figures: dict[str, Any]) -> dict[str, float]:
    """Each optimiser's mean accuracy at its best rate."""
    return {name: np.mean(found["whole"], axis=0).max() for name, found in figures["optimisers"].items()}


def _borrowed_rate(figures: dict[str, Any]) -> list[float]:
    """What Adam loses at the rate that is best for SGD, one figure a start."""
    own = {name: np.array(found["whole"]) for name, found in figures["optimisers"].items()}
    best = {name: rows.mean(axis=0).argmax() for name, rows in own.items()}
    return (own["Adam"][:, best["Adam"]] - own["Adam"][:, best["SGD"]]).tolist()


CLAIMS = (
    Claim(
        "21.c1",
        "On each start, at least three of the eight broken programs get 80 % of their training pictures right.",
        _look_well,
        at_least=3,
        record="21_programs",
    ),
    Claim(
        "21.c2",
        "Each at its best rate, the three optimisers end within 6 points of each other.",
        lambda figures: max(_best(figures).values()) - min(_best(figures).values()),
        at_most=0.06,
        record="21_rates",
    ),
    Claim(
        "21.c3",
        "At the best rate of SGD, Adam loses at least 20 points on each start.",
        _borrowed_rate,
        at_least=0.2,
        record="21_rates",
    ),
    Claim(
        "21.c4",
        "The best and the worst of twelve runs of one program lie at least 4 points apart.",
        lambda figures: max(figures["start and order"]) - min(figures["start and order"]),
        at_least=0.04,
        record="21_spread",
    ),
)
