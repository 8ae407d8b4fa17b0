"""Exercises of lesson 10: calibration error, abstaining, how many test pictures, groups, and which number says what."""

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is, number_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]


def _error_by_hand() -> float:
    first = abs(0.9 - 4 / 6)  # six answers with 90 %, four of them right
    second = abs(0.6 - 3 / 4)  # four answers with 60 %, three of them right
    error_by_hand = 6 / 10 * first + 4 / 10 * second
    return error_by_hand  # noqa: RET504


ERROR = Exercise(
    id="10.1",
    title="a calibration error by hand",
    stub="error_by_hand = ...",
    check=number_is(
        0.2,
        tolerance=0.003,
        mistakes={
            0.1917: "That is the mean of the two distances. The first bin holds more answers and counts more.",
            0.08: "The first bin promises too much and the second too little. Distances do not cancel: drop the signs.",
            0.3833: "That is the sum of the two distances. Weigh each with its share of the ten answers.",
            0.3: "That is the share of wrong answers. The error compares it with how sure the machine was.",
            0.2333: "That is the first bin alone. The second one has a distance, too.",
            1.4: "That is the first bin times its number of answers. Weigh with its share, and add the second bin.",
            20: "Give a fraction from 0 to 1, not per cent.",
            2: "Weigh each distance with the share of the answers, 6/10 and 4/10, not with their number.",
        },
        otherwise="Find the distance of each bin, drop its sign, and weigh it with the bin's share of the ten answers.",
    ),
    hints=(
        "In the first bin the confidence is 0.9, and 4 of 6 are right. How far apart are the two? And in the second?",
        "The distances are 0.9 - 4/6 and 3/4 - 0.6. The first has a weight of 6/10, the second of 4/10.",
    ),
    solution=computed(_error_by_hand),
    wrong=(
        ("1/5", "Expected a number"),
        (0.083, "share of the ten"),
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


def _both_counted(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    coverage, accuracy = abstain(y_true, probabilities, threshold)
    answered = round(coverage * len(y_true))
    return answered, round(accuracy * answered)


def _per_cent(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    coverage, accuracy = abstain(y_true, probabilities, threshold)
    return 100 * coverage, 100 * accuracy


def _silence(y_true: np.ndarray, probabilities: np.ndarray, threshold: float) -> tuple[float, float]:
    coverage, accuracy = abstain(y_true, probabilities, threshold)
    return 1 - coverage, accuracy


_ROWS = np.array(
    [[0.9, 0.05, 0.05], [0.2, 0.7, 0.1], [0.4, 0.35, 0.25], [0.1, 0.1, 0.8], [0.45, 0.3, 0.25], [0.6, 0.3, 0.1]]
)
_LABELS = np.array([0, 1, 2, 1, 0, 0])

ABSTAIN = Exercise(
    id="10.2",
    title="coverage and accuracy",
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
            (_both_counted, "Those are numbers of pictures. Divide them: by all pictures, and by the answered ones."),
            (_per_cent, "Give fractions from 0 to 1, not per cent."),
            (
                _silence,
                "The first figure is the share that it is silent about. The coverage is the share that it answers.",
            ),
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


def _pictures_needed() -> float:
    share, half_width = 0.9, 0.02
    pictures_needed = share * (1 - share) * (2 / half_width) ** 2
    return pictures_needed  # noqa: RET504


PICTURES = Exercise(
    id="10.3",
    title="how many test pictures?",
    stub="pictures_needed = ...",
    check=number_is(
        900,
        tolerance=5,
        mistakes={
            864: "That is with 1.96 in the place of 2, which is as good. Here take the 2 of the formula.",
            225: "That is the number for 2 points of one standard error. An interval takes two of them to each side.",
            450: "Both 2s are squared: 0.9 x 0.1 x (2 / 0.02) x (2 / 0.02).",
            9: "0.9 x 0.1 is multiplied by the *square* of 2 / 0.02.",
            0.09: "That is 0.9 x 0.1. It is multiplied by the square of 2 / 0.02.",
            10000: "That is the square of 2 / 0.02. Multiply it by 0.9 x 0.1.",
            2500: "That is for an accuracy of 50 %, where chance moves a score most. Here it is 90 %.",
            3600: "The interval reaches 2 points to *each* side, so it may be 4 points wide.",
        },
    ),
    hints=(
        "The half width is 2 x sqrt(0.9 x 0.1 / n). It has to be 0.02. Solve for n.",
        "n = 0.9 x 0.1 x (2 / 0.02) squared.",
    ),
    solution=computed(_pictures_needed),
    right=(900, 900.0, 901),
    wrong=(("about 900", "Expected a number"),),
)


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


def _share_wrong(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    return 1 - worst_group(y_true, y_predicted, groups)


def _from_zero(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    return min(0, worst_group(y_true, y_predicted, groups))


def _first_group(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    return float((y_true == y_predicted)[groups == groups.min()].mean())


def _every_number(y_true: np.ndarray, y_predicted: np.ndarray, groups: np.ndarray) -> float:
    right = y_true == y_predicted
    accuracies = []
    for group in range(groups.max() + 1):
        here = right[groups == group]
        accuracies.append(here.sum() / len(here) if len(here) else np.nan)  # as the mean of an empty array
    return float(np.min(accuracies))


_TRUE = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
_SAID = np.array([0, 1, 2, 0, 2, 2, 0, 2, 0, 0])
_GROUPS = np.array([3, 3, 3, 3, 3, 3, 5, 5, 5, 5])

WORST = Exercise(
    id="10.4",
    title="accuracy of the worst group",
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
            (_share_wrong, "That is the share of mistakes in the worst group. Asked for is its share right."),
            (_from_zero, "No accuracy is below 0, so a search that starts with 0 ends there. Start with 1."),
            (_first_group, "That is the first group. Does the function return before it has seen the others?"),
        ),
    ),
    hints=(
        "`np.unique(groups)` names the groups, and `groups == group` picks the pictures of one.",
        "With `right = y_true == y_predicted`, the accuracy of a group is `right[groups == group].mean()`.",
    ),
    solution=written(worst_group),
    right=(_in_a_loop,),
    wrong=((_every_number, "mean of no numbers"),),
)


_ACCURACY, _ERROR, _COVERAGE, _INTERVAL, _GROUP = "accuracy", "calibration error", "coverage", "interval", "worst group"
_BELIEVE = "may I believe it when it says 80 %?"
_CALLED = "how often will somebody have to look instead?"
_CHANCE = "how far could chance have moved the score?"
_FAIR = "is there somebody for whom it works badly?"
_OFTEN = "how often is it right, if it always answers?"


_ANSWERED_BY = {
    "may I believe it when it says 80 %?": "calibration error",
    "how often will somebody have to look instead?": "coverage",
    "how far could chance have moved the score?": "interval",
    "is there somebody for whom it works badly?": "worst group",
    "how often is it right, if it always answers?": "accuracy",
}


QUESTIONS = Exercise(
    id="10.5",
    title="which number answers which question?",
    **matched("answered_by", _ANSWERED_BY),
    check=matching_is(
        _ANSWERED_BY,
        options=(_ACCURACY, _ERROR, _COVERAGE, _INTERVAL, _GROUP),
        feedback={
            (_BELIEVE, _ACCURACY): "the accuracy says how often it is right, not whether its own numbers say so.",
            (_BELIEVE, _INTERVAL): "an interval is about the score of a test. The question is about single answers.",
            (_BELIEVE, _COVERAGE): "the coverage counts answers. Whether their 80 % means 80 % it does not say.",
            (_CALLED, _ACCURACY): "it may be silent about pictures that it would have got right, too.",
            (_CALLED, _ERROR): "that compares what it promises with what it keeps. Here silence is counted.",
            (
                _CHANCE,
                _ERROR,
            ): "that compares confidence with the share right. The question is how many pictures judge.",
            (_CHANCE, _GROUP): "groups are about who, chance is about how few.",
            (_FAIR, _ACCURACY): "an average over everybody can hide a small group.",
            (_FAIR, _COVERAGE): "a high coverage says that it answers many, not whom.",
            (_OFTEN, _COVERAGE): "the coverage is the share that it answers. If it always answers, that is 1.",
            (_OFTEN, _GROUP): "that is the lowest of several accuracies. Asked for is the one over all.",
        },
    ),
    hints=(
        "Go through the sections of the lesson: each number was introduced for one question.",
        "Somebody looks where the machine is silent: that is what the coverage leaves.",
    ),
    wrong=(
        (_ANSWERED_BY | {_FAIR: "luck"}, "expected one of"),
        ({_FAIR: _GROUP}, "Expected the keys"),
    ),
)


EXERCISES = (ERROR, ABSTAIN, PICTURES, WORST, QUESTIONS)
