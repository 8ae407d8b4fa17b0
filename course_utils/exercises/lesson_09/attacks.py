"""Exercises on attacks: one step of FGSM, and how well members can be told from others."""

import numpy as np

from course_utils.exercises.checks import function_matches, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["FGSM", "PAIRS"]


def attack_step(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    changed = images.astype("float32") + epsilon * np.sign(gradient)
    return np.clip(changed, 0, 255)


def _with_where(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    step = np.where(gradient > 0, epsilon, np.where(gradient < 0, -epsilon, 0))
    return np.minimum(np.maximum(images + step, 0), 255)


def _printed(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(images.astype("float32") - epsilon * gradient, 0, 1)


def _downhill(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(images.astype("float32") - epsilon * np.sign(gradient), 0, 255)


def _without_sign(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(images.astype("float32") + epsilon * gradient, 0, 255)


def _not_clipped(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    return images.astype("float32") + epsilon * np.sign(gradient)


def _to_one(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(images.astype("float32") + epsilon * np.sign(gradient), 0, 1)


def _divided(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    return np.clip(images.astype("float32") / 255 + epsilon * np.sign(gradient), 0, 1)


def _wraps_round(images: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        return images + (epsilon * np.sign(gradient)).astype("int16").astype("uint8")


_PIXELS = np.array([[[[3, 250], [100, 0]], [[255, 40], [8, 128]]]], dtype="uint8")
_SLOPES = np.array([[[[-0.2, 0.7], [0.03, -1.5]], [[2.0, -0.4], [0.0, 0.01]]]])

FGSM = Exercise(
    id="09.4",
    title="one step of FGSM",
    kind="mend",
    prompt="Mend attack_step(images, gradient, epsilon): the pictures after one step of FGSM.",
    stub="""\
def attack_step(images, gradient, epsilon):
    ...""",
    check=function_matches(
        attack_step,
        [(_PIXELS, _SLOPES, 4), (_PIXELS, -_SLOPES, 10)],
        tolerance=1e-4,
        mistakes=(
            (_printed, "That is the function as it was printed. It has three faults."),
            (_downhill, "The loss falls: an attack goes up the gradient, training goes down."),
            (_without_sign, "Each pixel moves by its gradient. FGSM moves every pixel by epsilon: take the sign."),
            (_not_clipped, "Some pixels lie below 0 or above 255. No picture has such values."),
            (_to_one, "Cut off at 1. These pictures have values from 0 to 255."),
            (_divided, "The pictures were divided by 255. Epsilon is in grey levels, so leave them from 0 to 255."),
            (_wraps_round, "uint8 wraps round: 3 - 4 becomes 255. Convert to float32 first."),
        ),
    ),
    hints=(
        "In which direction does the loss rise? By how much may each pixel move, and which values may it have?",
        "FGSM takes only the sign of the gradient: `epsilon * np.sign(gradient)`.",
        "`np.clip(changed, 0, 255)` keeps the values in the range of the pictures.",
    ),
    solution=written(attack_step),
    right=(_with_where,),
    wrong=(
        (_printed, "as it was printed"),
        (_downhill, "The loss falls"),
        (_without_sign, "take the sign"),
        (_not_clipped, "below 0 or above 255"),
        (_to_one, "Cut off at 1"),
        (_divided, "divided by 255"),
        (_wraps_round, "wraps round"),
    ),
)


def _told_apart() -> float:
    of_members = np.array([0.99, 0.90, 0.60])
    of_others = np.array([0.95, 0.70, 0.40, 0.30])
    share_told_apart = np.mean(of_members[:, None] > of_others[None, :])
    return share_told_apart  # noqa: RET504


PAIRS = Exercise(
    id="09.5",
    title="members told from others",
    kind="compute by hand",
    prompt="In what share of the pairs is the model surer of the member?",
    stub="""\
of_members = np.array([0.99, 0.90, 0.60])
of_others = np.array([0.95, 0.70, 0.40, 0.30])
share_told_apart = ...""",
    check=number_is(
        0.75,
        tolerance=0.005,
        mistakes={
            0.25: "That is the share of pairs that are told wrongly.",
            9: "That many pairs are told rightly. Divide by the number of pairs.",
            0.5: "That would be guessing. Compare each member with each of the others.",
            75: "Those are per cent. Give a fraction, from 0 to 1.",
            0.8299: "0.83 is the members' mean, and 10 of the 12 pairs too many. For each member, count those below.",
            0.2425: "That is the difference of the two means. Count pairs.",
            9 / 7: "There are 3 x 4 pairs, not 3 + 4.",
        },
    ),
    hints=(
        "Three members and four others make twelve pairs. For each member, how many others lie below it?",
        "Below 0.99 lie four, below 0.90 three, below 0.60 two.",
    ),
    solution=computed(_told_apart),
    right=(9 / 12, np.float64(0.75)),
    wrong=(
        (0.25, "told wrongly"),
        (9, "Divide by the number"),
        (75, "a fraction"),
        (10 / 12, "pairs too many"),
        (0.5, "guessing"),
        (9 / 7, "not 3 + 4"),
        ("0.75", "Expected a number"),
    ),
)
