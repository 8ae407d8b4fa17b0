"""Exercises of lesson 01: counting false alarms, learning a threshold, features, and the sister tasks."""

import numpy as np

from course_utils.exercises.checks import choice_is, function_matches, matching_is, number_is
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
    id="01.5",
    title="which task is it?",
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


def _pair_by_pair(mask: np.ndarray) -> tuple[int, int, int, int]:
    top, left, bottom, right = box_of(mask)
    return top, bottom, left, right


def _mask(height: int, width: int, *places: tuple[int, int]) -> np.ndarray:
    mask = np.zeros((height, width), dtype=bool)
    for row, column in places:
        mask[row, column] = True
    return mask


BOX = Exercise(
    id="01.6",
    title="from a mask to a box",
    stub="""\
def box_of(mask):
    # replace the dots
    ...""",
    check=function_matches(
        box_of,
        # The leftmost pixel is in the middle row, so the first pixel found is no corner of the box.
        [(_mask(5, 8, (1, 4), (2, 2), (2, 6), (3, 3)),), (_mask(4, 7, (2, 5)),), (_mask(6, 3, (0, 1), (5, 1)),)],
        mistakes=(
            (_columns_first, "Rows come first: (top, left, bottom, right)."),
            (_pair_by_pair, "The order is (top, left, bottom, right): one corner, then the other."),
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


# Features: how many HOG gives.


def _feature_count() -> int:
    cells_down, cells_across = 24 // 8, 40 // 8  # 3 and 5
    blocks = (cells_down - 1) * (cells_across - 1)  # a block of 2 by 2 cells starts at 2 x 4 places
    feature_count = blocks * 2 * 2 * 9
    return feature_count  # noqa: RET504


FEATURE_COUNT = Exercise(
    id="01.3",
    title="how many features?",
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
    wrong=((300, "too large"),),
)


# False alarms by hand, a threshold from examples, and a race that is not fair.


def _false_alarms_expected() -> float:
    windows_down = (480 - 25) // 5 + 1  # 92
    windows_across = (640 - 25) // 5 + 1  # 124
    false_alarms_expected = 0.02 * windows_down * windows_across
    return false_alarms_expected  # noqa: RET504


FALSE_ALARMS = Exercise(
    id="01.1",
    title="false alarms",
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


def learn_threshold(values: np.ndarray, is_fruit: np.ndarray, candidates: list[int]) -> int:
    best, most = candidates[0], -1
    for candidate in candidates:
        agree = np.sum((values > candidate) == is_fruit)
        if agree > most:
            best, most = candidate, agree
    return best


def _last_of_the_best(values: np.ndarray, is_fruit: np.ndarray, candidates: list[int]) -> int:
    return learn_threshold(values, is_fruit, candidates[::-1])


def _first(_values: np.ndarray, _is_fruit: np.ndarray, candidates: list[int]) -> int:
    return candidates[0]


def _fewest(values: np.ndarray, is_fruit: np.ndarray, candidates: list[int]) -> int:
    return learn_threshold(values, ~is_fruit, candidates)


def _the_share(values: np.ndarray, is_fruit: np.ndarray, candidates: list[int]) -> float:
    return float(np.mean((values > learn_threshold(values, is_fruit, candidates)) == is_fruit))


def _the_place(values: np.ndarray, is_fruit: np.ndarray, candidates: list[int]) -> int:
    return list(candidates).index(learn_threshold(values, is_fruit, candidates))


def _fruit_only(values: np.ndarray, is_fruit: np.ndarray, candidates: list[int]) -> int:
    """Counts the fruits above the candidate and forgets the birds below it."""
    return candidates[int(np.argmax([np.sum((values > one) & is_fruit) for one in candidates]))]


def _or_equal(values: np.ndarray, is_fruit: np.ndarray, candidates: list[int]) -> int:
    return candidates[int(np.argmax([np.sum((values >= one) == is_fruit) for one in candidates]))]


def _mean_of_all(values: np.ndarray, _is_fruit: np.ndarray, candidates: list[int]) -> int:
    return candidates[int(np.argmin(abs(np.array(candidates) - values.mean())))]


# Chosen so that each of the mistakes gives other answers: ties, a value that is a candidate, candidates in any order.
_THRESHOLD_CASES = (
    (np.array([5, 20, 30, 44, 60]), np.array([False, False, True, True, True]), [0, 10, 20, 25, 40]),
    (np.array([-10, 3, 8, 50, 90]), np.array([False, True, False, True, True]), [40, 0, 20, -20]),
    (np.array([12, 35, 70, 71]), np.array([False, False, False, True]), [10, 30, 50, 70]),
    (np.array([1, 2, 3]), np.array([True, True, True]), [2, 0, -5]),
)

THRESHOLD = Exercise(
    id="01.2",
    title="learn a threshold",
    stub="""\
def learn_threshold(values, is_fruit, candidates):
    # replace the dots
    ...""",
    check=function_matches(
        learn_threshold,
        _THRESHOLD_CASES,
        mistakes=(
            (
                _last_of_the_best,
                "Of equally good candidates the first is wanted. Change the best only for a better one.",
            ),
            (_first, "That is the first candidate each time. Does `return` stand inside the loop?"),
            (_fewest, "That agrees with the fewest examples. The candidate that agrees with the most is wanted."),
            (_the_share, "That is how many agree. The candidate itself is wanted."),
            (_the_place, "That is the place of the candidate in the list. The candidate itself is wanted."),
            (_fruit_only, "Those are the fruits that are found. A bird at or below the candidate is right as well."),
            (_or_equal, "A value that is equal to the candidate is not above it. Compare with `>`."),
            (_mean_of_all, "The mean does not know which are fruits. Count for each candidate how often it is right."),
        ),
    ),
    hints=(
        "For one candidate: `np.mean((values > candidate) == is_fruit)` is the share on which it agrees.",
        "Go through the candidates. Remember the best so far and its share; change both only if a share is larger.",
    ),
    solution=written(learn_threshold),
    wrong=((25, "Expected a function"),),
)


def _unfair() -> str:
    unfair = "b"
    return unfair  # noqa: RET504


UNFAIR = Exercise(
    id="01.4",
    title="find the unfair race",
    stub="unfair = ...",
    check=choice_is(
        "b",
        feedback={
            "a": "That is as it should be: both were asked the same questions.",
            "c": "How many numbers there are belongs to the features. It is no advantage given to one of them.",
            "d": "That is as it should be: both were tested on new objects.",
        },
        form='one of the letters "a" to "d"',
    ),
    hints=(
        "To compare features, everything else has to be equal. What else differs?",
        "If features and classifier change together, nobody can say which of the two made the difference.",
    ),
    solution=computed(_unfair),
    wrong=(("e", "one of the letters"), (2, "one of the letters")),
)


EXERCISES = (FALSE_ALARMS, THRESHOLD, FEATURE_COUNT, UNFAIR, TASK, BOX)
