"""Exercises on accuracy in parts: the worst group, and the answers that are left when a model may abstain."""

import numpy as np

from course_utils.exercises.checks import function_matches
from course_utils.exercises.exercise import Exercise, written

__all__ = ["ABSTAIN", "WORST"]


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
    id="09.2",
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
            (_TRUE, _SAID, np.array([0, 0, 1, 1, 2, 2, 2, 7, 7, 7])),
            (_TRUE, _SAID, np.array([4, 1, 1, 1, 1, 1, 1, 1, 1, 1])),
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
    wrong=(
        (_overall, "over all pictures"),
        (_mean_of_groups, "mean of the groups"),
        (_best, "best group"),
        (_by_class, "groups by class"),
        (_share_of_all, "pictures of the group"),
        (_count, "number of pictures"),
        (_which, "group's number"),
    ),
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
    id="09.3",
    title="coverage and accuracy",
    kind="fill in",
    prompt="Write abstain(y_true, probabilities, threshold): the share answered, and the accuracy on those.",
    stub="""\
def abstain(y_true, probabilities, threshold):
    ...""",
    check=function_matches(
        abstain,
        [(_LABELS, _ROWS, 0.5), (_LABELS, _ROWS, 0.7), (_LABELS, _ROWS, 0.42)],
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
    wrong=(
        (_of_all, "divided by all pictures"),
        (_true_class, "decided with the true class"),
        (_unsure, "the model abstains"),
        (_swapped, "are swapped"),
        (_above, "equal to the threshold"),
        (_how_many, "number of pictures"),
        (_everything, "over all pictures"),
        (_only_accuracy, "Expected a tuple"),
    ),
)
