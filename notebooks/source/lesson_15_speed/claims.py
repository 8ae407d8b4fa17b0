"""What lesson 15 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _times_sooner(figures: dict[str, Any], target: str, slow: str, quick: str) -> list[float]:
    """How many times sooner one rung is at the target than another, one a start; never counts as all its seconds."""

    def seconds(name: str) -> list[float]:
        arrived = zip(figures["seconds to"][target][name], figures["runs"][name], strict=True)
        return [run[-1][1] if found is None else found for found, run in arrived]

    return [late / early for late, early in zip(seconds(slow), seconds(quick), strict=True)]


CLAIMS = (
    Claim(
        "15.c1",
        "After six seconds, compiling included, the fast network gets at least 85 % of new pictures right.",
        lambda fast_accuracy: fast_accuracy,
        at_least=0.85,
        about_time=True,
    ),
    Claim(
        "15.c2",
        "Pictures that were kept give the same losses as pictures read anew.",
        lambda pipeline_losses: max(
            abs(a - b) for a, b in zip(pipeline_losses["plain"], pipeline_losses["kept"], strict=True)
        ),
        at_most=1e-4,
        bounds={"smoke": 1e-4},
    ),
    Claim(
        "15.c3",
        "Eager, graph and XLA compute the same loss from the same weights.",
        lambda loss_apart: loss_apart,
        at_most=1e-3,
        bounds={"smoke": 1e-3},
    ),
    Claim(
        "15.c4",
        "With Muon, 80 % of the shapes are reached at least 1.5 times sooner than with Adam, on each start.",
        lambda figures: _times_sooner(figures, "0.8", "schedule", "Muon"),
        at_least=1.5,
        record="15_ladder",
        unit="times",
        note="The first of the three starts was seen before the bound was set, the others were not.",
    ),
    Claim(
        "15.c5",
        "The whole ladder reaches 90 % of the shapes in a fifth of the time that program C had, on each start.",
        lambda figures: _times_sooner(figures, "0.9", "program C", "the rest"),
        at_least=5,
        record="15_ladder",
        unit="times",
        note="The first of the three starts was seen before the bound was set, the others were not.",
    ),
)
