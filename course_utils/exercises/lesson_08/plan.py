"""An open exercise: which of the lesson's tools to use, and in which order."""

from course_utils.exercises.checks import open_question
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["PLAN"]


def _plan() -> str:
    plan = (
        "First a baseline: a linear layer on features of a network that was trained elsewhere, since 150 photographs "
        "are too few to train from nothing. Measure it on photographs of other days, which are held back. Then "
        "fine-tuning, if validation says that it pays. Then int8 with some of the training photographs as the "
        "representative data, and size, time and accuracy measured again, on the telephone itself. Pruning only if "
        "the file is still too large. More machines are of no use here: the training takes minutes."
    )
    return plan  # noqa: RET504


PLAN = Exercise(
    id="08.5",
    title="a plan for a telephone",
    kind="open",
    prompt="150 labelled photographs, a telephone, a limit of 300 KB: what first, what next, what not at all?",
    stub="plan = ...",
    check=open_question(_plan()),
    hints=(
        "Which part of the lesson was about few images, which about the size of the file? Which did neither?",
        "Say also what you would measure after each step, and on which photographs.",
    ),
    solution=computed(_plan),
    right=("Features from a pretrained network and a linear head, then int8, measured on held-out photographs.",),
    wrong=(
        ("", "The text is empty"),
        ("Use int8.", "at least 12 words"),
        (300, "Expected a text"),
    ),
)
