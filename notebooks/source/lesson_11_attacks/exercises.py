"""Exercises of lesson 11: one step of an attack, one of few numbers, and what a defence has shown."""

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, matching_is, number_is
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


def only_few(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    distance = np.abs(changed - original)
    smallest_kept = np.sort(distance, axis=None)[-k]
    return np.where(distance >= smallest_kept, changed, original)


def _one_by_one(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    left = original.copy()
    for place in np.argsort(np.abs(changed - original).ravel())[::-1][:k]:
        left.flat[place] = changed.flat[place]
    return left


def _with_sign(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    difference = changed - original
    return np.where(difference >= np.sort(difference, axis=None)[-k], changed, original)


def _smallest(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    distance = np.abs(changed - original)
    return np.where(distance <= np.sort(distance, axis=None)[k - 1], changed, original)


def _put_back(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    distance = np.abs(changed - original)
    return np.where(distance >= np.sort(distance, axis=None)[-k], original, changed)


def _black(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    return np.where(only_few(changed, original, k) == original, 0, changed)


def _the_difference(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    return only_few(changed, original, k) - original


def _one_too_few(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    distance = np.abs(changed - original)
    return np.where(distance > np.sort(distance, axis=None)[-k], changed, original)


def _as_limit(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    return np.where(np.abs(changed - original) >= k, changed, original)


def _brightest(changed: np.ndarray, original: np.ndarray, k: int) -> np.ndarray:
    return np.where(changed >= np.sort(changed, axis=None)[-k], changed, original)


_ORIGINAL = np.array([[10.0, 128.0, 253.0], [2.0, 60.0, 200.0]])
_CHANGED = np.array([[19.0, 116.0, 250.0], [6.0, 61.0, 197.5]])

FEW = Exercise(
    id="11.3",
    title="change only a few",
    kind="build",
    prompt="Write only_few(changed, original, k): keep the k largest changes, up or down, and put back all others.",
    stub="""\
def only_few(changed, original, k):
    ...""",
    check=function_matches(
        only_few,
        [(_CHANGED, _ORIGINAL, 2), (255 - _CHANGED.reshape(3, 2), 255 - _ORIGINAL.reshape(3, 2), 3)],
        tolerance=1e-4,
        mistakes=(
            (_with_sign, "A change downward counts as much as one upward: sort by the distance, `np.abs`."),
            (_smallest, "Those are the k smallest changes. Keep the largest."),
            (_put_back, "The k largest changes were put back. They should stay, and the others go."),
            (_black, "The other numbers became 0. They should be those of the original again."),
            (_the_difference, "That is the difference. Add it to the original."),
            (_one_too_few, "One number too few stays changed: the smallest of the k belongs to them."),
            (_as_limit, "All changes of at least k grey levels stay. k says how many changes may stay, not how large."),
            (_brightest, "Those are the largest numbers, not the largest changes: take `changed - original`."),
        ),
    ),
    hints=(
        "How far did each number move? `np.abs(changed - original)`.",
        "`np.sort(distance, axis=None)` sorts all distances into one row; its entry `[-k]` is the smallest to keep.",
        "`np.where(condition, changed, original)` takes from the one where the condition holds, else from the other.",
    ),
    solution=written(only_few),
    right=(_one_by_one,),
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
    id="11.4",
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
            ): "Random changes of that size did nothing to our network either, and an aimed one made it say guacamole.",
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


def _members_found() -> float:
    of_members = np.array([0.99, 0.97, 0.90, 0.60])
    of_others = np.array([0.95, 0.70, 0.40, 0.30])
    members_found_by_hand = np.mean(of_members > of_others.max())
    return members_found_by_hand  # noqa: RET504


FOUND = Exercise(
    id="11.5",
    title="members found without a false alarm",
    kind="compute by hand",
    prompt="Which share of the members is found when no other picture may be accused?",
    stub="""\
of_members = np.array([0.99, 0.97, 0.90, 0.60])
of_others = np.array([0.95, 0.70, 0.40, 0.30])
members_found_by_hand = ...""",
    check=number_is(
        0.5,
        tolerance=0.005,
        mistakes={
            0.75: "At a limit of 0.7 the picture with 0.95 would be accused, and it was not in the training set.",
            1: "At so low a limit others are accused as well. None may be.",
            2: "That many are found. Divide by the number of members.",
            0.8125: "That is the share of pairs in which the member gets more. Count members above every other.",
            0.25: "0.97 lies above 0.95 as well.",
            50: "Those are per cent. Give a fraction, from 0 to 1.",
            0.4: "Divide by the members, four of them, not by all that lie above some limit.",
        },
    ),
    hints=(
        "The limit has to lie above all of the others. Which is the largest of them?",
        "Two of the four members lie above 0.95.",
    ),
    solution=computed(_members_found),
    right=(2 / 4, np.float64(0.5)),
    wrong=(("0.5", "Expected a number"),),
)


EXERCISES = (ONE_STEP, MEND, FEW, BELIEVE, FOUND)
