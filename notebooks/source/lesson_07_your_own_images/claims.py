"""What lesson 07 claims of the course's folder, with the bounds and how each figure follows from its variables."""

from course_utils.reviewing import Claim

__all__ = ["CLAIMS"]


CLAIMS = (
    Claim(
        "07.c1",
        "Dealing out photographs instead of whole groups makes the accuracy look at least 10 points better.",
        lambda dealt: dealt["photographs"] - dealt["whole groups"],
        at_least=0.10,
    ),
    Claim(
        "07.c2",
        "At least two of the three wrong labels are among the first four suspects.",
        lambda suspects, files, corrections: sum(files[i] in corrections for i in suspects[:4]),
        at_least=2,
        note="the bound was 3 until one of three fresh walks put one of them further down",
    ),
    Claim(
        "07.c3",
        "From the frame alone, at least 85 % are right.",
        lambda frame_accuracy: frame_accuracy,
        at_least=0.85,
    ),
    Claim(
        "07.c4",
        "Elsewhere the model gets at least 15 points less than in its own folder.",
        lambda mended_accuracy, outside: mended_accuracy - outside,
        at_least=0.15,
    ),
    Claim(
        "07.c5",
        "In a fresh process the exported program gives the same names.",
        lambda same_answers: same_answers,
        at_least=1.0,
    ),
)
