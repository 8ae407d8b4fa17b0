"""Exercises of lesson 05: overfitting and augmentation."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import choice_is, function_matches, matching_is, number_is
from course_utils.exercises.comparing import as_number, as_sequence, shown
from course_utils.exercises.exercise import Check, Exercise, Wrong, computed, written

__all__ = ["EXERCISES"]

# Exercises on choices: when to stop, which change is safe, how much a rare class counts.


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


_choice = choice_is((5, 8), feedback=_OTHER_PAIRS, form="a pair of epochs, counted from 1, such as (2, 4)")


def _kept_and_stopped_is(answer: Any) -> None:
    """Tells a wrong pair from what is no pair."""
    parts = as_sequence(answer)
    pair = answer if parts is None else tuple(as_number(part) for part in parts)
    numbers = isinstance(pair, tuple) and len(pair) == 2 and not any(isinstance(epoch, str) for epoch in pair)
    if numbers and pair != (5, 8) and pair not in _OTHER_PAIRS:
        raise Wrong(
            "Mark each loss that is lower than all before it. The last mark that the run reaches is the epoch kept; "
            f"three epochs later it stops.\nReceived: {shown(pair)}."
        )
    _choice(pair if numbers else answer)


STOPPING = Exercise(
    id="05.1",
    title="early stopping by hand",
    kind="read",
    prompt="Say which epoch early stopping keeps, and after which it stops.",
    stub="""\
validation_loss = [1.60, 1.31, 1.12, 1.15, 1.09, 1.14, 1.10, 1.21, 1.05, 1.30]
kept_and_stopped = ...""",
    check=Check(_kept_and_stopped_is, _choice.mistakes),
    hints=(
        "Go through the losses and mark each one that is lower than all before it.",
        "After the mark at epoch 5, count the epochs without a new mark. At three the training ends.",
    ),
    solution=computed(_kept_and_stopped),
    right=((5, 8), (5.0, 8), [5, 8]),
    wrong=(
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
)


# Exercises on augmentation: a flip that renames, the target of a mixture, mixup.


def mirror(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return images[:, :, ::-1], partner[labels]


def _fliplr(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    renamed = np.array([partner[label] for label in labels])
    return np.stack([np.fliplr(image) for image in images]), renamed


def _upside_down(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return images[:, ::-1], partner[labels]


def _not_renamed(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # noqa: ARG001
    return images[:, :, ::-1], labels.copy()


def _channels(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return images[..., ::-1], partner[labels]


def _not_flipped(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return images.copy(), partner[labels]


def _order(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return images[::-1], partner[labels]


def _only_images(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> np.ndarray:  # noqa: ARG001
    return images[:, :, ::-1]


_IMAGES = np.arange(3 * 2 * 4 * 3, dtype="uint8").reshape(3, 2, 4, 3)

FLIP = Exercise(
    id="05.2",
    title="mirror and rename",
    kind="fill in",
    prompt="Write mirror(images, labels, partner): mirror each picture left to right and rename its class.",
    stub="""\
def mirror(images, labels, partner):
    ...""",
    check=function_matches(
        mirror,
        [(_IMAGES, np.array([2, 0, 1]), np.array([0, 2, 1])), (_IMAGES[:2], np.array([1, 1]), np.array([1, 0, 2]))],
        mistakes=(
            (_upside_down, "The pictures stand upside down. Height is axis 1 and width is axis 2."),
            (_not_renamed, "The pictures are mirrored, and the labels still name what they were before."),
            (_channels, "The channels are reversed, not the columns. Width is axis 2."),
            (_not_flipped, "The labels are renamed, and the pictures are not mirrored."),
            (_order, "The order of the pictures is reversed, not the columns of each. Width is axis 2."),
        ),
    ),
    hints=(
        "Images have the axes (n, height, width, channels). Which one runs from left to right?",
        "`images[:, :, ::-1]` reverses axis 2. `partner[labels]` looks up the new name of every label at once.",
    ),
    solution=written(mirror),
    right=(_fliplr,),
    wrong=((_only_images, "Expected a tuple"),),
)


def _cutmix_share() -> float:
    patch = 16 * 8
    picture = 32 * 32
    cutmix_share = patch / picture
    return cutmix_share  # noqa: RET504


SHARE = Exercise(
    id="05.3",
    title="the target of a cutmix picture",
    kind="compute by hand",
    prompt="Compute the target value of the class that a patch was cut from.",
    stub="cutmix_share = ...",
    check=number_is(
        0.125,
        mistakes={
            0.875: "That is the share of the picture underneath. Asked for is the class of the patch.",
            0.5: "The patch is half as high as the picture, but only a quarter as wide. Areas count.",
            0.25: "The patch is a quarter as wide as the picture, and only half as high. Areas count.",
            0.75: "Sides do not add up. Multiply height and width for the area.",
            128: "That is the patch's area in pixels. Divide by the picture's area.",
            1: "Targets of a mixture add up to 1; the picture underneath keeps its part.",
            1 / 24: "The channels do not count: all three are pasted together.",
        },
    ),
    hints=(
        "The target of a class is the share of the area that shows it.",
        "The patch has 16 x 8 pixels, the picture 32 x 32.",
    ),
    solution=computed(_cutmix_share),
    right=(1 / 8, np.float32(0.125)),
    wrong=(("1/8", "Expected a number"),),
)


def blend(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    mixed_images = share * images + (1 - share) * images[other]
    mixed_targets = share * targets + (1 - share) * targets[other]
    return mixed_images, mixed_targets


def _one_by_one(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    mixed = [share * images[i] + (1 - share) * images[j] for i, j in enumerate(other)]
    return np.stack(mixed), share * targets + (1 - share) * np.take(targets, other, axis=0)


def _targets_left(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    return share * images + (1 - share) * images[other], targets.copy()


def _swapped(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    return blend(images, targets, other, 1 - share)


def _halves(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:  # noqa: ARG001
    return blend(images, targets, other, 0.5)


def _larger_wins(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    winner = targets if share >= 0.5 else targets[other]
    return share * images + (1 - share) * images[other], winner.copy()


def _sums(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:  # noqa: ARG001
    return images + images[other], targets + targets[other]


_FLOATS = np.arange(3 * 2 * 2 * 1, dtype="float64").reshape(3, 2, 2, 1) ** 2
_TARGETS = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]])

MIXUP = Exercise(
    id="05.4",
    title="mixup",
    kind="fill in",
    prompt="Write blend(images, targets, other, share): blend each picture and its target with another one.",
    stub="""\
def blend(images, targets, other, share):
    ...""",
    check=function_matches(
        blend,
        [
            (_FLOATS, _TARGETS, np.array([2, 0, 1]), 0.7),
            (_FLOATS[::-1, :1] + 3, np.array([[0.5, 0.5], [0, 1.0], [1.0, 0]]), np.array([1, 0, 2]), 0.2),
        ],
        mistakes=(
            (_targets_left, "The pictures are blended, the targets are not. Both take the same share."),
            (_swapped, "The shares are swapped: `share` belongs to the picture itself, the rest to the other."),
            (_halves, "Both get half. Use the share that was given."),
            (_larger_wins, "The larger part takes the whole target. In mixup the targets are blended as well."),
            (_sums, "Those are sums. The two shares have to add up to 1."),
        ),
    ),
    hints=(
        "`images[other]` is the array of partners, in the right order. The same works for the targets.",
        "A blend is `share * a + (1 - share) * b`, once for the pictures and once for the targets.",
    ),
    solution=written(blend),
    right=(_one_by_one,),
)


EXERCISES = (STOPPING, FLIP, SHARE, MIXUP, SAFE, WEIGHTS)
