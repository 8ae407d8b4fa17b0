"""What a figure means outside the test set, and how a comparison is planned."""

from course_utils.exercises.checks import number_is, open_question
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["FALSE_ALARMS", "PLAN"]


def _false_alarms_expected() -> float:
    windows_down = (480 - 25) // 5 + 1  # 92
    windows_across = (640 - 25) // 5 + 1  # 124
    false_alarms_expected = 0.02 * windows_down * windows_across
    return false_alarms_expected  # noqa: RET504


FALSE_ALARMS = Exercise(
    id="01.5",
    title="false alarms",
    kind="compute by hand",
    prompt="Compute how many false alarms to expect in a picture of 480 by 640 pixels.",
    stub="false_alarms_expected = ...",
    check=number_is(
        228.16,
        tolerance=0.5,
        mistakes={
            223.86: "One window is missing each way: the one at the very beginning counts as well.",
            245.76: "Windows at the edge do not fit: the last one begins 25 pixels before the end.",
            11408: "That is the number of windows. 2 % of them are false alarms.",
            0.02: "That is the share of one window. How many windows are asked?",
            9.5: "Those windows lie side by side. They begin at every fifth row and column, so they overlap.",
            5617.92: "Those windows begin at every row and column. They are to begin at every fifth.",
            11179.84: "Those are the windows that are right. Asked for are the false alarms.",
        },
    ),
    hints=(
        "In how many rows can a window of 25 begin, if the picture has 480 rows and it moves by 5?",
        "(480 - 25) // 5 + 1 = 92 rows. The same for the columns; then 2 % of the product.",
    ),
    solution=computed(_false_alarms_expected),
    right=(228, 228.16, 0.02 * 92 * 124),
    wrong=(
        (223.86, "One window is missing"),
        (245.76, "do not fit"),
        (11408, "number of windows"),
        (0.02, "one window"),
        (9.5, "side by side"),
        (5617.92, "at every fifth"),
        (100, "too small"),
    ),
)


def _plan() -> str:
    plan = (
        "I take many photographs and few patches of each: 200 photographs of each material, by several people with "
        "several cameras in different light, one patch of each photograph. I split by photograph, better by person, so "
        "that nothing of a test photograph is seen in training, and keep a validation set for my choices. "
        "The figure will not show how the classifier does on materials that are none of the three, nor on "
        "places and cameras unlike those that I collected."
    )
    return plan  # noqa: RET504


PLAN = Exercise(
    id="01.6",
    title="plan a collection",
    kind="open",
    prompt="Plan 600 patches of brick, grass and gravel: how many photographs, how to split, what stays unknown.",
    stub="plan = ...",
    check=open_question(_plan()),
    hints=(
        "What counts as an independent example: a patch or a photograph?",
        "Who takes the photographs that the program will see later? Does your test set look like those?",
    ),
    solution=computed(_plan),
    right=(
        "I take 600 photographs, one patch each, split by photograph; unseen places and cameras remain unknown to me.",
    ),
    wrong=(
        ("", "The text is empty"),
        ("Many photographs.", "at least 12 words"),
        (600, "Expected a text"),
    ),
)
