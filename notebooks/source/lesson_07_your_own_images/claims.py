"""What lesson 07 claims of the course's folder, with the bounds and how each figure follows from its variables."""

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _gain(as_found: dict[str, float], after_mending: dict[str, float], shots: str) -> float:
    return after_mending[shots] - as_found[shots]


CLAIMS = (
    Claim(
        "07.c1",
        "Mending the labels raises the score by at least 5 points more if the shots of a thing are kept together than "
        "if they are torn apart.",
        lambda as_found, after_mending: (
            _gain(as_found, after_mending, "shots kept together") - _gain(as_found, after_mending, "shots torn apart")
        ),
        at_least=0.05,
    ),
    Claim(
        "07.c2",
        "At least two of the three things in a wrong subfolder are among the first four suspects.",
        lambda suspects, files, corrections: sum(files[i] in corrections for i in suspects[:4]),
        at_least=2,
        note="at first all three were asked for; then another draw of the walk gave two, and the bound was lowered",
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
