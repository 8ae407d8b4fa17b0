"""Exercises of lesson 08: recall beside accuracy, prior correction, lists of suspects, groups, reports of flaws."""

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import function_matches, matching_is, number_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]


def _mean_recall() -> float:
    recall_of_cats = 90 / 90
    recall_of_owls = 0 / 10
    mean_recall = (recall_of_cats + recall_of_owls) / 2
    return mean_recall  # noqa: RET504


RECALL = Exercise(
    id="08.1",
    title="a program that always says cat",
    stub="mean_recall = ...",
    check=number_is(
        0.5,
        mistakes={
            0.9: "That is its accuracy. The recall of each class counts its own pictures only.",
            1: "That is the recall of the cats. Take the mean with that of the owls.",
            0: "That is the recall of the owls. Take the mean with that of the cats.",
            0.1: "That is the share of its mistakes.",
            50: "Give a fraction from 0 to 1, not per cent.",
            0.45: "That halves the accuracy. First the recall of each class, then their mean.",
        },
    ),
    hints=(
        "Recall of a class: of its own pictures, the share that gets its name.",
        "All 90 cats are called cat, and none of the 10 owls is called owl. Take the mean of the two recalls.",
    ),
    solution=computed(_mean_recall),
    wrong=(("half", "Expected a number"),),
)


def _owl_after() -> float:
    cat, owl = 0.6 / 0.9, 0.4 / 0.1  # each probability by the share of its class
    owl_after = owl / (cat + owl)
    return owl_after  # noqa: RET504


PRIOR = Exercise(
    id="08.2",
    title="prior correction by hand",
    stub="owl_after = ...",
    check=number_is(
        (0.4 / 0.1) / (0.6 / 0.9 + 0.4 / 0.1),
        tolerance=0.006,
        mistakes={
            0.4: "That is the probability before. Divide both by the share of their class.",
            4: "That is 0.4 / 0.1, before the two are scaled to add up to 1.",
            0.04 / (0.54 + 0.04): "Divide by the shares: multiplying makes the rare class rarer still.",
            (0.6 / 0.9) / (0.6 / 0.9 + 4): "That is the probability of cat. Asked for is that of owl.",
            6: "The two shares are swapped: owls are one in ten. And in the end the two have to add up to 1.",
            0.4 / 0.9: "The shares are swapped: owls are one in ten.",
            4 + 0.6 / 0.9: "That is the sum of the two. Divide the owl's by it.",
            0.6 / 0.9: "That is what becomes of the cat, before the two are scaled. Asked for is the owl.",
            (0.6 / 0.9) / 4: "That is cat divided by owl. Divide the owl's by the sum of both.",
            86: "Give a fraction from 0 to 1, not per cent.",
            85.7: "Give a fraction from 0 to 1, not per cent.",
            85.71: "Give a fraction from 0 to 1, not per cent.",
        },
    ),
    hints=(
        "Divide 0.6 by the share of cats and 0.4 by the share of owls.",
        "0.6 / 0.9 = 0.67 and 0.4 / 0.1 = 4. Divide the second by the sum of both.",
    ),
    solution=computed(_owl_after),
    right=(6 / 7, 0.857, 0.86),
    wrong=(("6/7", "Expected a number"),),
)


def _list_of_60() -> dict[str, float]:
    list_of_60 = {
        "precision": 48 / 60,  # of the list, the share that is wrong
        "recall": 48 / 80,  # of all wrong labels, the share that is on the list
    }
    return list_of_60  # noqa: RET504


SUSPECTS = Exercise(
    id="08.3",
    title="how good is a list?",
    stub='list_of_60 = {"precision": ..., "recall": ...}',
    check=numbers_are(
        _list_of_60(),
        (
            ("precision", 48 / 80, "That is the recall: of all 80 wrong labels, the share that is on the list."),
            ("precision", 60 / 400, "That is the share of the labels that you look at. How many of them are wrong?"),
            ("precision", 48 / 400, "Divide by the length of the list, not by that of the folder."),
            ("precision", 48.0, "That is how many of the list are wrong. Which share of the list is it?"),
            ("precision", 0.48, "48 of the list are wrong, and the list has 60. Which share is that?"),
            ("precision", 80.0, "Give a fraction from 0 to 1, not per cent."),
            ("recall", 48 / 60, "That is the precision: of the list, the share that is wrong."),
            ("recall", 60 / 80, "Only 48 of the 60 are wrong labels. Which share of the 80 is that?"),
            ("recall", 48 / 400, "Divide by the number of wrong labels, not by that of all labels."),
            ("recall", 60 / 400, "That is the share of the labels that you look at. How many wrong ones do you find?"),
            ("recall", 48.0, "That is how many wrong labels are found. Which share of all wrong ones is it?"),
            ("recall", 0.48, "48 wrong labels are found, and there are 80. Which share is that?"),
            ("recall", 60.0, "Give a fraction from 0 to 1, not per cent."),
        ),
    ),
    hints=(
        "Precision: of the 60 on the list, which share is wrong? Recall: of the 80 wrong ones, which share is on it?",
        "48 / 60 and 48 / 80.",
    ),
    solution=computed(_list_of_60),
    wrong=(
        ({"precision": "0.8", "recall": 0.6}, "Expected a number"),
        ([0.8, 0.6], "Expected a dictionary"),
    ),
)


def count_leaks(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return sum(group in set(train_groups.tolist()) for group in test_groups.tolist())


def _with_isin(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return int(np.isin(test_groups, train_groups).sum())


def _groups_in_both(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return len(np.intersect1d(train_groups, test_groups))


def _the_other_way(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return int(np.isin(train_groups, test_groups).sum())


def _clean_ones(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return int((~np.isin(test_groups, train_groups)).sum())


def _share(train_groups: np.ndarray, test_groups: np.ndarray) -> float:
    return float(np.isin(test_groups, train_groups).mean())


def _place_by_place(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return sum(int(a == b) for a, b in zip(train_groups, test_groups, strict=False))


def _clean_groups_once(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return len(test_groups) - len(set(test_groups) - set(train_groups))


def _clean_groups_once_sorted(train_groups: np.ndarray, test_groups: np.ndarray) -> int:
    return len(test_groups) - len(np.setdiff1d(test_groups, train_groups))


def _on_lists(train_groups: list[int], test_groups: list[int]) -> int:
    return sum(train_groups.count(group) > 0 for group in test_groups)


LEAKS = Exercise(
    id="08.4",
    title="count the leaks",
    stub="""\
def count_leaks(train_groups, test_groups):
    ...""",
    check=function_matches(
        count_leaks,
        [
            (np.array([4, 4, 7, 9, 9, 9, 7]), np.array([7, 2, 7, 9, 7, 5, 2])),  # 2 twice, and no leak
            (np.array([1, 2, 3, 3, 3]), np.array([3, 8, 6, 6, 6, 3, 3])),
            (np.array([1]), np.array([2, 2])),
        ],
        mistakes=(
            (_groups_in_both, "That counts the groups that are in both sets. Asked for are the test pictures."),
            (_the_other_way, "That counts the training pictures that are in the test set, too. Count test pictures."),
            (_clean_ones, "Those are the test pictures without a leak."),
            (_share, "That is the share of the test pictures. Asked for is their number."),
            (_place_by_place, "That compares place by place. A leak may stand at any place of the training set."),
            (
                _clean_groups_once,
                "A group without a leak is counted once here, however many test pictures it has. Count pictures.",
            ),
        ),
    ),
    hints=(
        "Ask of every test picture whether its group occurs among `train_groups`.",
        "`np.isin(test_groups, train_groups)` is True where it does; `.sum()` counts them.",
    ),
    solution=written(count_leaks),
    right=(_with_isin, _on_lists),
    wrong=((_clean_groups_once_sorted, "counted once here"),),
)


_UNEVEN, _LABELS, _GROUPS, _BACKGROUND = "uneven classes", "wrong labels", "groups", "background"
_REPORT_UNEVEN = "accuracy 0.95, recall of one class 0.10"
_REPORT_LABELS = "of the 20 least believed labels, 18 do not fit their picture"
_REPORT_GROUPS = "split at random 0.98, split by animal 0.71"
_REPORT_BACKGROUND = "split by animal 0.99, with every animal painted over 0.97"


_FLAWS = {
    "accuracy 0.95, recall of one class 0.10": "uneven classes",
    "of the 20 least believed labels, 18 do not fit their picture": "wrong labels",
    "split at random 0.98, split by animal 0.71": "groups",
    "split by animal 0.99, with every animal painted over 0.97": "background",
}


FLAWS = Exercise(
    id="08.5",
    title="read four reports",
    **matched("flaws", _FLAWS),
    check=matching_is(
        _FLAWS,
        options=(_UNEVEN, _LABELS, _GROUPS, _BACKGROUND),
        feedback={
            (
                _REPORT_UNEVEN,
                _LABELS,
            ): "One class alone is lost, and it hardly counts. Count the pictures of each class.",
            (_REPORT_UNEVEN, _GROUPS): "The two numbers come from the same pictures. What differs is who counts.",
            (_REPORT_UNEVEN, _BACKGROUND): "Nothing here says so. Count the pictures of each class first.",
            (
                _REPORT_LABELS,
                _UNEVEN,
            ): "Counts would not show this. What is wrong with those 18 pictures, seen one by one?",
            (_REPORT_LABELS, _GROUPS): "Nothing was split here. Label and picture do not fit.",
            (
                _REPORT_LABELS,
                _BACKGROUND,
            ): "Somebody looked at the thing in the picture and compared it with the label.",
            (_REPORT_GROUPS, _UNEVEN): "Nothing here says that one class does worse. What did the random split part?",
            (_REPORT_GROUPS, _LABELS): "Wrong labels would lower the first number as well.",
            (
                _REPORT_GROUPS,
                _BACKGROUND,
            ): "The backgrounds are the same in both numbers. What did the random split part?",
            (_REPORT_BACKGROUND, _UNEVEN): "With the animal painted over, what is left to look at?",
            (_REPORT_BACKGROUND, _LABELS): "With the animal painted over, what is left to look at?",
            (
                _REPORT_BACKGROUND,
                _GROUPS,
            ): "It is split by animal already. With the animal painted over, what is left to look at?",
        },
    ),
    hints=(
        "Ask of each report what is compared: classes, labels with pictures, two splits, or two kinds of pictures.",
        "Where nothing but the split differs, the split is to blame; where the thing is gone, what is left answers.",
    ),
    wrong=(
        (_FLAWS | {_REPORT_UNEVEN: "bad"}, "expected one of"),
        ({_REPORT_UNEVEN: _UNEVEN}, "Expected the keys"),
    ),
)


EXERCISES = (RECALL, PRIOR, SUSPECTS, LEAKS, FLAWS)
