"""Tasks beside classification: naming them, and a box from a mask."""

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["BOX", "TASK"]

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
        (_task() | {_CARS: "classification"}, "where the cars are"),
        (_task() | {_CELLS: "detection"}, "needs the pixels"),
        (_task() | {_PILES: "classification"}, "nobody has named"),
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
    wrong=(
        (_columns_first, "Rows come first"),
        (_one_too_far, "not the ones behind"),
        (_sizes, "height and width"),
        (_first_and_last, "first and the last pixel"),
        ((1, 2, 3, 6), "Expected a function"),
    ),
)
