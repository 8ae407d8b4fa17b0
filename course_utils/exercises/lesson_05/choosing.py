"""Exercises on choices: when to stop, which change is safe, how much a rare class counts."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import choice_is, function_matches, matching_is
from course_utils.exercises.comparing import shown
from course_utils.exercises.exercise import Exercise, Wrong, computed, written

__all__ = ["SAFE", "STOPPING", "WEIGHTS"]


def _kept_and_stopped() -> tuple[int, int]:
    validation_loss = [1.60, 1.31, 1.12, 1.15, 1.09, 1.14, 1.10, 1.21, 1.05, 1.30]
    patience, best, last = 3, 0, 10
    for i, loss in enumerate(validation_loss):
        if loss < validation_loss[best]:
            best = i
        if i - best == patience:
            last = i + 1
            break
    kept_and_stopped = (best + 1, last)
    return kept_and_stopped  # noqa: RET504


_OTHER_PAIRS = {
    (9, 10): "The training has ended before epoch 9. Count the epochs without a new lowest loss after epoch 5.",
    (9, 8): "Epoch 9 is never reached: the training stops before it.",
    (3, 6): "Epoch 4 is worse, but epoch 5 is the best so far, so the count begins again there.",
    (3, 4): "With patience 3 one worse epoch does not end the training.",
    (5, 6): "That would be patience 1. With patience 3, three epochs in a row may bring nothing better.",
    (5, 7): "Epochs 6 and 7 are two without a new lowest loss. It stops after the third.",
    (5, 10): "The right epoch is kept, but the patience 3 is spent before the last epoch.",
    (5, 9): "After epoch 8 there have been three without a new lowest loss: 6, 7 and 8.",
    (8, 8): "It keeps the weights of the best epoch, not those of the last one.",
    (4, 7): "Epochs are counted from 1: the first value belongs to epoch 1.",
    (8, 5): "The other way round: first the epoch that is kept.",
}


def _kept_and_stopped_is(answer: Any) -> None:
    """Takes a list for the pair as well, and tells a wrong pair from what is no pair."""
    pair = tuple(answer) if isinstance(answer, list | np.ndarray) else answer
    numbers = isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(epoch, int | float) for epoch in pair)
    if numbers and pair != (5, 8) and pair not in _OTHER_PAIRS:
        raise Wrong(
            "Mark each loss that is lower than all before it. The last mark that the run reaches is the epoch kept; "
            f"three epochs later it stops.\nReceived: {shown(pair)}."
        )
    choice_is((5, 8), feedback=_OTHER_PAIRS, form="a pair of epochs, counted from 1, such as (2, 4)")(pair)


STOPPING = Exercise(
    id="05.1",
    title="early stopping by hand",
    kind="read",
    prompt="Say which epoch early stopping keeps, and after which it stops.",
    stub="""\
validation_loss = [1.60, 1.31, 1.12, 1.15, 1.09, 1.14, 1.10, 1.21, 1.05, 1.30]
kept_and_stopped = ...""",
    check=_kept_and_stopped_is,
    hints=(
        "Go through the losses and mark each one that is lower than all before it.",
        "After the mark at epoch 5, count the epochs without a new mark. At three the training ends.",
    ),
    solution=computed(_kept_and_stopped),
    right=((5, 8), (5.0, 8), [5, 8]),
    wrong=(
        ((9, 10), "ended before epoch 9"),
        ((5, 6), "patience 1"),
        ((8, 8), "best epoch"),
        ((4, 7), "counted from 1"),
        ((5, 10), "patience 3 is spent"),
        ((1, 2), "Mark each loss"),
        (5, "a pair of epochs"),
        ((5, 8, 9), "a pair of epochs"),
    ),
)


_SAFE, _RENAME, _UNSAFE = "safe", "safe if renamed", "destroys the class"


def _verdicts() -> dict[str, str]:
    verdicts = {
        "digits 0 to 9, turned by 180 degrees": "destroys the class",
        "left and right shoes, mirrored": "safe if renamed",
        "cells under a microscope, mirrored": "safe",
        "ripe and unripe tomatoes, channels permuted at random": "destroys the class",
        "street scenes: day or night, shifted by 10 %": "safe",
    }
    return verdicts  # noqa: RET504


SAFE = Exercise(
    id="05.5",
    title="safe or not",
    kind="match",
    prompt="Say for five tasks whether a change of the training pictures is safe.",
    stub="""\
verdicts = {
    "digits 0 to 9, turned by 180 degrees": ...,
    "left and right shoes, mirrored": ...,
    "cells under a microscope, mirrored": ...,
    "ripe and unripe tomatoes, channels permuted at random": ...,
    "street scenes: day or night, shifted by 10 %": ...,
}""",
    check=matching_is(
        _verdicts(),
        options=(_SAFE, _RENAME, _UNSAFE),
        feedback={
            ("digits 0 to 9, turned by 180 degrees", _SAFE): "A turned 6 is a 9, and a turned 4 is no digit at all.",
            ("digits 0 to 9, turned by 180 degrees", _RENAME): (
                "6 and 9 could be renamed. What would you call a 4 that stands on its head?"
            ),
            ("left and right shoes, mirrored", _SAFE): "A mirrored left shoe is a right one. The label has to follow.",
            ("left and right shoes, mirrored", _UNSAFE): (
                "The result is a perfectly good shoe of the other class. One more step makes it useful."
            ),
            ("cells under a microscope, mirrored", _RENAME): "Cells have no left and right that the class depends on.",
            ("cells under a microscope, mirrored", _UNSAFE): "A slide can lie either way round; the class stays.",
            ("ripe and unripe tomatoes, channels permuted at random", _SAFE): (
                "Red against green is what tells the two apart."
            ),
            ("ripe and unripe tomatoes, channels permuted at random", _RENAME): (
                "Permuted channels also make blue tomatoes, which are of neither class."
            ),
            ("street scenes: day or night, shifted by 10 %", _RENAME): "A shifted night is still a night.",
            ("street scenes: day or night, shifted by 10 %", _UNSAFE): "The light stays the same in a shifted scene.",
        },
    ),
    hints=(
        "Ask of each: would a person who sees only the changed picture still give it the same name?",
        "Where the changed picture is a proper example of another class, the label can be changed with it.",
    ),
    solution=computed(_verdicts),
    right=(_verdicts(),),
    wrong=(
        (_verdicts() | {"left and right shoes, mirrored": _SAFE}, "The label has to follow"),
        (_verdicts() | {"digits 0 to 9, turned by 180 degrees": _RENAME}, "stands on its head"),
        (_verdicts() | {"ripe and unripe tomatoes, channels permuted at random": _SAFE}, "Red against green"),
        (_verdicts() | {"cells under a microscope, mirrored": "fine"}, "expected one of"),
        ({"cells under a microscope, mirrored": _SAFE}, "Expected the keys"),
    ),
)


def class_weights(labels: np.ndarray, classes: int) -> np.ndarray:
    counts = np.bincount(labels, minlength=classes)
    return len(labels) / (classes * counts)


def _weights_in_a_loop(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.array([len(labels) / classes / np.sum(labels == k) for k in range(classes)])


def _shares(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.bincount(labels, minlength=classes) / len(labels)


def _inverse_counts(labels: np.ndarray, classes: int) -> np.ndarray:
    return 1 / np.bincount(labels, minlength=classes)


def _inverse_shares(labels: np.ndarray, classes: int) -> np.ndarray:
    return len(labels) / np.bincount(labels, minlength=classes)


def _relative_to_most(labels: np.ndarray, classes: int) -> np.ndarray:
    counts = np.bincount(labels, minlength=classes)
    return counts.max() / counts


def _mean_over_classes(labels: np.ndarray, classes: int) -> np.ndarray:
    weights = 1 / np.bincount(labels, minlength=classes)
    return weights / weights.mean()


def _sum_is_one(labels: np.ndarray, classes: int) -> np.ndarray:
    weights = 1 / np.bincount(labels, minlength=classes)
    return weights / weights.sum()


def _one_an_image(labels: np.ndarray, classes: int) -> np.ndarray:
    return class_weights(labels, classes)[labels]


WEIGHTS = Exercise(
    id="05.6",
    title="class weights",
    kind="fill in",
    prompt="Write class_weights(labels, classes): the rarer a class, the larger its weight; the mean over images is 1.",
    stub="""\
def class_weights(labels, classes):
    ...""",
    check=function_matches(
        class_weights,
        [(np.array([0, 0, 0, 0, 0, 1, 2, 2]), 3), (np.array([1, 1, 1, 0]), 2)],
        mistakes=(
            (_shares, "Those are the shares: a rare class would count less. Turn the fraction over."),
            (_inverse_counts, "The proportions are right. Scale them so that the mean over all images is 1."),
            (_inverse_shares, "The proportions are right, but the mean over the images is the number of classes."),
            (_relative_to_most, "The proportions are right. The mean over all images should be 1, not the smallest."),
            (_mean_over_classes, "The mean over the classes is 1. Asked for is the mean over all images."),
            (_sum_is_one, "The weights add up to 1. Their mean over all images should be 1."),
            (_one_an_image, "That is one weight for each image. Asked for is one for each class."),
        ),
    ),
    hints=(
        "Count each class: `np.bincount(labels, minlength=classes)`. The weight is proportional to 1 / count.",
        "All classes together count as much as all images: each class gets `len(labels) / classes` in total.",
    ),
    solution=written(class_weights),
    right=(_weights_in_a_loop,),
    wrong=(
        (_shares, "Turn the fraction over"),
        (_inverse_counts, "Scale them"),
        (_inverse_shares, "number of classes"),
        (_relative_to_most, "not the smallest"),
        (_mean_over_classes, "mean over the classes is 1"),
        (_sum_is_one, "add up to 1"),
        (_one_an_image, "one for each class"),
    ),
)
