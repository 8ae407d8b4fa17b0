"""Exercises of lesson 09: a class map by hand, occlusion to be mended, a tie, and what a map lets you conclude."""

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, matching_is, number_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]


def _class_map() -> np.ndarray:
    fur_values = np.array([[2, 0], [4, 2]])
    wheel_values = np.array([[0, 6], [2, 0]])
    cat_map = 3 * fur_values - 1 * wheel_values
    return cat_map  # noqa: RET504


CLASS_MAP = Exercise(
    id="09.1",
    title="a class map by hand",
    stub="""\
fur_values = np.array([[2, 0], [4, 2]])
wheel_values = np.array([[0, 6], [2, 0]])
cat_map = ...""",
    check=array_is(
        np.array([[6, -6], [10, 6]]),
        mistakes=(
            (np.array([[6, 6], [14, 6]]), "The weight of the second map is -1: it speaks against cat."),
            (np.array([[6, 0], [10, 6]]), "That is the map with its negative values set to 0. Keep them here."),
            (np.array([[6, 0], [12, 6]]), "That is the first map alone. Add the second one, times its weight."),
            (np.array([[2, 6], [6, 2]]), "Those are the two maps added. Each is multiplied by its weight first."),
            (np.array([[-2, 18], [2, -2]]), "The weights are swapped: 3 belongs to `fur_values`."),
            (4, "That is the score. The map is what you had before the mean."),
            (16, "That is the sum of the map. The map itself has a value for each place."),
        ),
        otherwise="Place by place: 3 times the value in `fur_values`, minus the value in `wheel_values`.",
    ),
    hints=(
        "Multiply each map by the weight that it has for cat, then add the two, place by place.",
        "Above left: 3 x 2 - 1 x 0 = 6. The other three places in the same way.",
    ),
    solution=computed(_class_map),
    wrong=(
        (np.float64(4.0), "That is the score"),
        (np.array([4, 4]), "shape"),
        (7, "Expected a NumPy array of shape (2, 2). Received: int 7."),
        (np.float64(7.0), "Received: float64 7.0."),
    ),
)


def falls(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    score = (weights * picture).sum()
    squares = len(picture) // side
    fall = np.zeros((squares, squares))
    for row in range(squares):
        for column in range(squares):
            covered = picture.copy()
            covered[row * side : (row + 1) * side, column * side : (column + 1) * side] = 0
            fall[row, column] = score - (weights * covered).sum()
    return fall


def _each_square_by_itself(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    squares = len(picture) // side
    products = np.asarray(weights, dtype=float) * np.asarray(picture, dtype=float)
    return products.reshape(squares, side, squares, side).sum(axis=(1, 3))


def _wrong_sign(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    return -falls(weights, picture, side)


def _stays_covered(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    return np.cumsum(falls(weights, picture, side)).reshape(falls(weights, picture, side).shape)


def _both_faults(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    return -_stays_covered(weights, picture, side)


def _scores_left(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    return (weights * picture).sum() - falls(weights, picture, side)


def _sizes(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    return np.abs(falls(weights, picture, side))


def _copy_once_a_row(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    by_square = falls(weights, picture, side)
    return np.cumsum(by_square, axis=1)


def _copy_once_a_row_wrong_sign(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    return -_copy_once_a_row(weights, picture, side)


def _no_rises(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    return np.maximum(falls(weights, picture, side), 0)


def _only_the_first_row(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    by_square = falls(weights, picture, side)
    by_square[1:] = 0
    return by_square


def _only_the_first_square(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:
    by_square = _only_the_first_row(weights, picture, side)
    by_square[0, 1:] = 0
    return by_square


def _every_pixel(weights: np.ndarray, picture: np.ndarray, side: int) -> np.ndarray:  # noqa: ARG001
    return weights * picture


_WEIGHTS = np.array([[1.0, 2.0, 0.0, -1.0], [0.0, 1.0, 3.0, 0.0], [2.0, 0.0, 1.0, 1.0], [-3.0, 1.0, 0.0, 2.0]])
_PICTURE = np.array([[3.0, 1.0, 5.0, 2.0], [2.0, 2.0, 1.0, 0.0], [1.0, 4.0, 2.0, 6.0], [2.0, 1.0, 0.0, 3.0]])

MEND = Exercise(
    id="09.2",
    title="mend the squares that cover",
    stub="""\
def falls(weights, picture, side):
    ...""",
    check=function_matches(
        falls,
        [
            (_WEIGHTS, _PICTURE, 2),
            (_PICTURE.T, _WEIGHTS + 2, 1),
            (np.arange(36.0).reshape(6, 6) - 9, np.arange(36.0).reshape(6, 6)[::-1].copy() % 7, 3),
        ],
        tolerance=1e-4,
        mistakes=(
            (_both_faults, "Both faults are still there. What happens to `picture` in the second round of the loop?"),
            (
                _stays_covered,
                "The sign is right now. But every square stays covered, so the falls add up: work on a copy.",
            ),
            (_wrong_sign, "Each square is covered alone now. But a fall is the score before minus the score after."),
            (_scores_left, "Those are the scores that are left. A fall is the score before minus the score after."),
            (_sizes, "Keep the sign: where covering raises the score, the fall is negative."),
            (_no_rises, "Keep the negative numbers, too: there covering raises the score."),
            (
                _copy_once_a_row,
                "The copy is made once a row, so within a row the falls add up: make it anew for each square.",
            ),
            (
                _copy_once_a_row_wrong_sign,
                "A fall is the score before minus the score after. And the copy is made once a row: make it anew for "
                "each square.",
            ),
            (_only_the_first_row, "Only the first row is filled: `return` stands inside the loop over the rows."),
            (_only_the_first_square, "Only one square is filled: `return` stands inside the loops."),
            (
                _every_pixel,
                "That is one number for each pixel. A square has `side` times `side` of them, covered at once.",
            ),
        ),
    ),
    hints=(
        "Follow the loop for two rounds. Which squares are covered in the second one?",
        "Cover a `picture.copy()`, made anew in each round. A fall is the score before minus the score after.",
    ),
    solution=written(falls),
    right=(_each_square_by_itself,),
)


def _tie() -> float:
    shares_of_squares = np.array([[0.9, 0.5], [0.1, 0.0]])
    small_heat = np.array([[3, 7], [7, 1]])
    lies_on_object = shares_of_squares[small_heat == 7].mean()  # two squares are strongest, 0.5 and 0.1
    return lies_on_object  # noqa: RET504


TIE = Exercise(
    id="09.3",
    title="two squares are equally strong",
    stub="""\
shares_of_squares = np.array([[0.9, 0.5], [0.1, 0.0]])
small_heat = np.array([[3, 7], [7, 1]])
lies_on_object = ...""",
    check=number_is(
        0.3,
        tolerance=0.0005,
        mistakes={
            0.5: "That is the first of the two. Where two tie, neither counts more: take their mean.",
            0.1: "That is the second of the two. Where two tie, neither counts more: take their mean.",
            0.6: "That is the sum of the two. Take their mean.",
            0.9: "That is the square that lies best on the object. Asked for are those where the map is strongest.",
            0.375: "That is the mean of all four squares: what a square at random gets.",
            30: "Give a fraction from 0 to 1, not per cent.",
            7: "That is the largest value of the map. Asked for is how much of its squares lies on the object.",
        },
    ),
    hints=(
        "Where is `small_heat` largest? Read the numbers at the same places of `shares_of_squares`.",
        "The two sevens stand at 0.5 and at 0.1. Take the mean.",
    ),
    solution=computed(_tie),
    wrong=(("a third", "Expected a number"),),
)


_DROP, _TEST = "drop the map", "test the method"
_OTHER_MAP, _EXPERIMENT = "ask about another name", "change the picture"
_RANDOM = "the map looks the same with random weights"
_WHY = "why tabby and not Egyptian cat?"
_CORNER = "a tested method points at the water behind five ships"
_FINE = "you want to rely on a new method whose maps look reasonable"


_NEXT_STEPS = {
    "the map looks the same with random weights": "drop the map",
    "you want to rely on a new method whose maps look reasonable": "test the method",
    "why tabby and not Egyptian cat?": "ask about another name",
    "a tested method points at the water behind five ships": "change the picture",
}


_ALIKE = "The map does not depend on what was learned, so it says nothing about it. Another look does not mend that."

NEXT = Exercise(
    id="09.4",
    title="what next?",
    **matched("next_steps", _NEXT_STEPS),
    check=matching_is(
        _NEXT_STEPS,
        options=(_DROP, _TEST, _OTHER_MAP, _EXPERIMENT),
        feedback={
            (_RANDOM, _TEST): "That was the test, and it failed.",
            (_RANDOM, _OTHER_MAP): _ALIKE,
            (_RANDOM, _EXPERIMENT): _ALIKE,
            (_FINE, _DROP): "Reasonable is a start. There is a way to find out whether it is more than that.",
            (_FINE, _OTHER_MAP): "That shows one thing more. But is the method to be believed at all?",
            (_FINE, _EXPERIMENT): "Nothing is suspected yet. First find out whether the method is to be believed.",
            (_WHY, _DROP): "Two maps say more than one: compare.",
            (_WHY, _TEST): "The method may be fine. One map cannot answer a question about two names.",
            (_WHY, _EXPERIMENT): "What would you change? First see where the two names differ.",
            (_CORNER, _DROP): "It is a suspicion. How do you find out whether it is right?",
            (_CORNER, _TEST): "The method has been tested. Now the suspicion is about the network.",
            (_CORNER, _OTHER_MAP): "That is another map. What would show that the network needs the water?",
        },
    ),
    hints=(
        "A map that looks the same without learning shows nothing of it. A suspicion needs an experiment.",
        "Maps of two names can be compared; a method is tested where the answer is known.",
    ),
    wrong=(
        (_NEXT_STEPS | {_RANDOM: "shrug"}, "expected one of"),
        ({_RANDOM: _DROP}, "Expected the keys"),
    ),
)


EXERCISES = (CLASS_MAP, MEND, TIE, NEXT)
