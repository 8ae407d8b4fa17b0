"""Exercises of lesson 01: tasks, features, and honest measuring."""

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is, number_is, open_question
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Tasks beside classification: naming them, and a box from a mask.

_CARS = "find every car in a street scene and put a box round it"
_CELLS = "measure the area of each cell in a microscope picture"
_PILES = "sort 5,000 unnamed holiday pictures into piles that look alike"
_TASKS = ("classification", "detection", "segmentation", "clustering")


def _task() -> dict[str, str]:
    task = {
        "find every car in a street scene and put a box round it": "detection",
        "measure the area of each cell in a microscope picture": "segmentation",
        "sort 5,000 unnamed holiday pictures into piles that look alike": "clustering",
    }
    return task  # noqa: RET504


TASK = Exercise(
    id="01.1",
    title="which task is it?",
    kind="match",
    prompt="Give each of three uses the task that it needs.",
    stub=f"""\
task = {{
    "{_CARS}": ...,
    "{_CELLS}": ...,
    "{_PILES}": ...,
}}""",
    check=matching_is(
        _task(),
        options=_TASKS,
        feedback={
            (_CARS, "classification"): "One name for the whole scene does not say where the cars are.",
            (_CARS, "segmentation"): "Segmentation gives pixels. Asked for is a box round each car.",
            (_CELLS, "detection"): "A box says where a cell is. Its area needs the pixels that belong to it.",
            (_CELLS, "classification"): "A name says nothing about an area. Which pixels belong to the cell?",
            (_PILES, "classification"): "Classes have names that are known beforehand. Here nobody has named anything.",
        },
    ),
    hints=(
        "Ask what the answer looks like: one name, boxes, pixels, or groups without names.",
        "An area is a number of pixels. A pile without a name is a group.",
    ),
    solution=computed(_task),
    wrong=(
        (_task() | {_CARS: "naming"}, "expected one of"),
        (["detection"], "Expected a dictionary"),
    ),
)


def box_of(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]), int(columns[-1])


def _from_pairs(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(mask)
    return int(rows.min()), int(columns.min()), int(rows.max()), int(columns.max())


def _columns_first(mask: np.ndarray) -> tuple[int, int, int, int]:
    top, left, bottom, right = box_of(mask)
    return left, top, right, bottom


def _one_too_far(mask: np.ndarray) -> tuple[int, int, int, int]:
    top, left, bottom, right = box_of(mask)
    return top, left, bottom + 1, right + 1


def _sizes(mask: np.ndarray) -> tuple[int, int, int, int]:
    top, left, bottom, right = box_of(mask)
    return top, left, bottom - top + 1, right - left + 1


def _first_and_last(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(mask)
    return int(rows[0]), int(columns[0]), int(rows[-1]), int(columns[-1])


def _mask(height: int, width: int, *places: tuple[int, int]) -> np.ndarray:
    mask = np.zeros((height, width), dtype=bool)
    for row, column in places:
        mask[row, column] = True
    return mask


BOX = Exercise(
    id="01.2",
    title="from a mask to a box",
    kind="fill in",
    prompt="Write box_of(mask): the first and last row and column of an object, as (top, left, bottom, right).",
    stub="""\
def box_of(mask):
    ...""",
    check=function_matches(
        box_of,
        # The leftmost pixel is in the middle row, so the first pixel found is no corner of the box.
        [(_mask(5, 8, (1, 4), (2, 2), (2, 6), (3, 3)),), (_mask(4, 7, (2, 5)),), (_mask(6, 3, (0, 1), (5, 1)),)],
        mistakes=(
            (_columns_first, "Rows come first: (top, left, bottom, right)."),
            (_one_too_far, "The last row and column are to be those that hold a True, not the ones behind them."),
            (_sizes, "The last two numbers are height and width. Asked for are the last row and the last column."),
            (_first_and_last, "Those are the first and the last pixel found. Others may lie further left or right."),
        ),
    ),
    hints=(
        "`mask.any(axis=1)` says for each row whether it holds a True.",
        "`np.flatnonzero` gives the numbers of those rows. Take the first and the last; do the same for the columns.",
    ),
    solution=written(box_of),
    right=(_from_pairs,),
    wrong=(((1, 2, 3, 6), "Expected a function"),),
)


# Features: how many HOG gives, and the nearest neighbour on raw pixels.


def _feature_count() -> int:
    cells_down, cells_across = 24 // 8, 40 // 8  # 3 and 5
    blocks = (cells_down - 1) * (cells_across - 1)  # a block of 2 by 2 cells starts at 2 x 4 places
    feature_count = blocks * 2 * 2 * 9
    return feature_count  # noqa: RET504


FEATURE_COUNT = Exercise(
    id="01.3",
    title="how many features?",
    kind="compute by hand",
    prompt="Compute how many numbers HOG gives for a grey picture of 24 by 40 pixels.",
    stub="feature_count = ...",
    check=number_is(
        288,
        mistakes={
            135: "That is 9 directions in each of 15 cells. Blocks overlap, so most cells are counted more than once.",
            540: "That is a block for each of 15 cells. A block needs a neighbour below and to the right.",
            72: "That is 9 for each of 8 blocks, where a block holds the histograms of 2 by 2 cells; or 36 for each "
            "of 2 blocks side by side, where a block may begin at every cell.",
            960: "Those are the pixels. HOG counts edges in cells of 8 by 8 pixels.",
            8: "That is the number of blocks. Each gives 2 x 2 x 9 numbers.",
            72.0 * 2: "A block holds 2 by 2 cells, so four histograms, not two.",
        },
    ),
    hints=(
        "How many cells of 8 by 8 fit: how many rows of cells, how many columns?",
        "3 by 5 cells. A block of 2 by 2 cells can start at 2 rows and 4 columns of cells.",
        "8 blocks, each with 4 cells of 9 directions.",
    ),
    solution=computed(_feature_count),
    right=(288.0, np.int64(288)),
    wrong=((300, "too large"),),
)


def nearest_label(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    differences = images.astype("float64") - picture
    distances = (differences**2).sum(axis=(1, 2))
    return int(labels[distances.argmin()])


def _in_a_loop(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    distances = [np.sum((image.astype(int) - picture.astype(int)) ** 2) for image in images]
    return int(labels[int(np.argmin(distances))])


def _in_bytes(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[((images - picture) ** 2).sum(axis=(1, 2)).argmin()])


def _in_signed_bytes(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return nearest_label(images.astype("int8"), labels, picture.astype("int8"))


def _signed(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[(images.astype(float) - picture).sum(axis=(1, 2)).argmin()])


def _farthest(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[((images.astype(float) - picture) ** 2).sum(axis=(1, 2)).argmax()])


def _index(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:  # noqa: ARG001
    return int(((images.astype(float) - picture) ** 2).sum(axis=(1, 2)).argmin())


def _in_one_sum(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[((images.astype(float) - picture) ** 2).sum().argmin()])


def _absolute(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[np.abs(images.astype(float) - picture).sum(axis=(1, 2)).argmin()])


# Chosen so that the three answers differ, and so that each of the mistakes below gives other ones.
_KNOWN = np.array(
    [
        [[140, 230, 120], [10, 140, 170]],
        [[20, 120, 90], [170, 180, 10]],
        [[40, 10, 190], [40, 230, 250]],
        [[150, 70, 70], [150, 210, 250]],
    ],
    dtype="uint8",
)
_LABELS = np.array([7, 3, 5, 9])
_CASES = (
    (_KNOWN, _LABELS, np.array([[10, 180, 20], [50, 60, 110]], dtype="uint8")),
    (_KNOWN[::-1], np.array([4, 8, 2, 6]), np.array([[160, 20, 140], [70, 0, 70]], dtype="uint8")),
    (_KNOWN[1:], np.array([1, 6, 0]), np.array([[120, 0, 180], [210, 240, 230]], dtype="uint8")),
)

NEAREST = Exercise(
    id="01.4",
    title="write the nearest neighbour",
    kind="fill in",
    prompt="Write nearest_label(images, labels, picture): the label of the image with the smallest squared distance.",
    stub="""\
def nearest_label(images, labels, picture):
    ...""",
    check=function_matches(
        nearest_label,
        _CASES,
        mistakes=(
            (_in_bytes, "In uint8 differences and squares wrap around at 256. Turn the images into floats first."),
            (_in_signed_bytes, "int8 ends at 127, and pixels go on to 255. Turn the images into floats first."),
            (_signed, "Differences of both signs cancel. Square each of them before you add."),
            (_farthest, "That is the label of the image farthest away."),
            (_index, "That is the position of the nearest image. Its label stands there in `labels`."),
            (_in_one_sum, "One sum over everything has no nearest image. Add over the last two axes, `axis=(1, 2)`."),
            (_absolute, "Those are absolute differences. Asked for are squares, in which one large one counts more."),
        ),
    ),
    hints=(
        "`images - picture` works for all images at once, since the last two axes agree. Mind the type.",
        "`images.astype(float)` first. Then square, and add over the last two axes: `.sum(axis=(1, 2))`.",
        "`argmin` gives the position of the smallest distance; `labels` at that position is the answer.",
    ),
    solution=written(nearest_label),
    right=(_in_a_loop,),
    wrong=((7, "Expected a function"),),
)


# What a figure means outside the test set, and how a comparison is planned.


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
    wrong=((100, "too small"),),
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


EXERCISES = (TASK, BOX, FEATURE_COUNT, NEAREST, FALSE_ALARMS, PLAN)
