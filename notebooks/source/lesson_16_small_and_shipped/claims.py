"""What lesson 16 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _points_lost(figures: dict[str, Any]) -> list[float]:
    """How many points int8 loses on the same new photographs, one a start and task; below zero where it gains."""
    return [lost[0] for task in figures.values() for lost in task["lost"]]


CLAIMS = (
    Claim(
        "16.c1",
        "The int8 file has at most 0.3 of the size of the float32 file.",
        lambda sizes: sizes["int8"] / sizes["float32"],
        at_most=0.3,
        bounds={"smoke": 0.3},
    ),
    Claim(
        "16.c2",
        "Of the same new photographs, int8 gets at most 2 points fewer right, flowers and cutouts, on each start.",
        _points_lost,
        at_most=2.0,
        record="16_int8",
    ),
    Claim(
        "16.c3",
        "The service refuses each kind of rubbish with a status of 400 or 413, and answers a picture afterwards.",
        lambda refused, answered_after: float(refused and answered_after),
        at_least=1,
        bounds={"smoke": 1},
    ),
)
