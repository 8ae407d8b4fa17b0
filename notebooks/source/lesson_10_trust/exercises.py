"""Exercises of lesson 10: trustworthy models."""

import numpy as np

from course_utils.exercises.checks import function_matches, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# An exercise on maps: how far a map and a mask overlap.


def _overlap() -> float:
    small_map = np.array([[9, 7, 0, 1], [8, 2, 3, 0], [6, 1, 5, 4]])
    small_mask = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
    chosen = small_map >= 6  # the four strongest: 9, 8, 7, 6
    overlap_by_hand = (chosen & (small_mask == 1)).sum() / (chosen | (small_mask == 1)).sum()
    return overlap_by_hand  # noqa: RET504


OVERLAP = Exercise(
    id="10.1",
    title="the overlap of a map and a mask",
    kind="compute by hand",
    prompt="Compute the overlap of the strongest pixels of a map with the mask of the object.",
    stub="""\
small_map = np.array([[9, 7, 0, 1], [8, 2, 3, 0], [6, 1, 5, 4]])
small_mask = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
overlap_by_hand = ...""",
    check=number_is(
        0.6,
        tolerance=0.005,
        mistakes={
            0.75: "That is the share of the object that is covered. Divide by the pixels in either, not by the object.",
            60: "Those are per cent. Give a fraction, from 0 to 1.",
            3: "That many pixels are in both. Divide by the number that are in either.",
            0.25: "Divided by all pixels of the picture. Divide by those that are in the map's choice or in the mask.",
            0.375: "A pixel in both counts once in the union: 4 + 4 - 3.",
            1: "The largest value lies inside the mask: that is the pointing game, which looks at one pixel.",
            0.5: "Take as many pixels as the object has, four, and not the five strongest.",
        },
    ),
    hints=(
        "The object has four pixels. Which are the four strongest pixels of the map, and how many lie in the mask?",
        "Three of the four are in both. In either one: 4 + 4 - 3.",
    ),
    solution=computed(_overlap),
    right=(3 / 5, np.float64(0.6)),
    wrong=(("3/5", "Expected a number"),),
)


# Exercises on accuracy in parts: the worst group, and the answers that are left when a model may abstain.


def worst_group(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    right = y_true == y_predicted
    return min(right[groups == group].mean() for group in np.unique(groups))


def _in_a_loop(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    accuracies = []
    for group in set(groups.tolist()):
        here = [t == p for t, p, g in zip(y_true, y_predicted, groups, strict=True) if g == group]
        accuracies.append(sum(here) / len(here))
    return float(min(accuracies))


def _overall(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:  # noqa: ARG001
    return float(np.mean(y_true == y_predicted))


def _mean_of_groups(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    right = y_true == y_predicted
    return float(np.mean([right[groups == group].mean() for group in np.unique(groups)]))


def _best(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    right = y_true == y_predicted
    return float(max(right[groups == group].mean() for group in np.unique(groups)))


def _by_class(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:  # noqa: ARG001
    right = y_true == y_predicted
    return float(min(right[y_true == label].mean() for label in np.unique(y_true)))


def _share_of_all(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    right = y_true == y_predicted
    return float(min((right & (groups == group)).mean() for group in np.unique(groups)))


def _which(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> int:
    right = y_true == y_predicted
    names = np.unique(groups)
    return int(names[np.argmin([right[groups == group].mean() for group in names])])


def _count(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> int:
    right = y_true == y_predicted
    return int(min(right[groups == group].sum() for group in np.unique(groups)))


_TRUE = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
_SAID = np.array([0, 1, 2, 0, 2, 2, 0, 2, 0, 0])
_GROUPS = np.array([3, 3, 3, 3, 3, 3, 5, 5, 5, 5])

WORST = Exercise(
    id="10.2",
    title="accuracy of the worst group",
    kind="fill in",
    prompt="Write worst_group(y_true, y_predicted, groups): the lowest accuracy that any group has.",
    stub="""\
def worst_group(y_true, y_predicted, groups):
    ...""",
    check=function_matches(
        worst_group,
        [
            (_TRUE, _SAID, _GROUPS),
            (_SAID, np.roll(_TRUE, 1), np.array([0, 0, 1, 1, 2, 2, 2, 7, 7, 7])),
            (_TRUE[::-1], _SAID[::-1], np.array([4, 1, 1, 1, 1, 1, 1, 1, 1, 1])),
        ],
        mistakes=(
            (_overall, "That is the accuracy over all pictures. A small group that fails is lost in it."),
            (_mean_of_groups, "That is the mean of the groups. Asked for is the lowest."),
            (_best, "That is the best group. Asked for is the worst."),
            (_by_class, "Those are groups by class. Use the array `groups`."),
            (_share_of_all, "Divide by the pictures of the group, not by all pictures."),
            (_count, "That is a number of pictures. Divide it by how many the group has."),
            (_which, "That is the group's number. Asked for is its accuracy."),
        ),
    ),
    hints=(
        "`np.unique(groups)` names the groups, and `groups == group` picks the pictures of one.",
        "With `right = y_true == y_predicted`, the accuracy of a group is `right[groups == group].mean()`.",
    ),
    solution=written(worst_group),
    right=(_in_a_loop,),
)


def abstain(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    answered = probabilities.max(axis=1) >= threshold
    right = probabilities.argmax(axis=1) == y_true
    return answered.mean(), right[answered].mean()


def _one_by_one(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    kept = [(label, row) for label, row in zip(y_true, probabilities, strict=True) if max(row) >= threshold]
    hits = sum(int(np.argmax(row)) == label for label, row in kept)
    return len(kept) / len(y_true), hits / len(kept)


def _of_all(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    answered = probabilities.max(axis=1) >= threshold
    right = probabilities.argmax(axis=1) == y_true
    return float(answered.mean()), float((right & answered).mean())


def _true_class(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    sure = probabilities[np.arange(len(y_true)), y_true] >= threshold
    right = probabilities.argmax(axis=1) == y_true
    return float(sure.mean()), float(right[sure].mean())


def _unsure(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    unsure = probabilities.max(axis=1) < threshold
    right = probabilities.argmax(axis=1) == y_true
    return float(unsure.mean()), float(right[unsure].mean())


def _swapped(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    coverage, accuracy = abstain(y_true, probabilities, threshold)
    return accuracy, coverage


def _everything(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    answered = probabilities.max(axis=1) >= threshold
    return float(answered.mean()), float((probabilities.argmax(axis=1) == y_true).mean())


def _above(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    answered = probabilities.max(axis=1) > threshold
    right = probabilities.argmax(axis=1) == y_true
    return float(answered.mean()), float(right[answered].mean())


def _how_many(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    coverage, accuracy = abstain(y_true, probabilities, threshold)
    return float(round(coverage * len(y_true))), accuracy


def _only_accuracy(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> float:
    return abstain(y_true, probabilities, threshold)[1]


_ROWS = np.array(
    [[0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.4, 0.35, 0.25], [0.1, 0.1, 0.8], [0.45, 0.3, 0.25], [0.6, 0.3, 0.1]]
)
_LABELS = np.array([0, 1, 2, 1, 0, 0])

ABSTAIN = Exercise(
    id="10.3",
    title="coverage and accuracy",
    kind="fill in",
    prompt="Write abstain(y_true, probabilities, threshold): the share answered, and the accuracy on those.",
    stub="""\
def abstain(y_true, probabilities, threshold):
    ...""",
    check=function_matches(
        abstain,
        [(_LABELS, _ROWS, 0.5), (_LABELS, _ROWS, 0.7), (np.roll(_LABELS, 1), _ROWS[::-1, ::-1], 0.42)],
        mistakes=(
            (_of_all, "The second figure was divided by all pictures. Count only those that were answered."),
            (_true_class, "Whether to answer was decided with the true class, which nobody knows in use."),
            (_unsure, "Those are the pictures on which the model abstains. Asked for are the answered ones."),
            (_swapped, "The two figures are swapped: first the share answered, then the accuracy."),
            (_above, "A confidence equal to the threshold is enough: at least, not above."),
            (_how_many, "The first figure is a number of pictures. The coverage is their share of all."),
            (_everything, "The accuracy is that over all pictures. Count only those that were answered."),
        ),
    ),
    hints=(
        "The model answers where its highest probability reaches the threshold: `probabilities.max(axis=1)`.",
        "With `answered` as a boolean array, `answered.mean()` is the coverage and `right[answered].mean()` the rest.",
    ),
    solution=written(abstain),
    right=(_one_by_one,),
    wrong=((_only_accuracy, "Expected a tuple"),),
)


# Exercises on attacks: one step of FGSM, and how well members can be told from others.


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
    id="10.4",
    title="one step of FGSM",
    kind="mend",
    prompt="Mend attack_step(images, gradient, epsilon): the pictures after one step of FGSM.",
    stub="""\
def attack_step(images, gradient, epsilon):
    ...""",
    check=function_matches(
        attack_step,
        [(_PIXELS, _SLOPES, 4), (255 - _PIXELS[:, ::-1], -_SLOPES[:, :, ::-1], 10)],
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
)


def _told_apart() -> float:
    of_members = np.array([0.99, 0.90, 0.60])
    of_others = np.array([0.95, 0.70, 0.40, 0.30])
    share_told_apart = np.mean(of_members[:, None] > of_others[None, :])
    return share_told_apart  # noqa: RET504


PAIRS = Exercise(
    id="10.5",
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
        (10 / 12, "pairs too many"),
        ("0.75", "Expected a number"),
    ),
)


EXERCISES = (OVERLAP, WORST, ABSTAIN, FGSM, PAIRS)
