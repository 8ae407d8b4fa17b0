"""Exercises of lesson 05: read runs, stop in time, change pictures and their labels."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import choice_is, function_matches, matching_is, number_is
from course_utils.exercises.comparing import as_number, as_sequence, shown
from course_utils.exercises.exercise import Check, Exercise, Wrong, computed, matched, written

__all__ = ["EXERCISES"]

# Exercises on choices: when to stop, what a run shows, which change is safe.


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
    (9, 12): "Epoch 9 is never reached: after epoch 5 three epochs bring nothing better, and the training ends.",
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
    stub="""\
validation_loss = [1.60, 1.31, 1.12, 1.15, 1.09, 1.14, 1.10, 1.21, 1.05, 1.30]
kept_and_stopped = ...""",
    check=Check(_kept_and_stopped_is, _choice.mistakes),
    hints=(
        "Go through the losses and mark each one that is lower than all before it.",
        "After the mark at epoch 5, count the epochs without a new mark. At three the training ends.",
    ),
    solution=computed(_kept_and_stopped),
    wrong=(
        ((1, 2), "Mark each loss"),
        (5, "a pair of epochs"),
        ((5, 8, 9), "a pair of epochs"),
    ),
)


_OVER, _UNDER, _NEITHER = "overfits", "underfits", "neither"


_REPORTS = {
    "training 0.99, new pictures 0.61": "overfits",
    "training 0.34, new pictures 0.33": "underfits",
    "training 0.96, new pictures 0.95": "neither",
    "training 1.00, new pictures 0.93, guessing 0.50": "overfits",
}


_SMALL_GAP = "The gap is small, but so is the accuracy at home: it has not learned even its own pictures."

REPORTS = Exercise(
    id="05.2",
    title="read four reports",
    **matched("reports", _REPORTS),
    check=matching_is(
        _REPORTS,
        options=(_OVER, _UNDER, _NEITHER),
        feedback={
            ("training 0.99, new pictures 0.61", _UNDER): "It gets nearly all of its own pictures right.",
            ("training 0.99, new pictures 0.61", _NEITHER): "38 points lie between home and outside.",
            ("training 0.34, new pictures 0.33", _OVER): "There is no gap. It is bad at both.",
            ("training 0.34, new pictures 0.33", _NEITHER): _SMALL_GAP,
            ("training 0.96, new pictures 0.95", _OVER): "One point is a small gap, and both are high.",
            (
                "training 0.96, new pictures 0.95",
                _UNDER,
            ): "It gets most of its own pictures right.",
            ("training 1.00, new pictures 0.93, guessing 0.50", _UNDER): "It gets all of its own pictures right.",
            ("training 1.00, new pictures 0.93, guessing 0.50", _NEITHER): (
                "It makes no mistake at home and seven in a hundred outside. It overfits, and is good all the same."
            ),
        },
    ),
    hints=(
        "Overfitting is a gap between the two numbers. Underfitting is a low accuracy on the training pictures.",
        "A run may overfit and still be good: the gap says nothing about how high the second number is.",
    ),
    wrong=(
        (_REPORTS | {"training 0.96, new pictures 0.95": "good"}, "expected one of"),
        ({"training 0.96, new pictures 0.95": _NEITHER}, "Expected the keys"),
    ),
)


_SAFE, _RENAME, _UNSAFE = "safe", "safe if renamed", "destroys the class"


_VERDICTS = {
    "the digits 6 and 9, turned by 180 degrees": "safe if renamed",
    "left and right shoes, mirrored": "safe if renamed",
    "cells under a microscope, mirrored": "safe",
    "ripe and unripe tomatoes, channels permuted at random": "destroys the class",
    "street scenes: day or night, shifted by 10 %": "safe",
}


SAFE = Exercise(
    id="05.4",
    title="safe or not",
    **matched("verdicts", _VERDICTS),
    check=matching_is(
        _VERDICTS,
        options=(_SAFE, _RENAME, _UNSAFE),
        feedback={
            (
                "the digits 6 and 9, turned by 180 degrees",
                _SAFE,
            ): "A turned 6 is a 9, and still has the label 6. The label has to follow.",
            ("the digits 6 and 9, turned by 180 degrees", _UNSAFE): (
                "A turned 6 is a perfectly good 9. Only its label is wrong, and that can be mended."
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
    wrong=(
        (_VERDICTS | {"cells under a microscope, mirrored": "fine"}, "expected one of"),
        ({"cells under a microscope, mirrored": _SAFE}, "Expected the keys"),
    ),
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


def _both_sets(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([images, images[:, :, ::-1]]), np.concatenate([labels, partner[labels]])


def _labels_of_partners(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return images[:, :, ::-1], labels[partner]


def _always_8_and_9(images: np.ndarray, labels: np.ndarray, partner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # noqa: ARG001
    renamed = labels.copy()
    renamed[labels == 8], renamed[labels == 9] = 9, 8
    return images[:, :, ::-1], renamed


_IMAGES = np.arange(3 * 2 * 3 * 3, dtype="uint8").reshape(3, 2, 3, 3)

FLIP = Exercise(
    id="05.3",
    title="mirror and rename",
    stub="""\
def mirror(images, labels, partner):
    ...""",
    check=function_matches(
        mirror,
        [(_IMAGES, np.array([2, 0, 2]), np.array([0, 2, 1])), (_IMAGES[:2], np.array([1, 1]), np.array([1, 0]))],
        mistakes=(
            (_upside_down, "The pictures stand upside down. Height is axis 1 and width is axis 2."),
            (_not_renamed, "The pictures are mirrored, but the new names do not come from `partner`."),
            (_only_images, "That is one array. Return two: the mirrored pictures, and their labels."),
            (_both_sets, "Only the mirrored pictures are asked for, without the ones that came in."),
            (_labels_of_partners, "The other way round: look up each label in `partner`."),
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
    wrong=((_always_8_and_9, "do not come from `partner`"),),
)


def _faulty_line() -> str:
    faulty_line = "d"  # validation = validation.map(changed)
    return faulty_line  # noqa: RET504


FAULT = Exercise(
    id="05.5",
    title="find the fault",
    stub="faulty_line = ...",
    check=choice_is(
        "d",
        feedback={
            "a": "Training pictures are shuffled anew in each epoch, and put into batches. That is as it should be.",
            "b": "Validation pictures need no shuffling: nothing is learned from their order.",
            "c": "Training pictures are changed anew in each epoch. That is augmentation.",
            "e": "This line trains and validates. What it validates on was spoiled before.",
        },
        form='the letter of a line, such as "a"',
    ),
    hints=(
        "Which pictures should be changed, those to learn from or those to judge by?",
        "The network is judged on turned and darkened pictures, which are harder than those that it will meet.",
    ),
    solution=computed(_faulty_line),
    wrong=((4, "the letter of a line"),),
)


def _cutmix_share() -> float:
    patch = 16 * 8
    picture = 32 * 32
    cutmix_share = patch / picture
    return cutmix_share  # noqa: RET504


SHARE = Exercise(
    id="05.6",
    title="the target of a cutmix picture",
    stub="cutmix_share = ...",
    check=number_is(
        0.125,
        mistakes={
            12.5: "That is in per cent. Targets are shares, from 0 to 1.",
            0.0625: "One sixteenth would be a patch of 8 x 8. This one is 16 high and 8 wide.",
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


def _places_for_pictures(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    pictures = share * images + (1 - share) * other.reshape(-1, 1, 1, 1)
    return pictures, share * targets + (1 - share) * targets[other]


def _whole_targets_of_the_other(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    return share * images + (1 - share) * images[other], share * targets + targets[other]


def _same_share_twice(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    return share * images + share * images[other], share * targets + share * targets[other]


def _backwards(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:  # noqa: ARG001
    return share * images + (1 - share) * images[::-1], share * targets + (1 - share) * targets[::-1]


def _only_pictures(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:  # noqa: ARG001
    return share * images + (1 - share) * images[other]


def _rounded(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    pictures, mixed = blend(images, targets, other, share)
    return np.round(pictures), mixed


def _whole_numbers(images: np.ndarray, targets: np.ndarray, other: np.ndarray, share: float) -> tuple:
    pictures, mixed = blend(images, targets, other, share)
    return pictures.astype("uint8"), mixed


_FLOATS = np.arange(3 * 2 * 2 * 1, dtype="float64").reshape(3, 2, 2, 1) ** 2
_TARGETS = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]])

MIXUP = Exercise(
    id="05.7",
    title="mixup",
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
            (_same_share_twice, "Both get `share`. The other one gets the rest, 1 - share."),
            (_whole_targets_of_the_other, "The other target takes its share as well, 1 - share, as the picture does."),
            (_places_for_pictures, "`other` holds places. The pictures that stand there are `images[other]`."),
            (_backwards, "That pairs the first picture with the last. Partners are `images[other]`."),
            (_only_pictures, "That is one array. Return two: the blended pictures, and their targets."),
            (_rounded, "The pixels are rounded. Leave them as they come: 0.7 · 10 + 0.3 · 25 is 14.5."),
            (_whole_numbers, "As uint8 the pixels lose what is behind the point. Leave them as they come."),
        ),
    ),
    hints=(
        "`images[other]` is the array of partners, in the right order. The same works for the targets.",
        "A blend is `share * a + (1 - share) * b`, once for the pictures and once for the targets.",
    ),
    solution=written(blend),
    right=(_one_by_one,),
)


EXERCISES = (STOPPING, REPORTS, FLIP, SAFE, FAULT, SHARE, MIXUP)
