"""Exercises of lesson 11: one step of an attack, by hand and as a function, and what a report of a defence shows."""

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]


def _one_step() -> np.ndarray:
    small_picture = np.array([[100, 2, 60], [254, 180, 30]])
    small_slopes = np.array([[0.2, -0.9, 0.0], [1.3, -0.1, -0.4]])
    stepped = np.clip(small_picture + 4 * np.sign(small_slopes), 0, 255)
    return stepped  # noqa: RET504


ONE_STEP = Exercise(
    id="11.1",
    title="one step by hand",
    kind="compute by hand",
    prompt="Change each number by 4 so that the loss rises, and keep a picture.",
    stub="""\
small_picture = np.array([[100, 2, 60], [254, 180, 30]])
small_slopes = np.array([[0.2, -0.9, 0.0], [1.3, -0.1, -0.4]])
stepped = ...""",
    check=array_is(
        np.array([[104, 0, 60], [255, 176, 26]]),
        mistakes=(
            (np.array([[104, -2, 60], [258, 176, 26]]), "No picture has -2 or 258. Cut off below 0 and above 255."),
            (
                np.array([[104, 6, 64], [255, 184, 34]]),
                "Each number grew. Where the slope is negative, the loss rises when the number falls.",
            ),
            (
                np.array([[104, 6, 64], [258, 184, 34]]),
                "Each number grew. Where the slope is negative, the loss rises when the number falls.",
            ),
            (np.array([[104, 254, 60], [2, 176, 26]]), "uint8 wraps round: 2 - 4 becomes 254. Cut off at 0 first."),
            (np.array([[96, 6, 60], [250, 184, 34]]), "That is the other way: with it the loss falls."),
            (np.array([[96, 6, 56], [250, 184, 34]]), "That is the other way: with it the loss falls."),
            (np.array([[104, 0, 64], [255, 176, 26]]), "A slope of 0 says that the number does not matter. Leave it."),
            (np.array([[104, 0, 56], [255, 176, 26]]), "A slope of 0 says that the number does not matter. Leave it."),
            (
                np.clip(np.array([[100.8, -1.6, 60], [259.2, 179.6, 28.4]]), 0, 255),
                "Those steps are 4 times the slope. Only its sign counts: each number moves by 4.",
            ),
            (
                np.array([[100.8, -1.6, 60], [259.2, 179.6, 28.4]]),
                "Those steps are 4 times the slope. Only its sign counts: each number moves by 4.",
            ),
        ),
    ),
    hints=(
        "A positive slope: add 4. A negative one: take 4 away. Zero: leave the number.",
        "2 - 4 and 254 + 4 are no grey levels. The nearest ones are 0 and 255.",
    ),
    solution=computed(_one_step),
    right=([[104, 0, 60], [255, 176, 26]],),
    wrong=((104, "shape"),),
)


def attack_step(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    changed = picture.astype("float32") + epsilon * np.sign(slopes)
    return np.clip(changed, 0, 255)


def _with_where(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    step = np.where(slopes > 0, epsilon, np.where(slopes < 0, -epsilon, 0))
    return np.minimum(np.maximum(picture + step, 0), 255)


def _printed(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(picture.astype("float32") - epsilon * slopes, 0, 1)


def _downhill(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(picture.astype("float32") - epsilon * np.sign(slopes), 0, 255)


def _without_sign(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(picture.astype("float32") + epsilon * slopes, 0, 255)


def _not_clipped(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    return picture.astype("float32") + epsilon * np.sign(slopes)


def _to_one(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(picture.astype("float32") + epsilon * np.sign(slopes), 0, 1)


def _divided(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(picture.astype("float32") / 255 + epsilon * np.sign(slopes), 0, 1)


def _wraps_round(picture: np.ndarray, slopes: np.ndarray, epsilon: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        return picture + (epsilon * np.sign(slopes)).astype("int16").astype("uint8")


_PIXELS = np.array([[[3, 250], [100, 0]], [[255, 40], [8, 128]]], dtype="uint8")
_SLOPES = np.array([[[-0.2, 0.7], [0.03, -1.5]], [[2.0, -0.4], [0.0, 0.01]]])

MEND = Exercise(
    id="11.2",
    title="mend a step",
    kind="mend",
    prompt="Mend attack_step(picture, slopes, epsilon): the picture after one step that raises the loss.",
    stub="""\
def attack_step(picture, slopes, epsilon):
    ...""",
    check=function_matches(
        attack_step,
        [(_PIXELS, _SLOPES, 4), (255 - _PIXELS[::-1], -_SLOPES[:, ::-1], 10)],
        tolerance=1e-4,
        mistakes=(
            (_printed, "That is the function as it was printed. It has three faults."),
            (_downhill, "The loss falls: an attack goes up the slope, training goes down."),
            (_without_sign, "Each number moves by its slope. Every number shall move by epsilon: take the sign."),
            (_not_clipped, "Some numbers lie below 0 or above 255. No picture has such values."),
            (_to_one, "Cut off at 1. These pictures have values from 0 to 255."),
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
    kind="match",
    prompt="Say of four reports whether they test fairly what a network withstands.",
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
    right=(_REPORTS,),
    wrong=(
        (_REPORTS | {"pixels are rounded first; the gradient is 0": "maybe"}, "expected one of"),
        ("a fair test", "Expected a dictionary"),
    ),
)


EXERCISES = (ONE_STEP, MEND, BELIEVE)
