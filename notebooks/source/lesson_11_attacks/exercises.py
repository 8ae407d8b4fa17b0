"""Exercises of lesson 11: one step of an attack, by hand and as a function, and what a report of a defence shows."""

from collections.abc import Callable
from itertools import product

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]


def _one_step() -> np.ndarray:
    small_picture = np.array([[100, 2, 60], [254, 180, 30]])
    small_slopes = np.array([[0.2, -0.9, 0.0], [1.3, -0.1, -0.4]])
    stepped = np.clip(small_picture + 4 * np.sign(small_slopes), 0, 255)
    return stepped  # noqa: RET504


_PICTURE = np.array([[100, 2, 60], [254, 180, 30]])
_SLOPES = np.array([[0.2, -0.9, 0.0], [1.3, -0.1, -0.4]])
_STEP = 4 * np.sign(_SLOPES)
_GREW = "Each number grew. Where the slope is negative, the loss rises when the number falls."
_NO_MATTER = "A slope of 0 says that the number does not matter. Leave it."
_BY_THE_SLOPE = "Those steps are 4 times the slope. Only its sign counts: each number moves by 4."
_DOWN = "That is the other way: with it the loss falls."
_BY_ONE = "Each number moved by 1. It may move by 4."
_STEPS_CUT = "You cut off the steps, so that none goes down. Cut off the picture."


def _cut_or_not(changed: np.ndarray, message: str) -> tuple[tuple[np.ndarray, str], ...]:
    """The same mistake with and without the cut to what a picture can hold."""
    return (np.clip(changed, 0, 255), message), (changed, message)


ONE_STEP = Exercise(
    id="11.1",
    title="one step by hand",
    stub="""\
small_picture = np.array([[100, 2, 60], [254, 180, 30]])
small_slopes = np.array([[0.2, -0.9, 0.0], [1.3, -0.1, -0.4]])
stepped = ...""",
    check=array_is(
        np.array([[104, 0, 60], [255, 176, 26]]),
        mistakes=(
            (_PICTURE + _STEP, "No picture has -2 or 258. Cut off below 0 and above 255."),
            *_cut_or_not(_PICTURE + np.array([[4, 4, 4], [4, 4, 4]]), _GREW),
            *_cut_or_not(_PICTURE + np.abs(_STEP), _GREW),
            (np.array([[104, 254, 60], [2, 176, 26]]), "uint8 wraps round: 2 - 4 becomes 254. Cut off at 0 first."),
            *_cut_or_not(_PICTURE - _STEP, _DOWN),
            *_cut_or_not(_PICTURE - _STEP - [[0, 0, 4], [0, 0, 0]], _DOWN),
            *_cut_or_not(_PICTURE + _STEP + [[0, 0, 4], [0, 0, 0]], _NO_MATTER),
            *_cut_or_not(_PICTURE + _STEP - [[0, 0, 4], [0, 0, 0]], _NO_MATTER),
            *_cut_or_not(_PICTURE + 4 * _SLOPES, _BY_THE_SLOPE),
            *_cut_or_not(_PICTURE - 4 * _SLOPES, _BY_THE_SLOPE),
            *_cut_or_not(_PICTURE + np.sign(_SLOPES), _BY_ONE),
            *_cut_or_not(_PICTURE + np.clip(_STEP, 0, 255), _STEPS_CUT),
            (np.clip(_PICTURE + _STEP, 0, 1), "Cut off at 1. These numbers go from 0 to 255."),
            (_STEP, "That is the change alone. Add it to the picture."),
        ),
        otherwise="Go through the six numbers one by one: each moves by 4 in the direction of the sign of its slope.",
    ),
    hints=(
        "A positive slope: add 4. A negative one: take 4 away. Zero: leave the number.",
        "2 - 4 and 254 + 4 are no grey levels. The nearest ones are 0 and 255.",
    ),
    solution=computed(_one_step),
    wrong=((104, "shape"), (np.array([[104, 0, 60], [255, 176, 34]]), "one by one")),
)


def attack_step(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    changed = picture.astype("float32") + epsilon * np.sign(slopes)
    return np.clip(changed, 0, 255)


def _with_where(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    step = np.where(slopes > 0, epsilon, np.where(slopes < 0, -epsilon, 0))
    return np.minimum(np.maximum(picture + step, 0), 255)


_DIRECTIONS = {1: "", -1: "The loss falls: an attack goes up the slope, training goes down."}
_SIZES = {"sign": "", "slope": "Each number moves by its slope. Every number shall move by epsilon: take the sign."}
_RANGES = {
    "picture": "",
    "to 1": "Cut off at 1. These pictures have values from 0 to 255.",
    "none": "Some numbers lie below 0 or above 255. No picture has such values.",
    "around": "uint8 wraps round: where picture is 3, picture - 4 is 255. Make the bounds of float32 numbers.",
}


def _faulty(direction: int, size: str, kept: str) -> tuple[Callable[..., np.ndarray], str]:
    """A step with these choices, and what to say of those that are wrong."""

    def step(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
        move = np.sign(slopes) if size == "sign" else slopes
        changed = picture.astype("float32") + direction * epsilon * move
        if kept != "none":
            changed = np.clip(changed, 0, 1 if kept == "to 1" else 255)
        return np.clip(changed, picture - epsilon, picture + epsilon) if kept == "around" else changed

    left = [said for said in (_DIRECTIONS[direction], _SIZES[size], _RANGES[kept]) if said]
    printed = (direction, size, kept) == (-1, "slope", "to 1")
    return step, "That is the function as it was printed. It has three faults." if printed else " ".join(left)


def _divided(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(picture.astype("float32") / 255 + epsilon * np.sign(slopes), 0, 1)


def _wraps_round(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        return picture + (epsilon * np.sign(slopes)).astype("int16").astype("uint8")


def _around_first(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    changed = picture.astype("float32") + epsilon * np.sign(slopes)
    return np.clip(np.clip(changed, picture - epsilon, picture + epsilon), 0, 255)


_PIXELS = np.array([[[3, 250], [100, 0]], [[255, 254], [8, 128]]], dtype="uint8")
_PIXEL_SLOPES = np.array([[[-0.2, 0.7], [0.03, -1.5]], [[2.0, -0.4], [0.0, 0.01]]])
_CHOICES = [choice for choice in product(_DIRECTIONS, _SIZES, _RANGES) if choice != (1, "sign", "picture")]

MEND = Exercise(
    id="11.2",
    title="mend a step",
    stub="""\
def attack_step(picture, slopes, epsilon):
    ...""",
    check=function_matches(
        attack_step,
        [(_PIXELS, _PIXEL_SLOPES, 4), (255 - _PIXELS[::-1], -_PIXEL_SLOPES[:, ::-1], 10)],
        tolerance=1e-4,
        mistakes=(
            *(_faulty(*choice) for choice in _CHOICES),
            (_divided, "The picture was divided by 255. Epsilon is in grey levels, so leave it from 0 to 255."),
            (_wraps_round, "uint8 wraps round: 3 - 4 becomes 255. Convert to float32 first."),
        ),
    ),
    hints=(
        "In which direction does the loss rise? By how much may each number move, and which values may it have?",
        "Only the sign of the slope counts: `epsilon * np.sign(slopes)`.",
        "`np.clip(changed, 0, 255)` keeps the values in the range of a picture.",
    ),
    solution=written(attack_step),
    right=(_with_where,),
    wrong=((_around_first, _RANGES["around"]),),
)


_SHOWN = "a fair test"
_NOT_SHOWN = "too weak"


_REPORTS = {
    "random changes of 8 grey levels cost 1 point": "too weak",
    "20 steps made for it, up to 4 grey levels: 0.85 becomes 0.71": "a fair test",
    "pixels are rounded first; the gradient is 0": "too weak",
    "one step of 8 grey levels does less than one of 2": "too weak",
}


BELIEVE = Exercise(
    id="11.3",
    title="which report tests a defence",
    **matched("reports", _REPORTS),
    check=matching_is(
        _REPORTS,
        options=(_SHOWN, _NOT_SHOWN),
        feedback={
            (
                "random changes of 8 grey levels cost 1 point",
                _SHOWN,
            ): "Random changes of that size left Chelsea a cat as well, and half as much by plan made her guacamole.",
            (
                "20 steps made for it, up to 4 grey levels: 0.85 becomes 0.71",
                _NOT_SHOWN,
            ): "Many steps made for the network, a stated limit, both accuracies. A stronger attack may find more.",
            (
                "pixels are rounded first; the gradient is 0",
                _SHOWN,
            ): "The gradient of rounding is 0, so the attack was blindfolded. Another one may see.",
            (
                "one step of 8 grey levels does less than one of 2",
                _SHOWN,
            ): "A single long step overshoots. Whoever may change 8 levels may also take many small steps.",
        },
    ),
    hints=(
        "Ask of each: was the attack the strongest that the attacker could make?",
        "Random noise, a gradient that is 0 and a single long step are all weak attacks. One report is left.",
    ),
    wrong=(
        (_REPORTS | {"pixels are rounded first; the gradient is 0": "maybe"}, "expected one of"),
        ("a fair test", "Expected a dictionary"),
    ),
)


EXERCISES = (ONE_STEP, MEND, BELIEVE)
