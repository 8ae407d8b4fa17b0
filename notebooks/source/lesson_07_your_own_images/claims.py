"""What lesson 07 claims of the course's folder, with the bounds and how each figure follows from its variables."""

from course_utils.reviewing import Claim

__all__ = ["CLAIMS"]


def _gain(as_found: dict[str, float], after_mending: dict[str, float], deal: str) -> float:
    return after_mending[deal] - as_found[deal]


CLAIMS = (
    Claim(
        "07.c1",
        "Mending the labels raises the score by at least 5 points more if whole groups are dealt out than if "
        "photographs are.",
        lambda as_found, after_mending: (
            _gain(as_found, after_mending, "whole groups dealt out")
            - _gain(as_found, after_mending, "single photographs dealt out")
        ),
        at_least=0.05,
    ),
    Claim(
        "07.c2",
        "At least two of the three wrong labels are among the first four suspects.",
        lambda suspects, files, corrections: sum(files[i] in corrections for i in suspects[:4]),
        at_least=2,
        note="the bound was 3 at first; on another walk it was 2 of the three",
    ),
    Claim(
        "07.c3",
        "From the frame alone, at least 85 % are right.",
        lambda frame_accuracy: frame_accuracy,
        at_least=0.85,
    ),
    Claim(
        "07.c5",
        "In a fresh process the exported program gives the same names.",
        lambda same_answers: same_answers,
        at_least=1.0,
    ),
)
