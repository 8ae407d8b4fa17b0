"""Exercises on augmentation: a flip that renames, the target of a mixture, mixup."""

import numpy as np

from course_utils.exercises.checks import function_matches, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["FLIP", "MIXUP", "SHARE"]


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
        [(_IMAGES, np.array([2, 0, 1]), np.array([0, 2, 1])), (_IMAGES[:2], np.array([1, 1]), np.array([0, 2, 1]))],
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
    wrong=(
        (_upside_down, "upside down"),
        (_not_renamed, "still name"),
        (_channels, "channels are reversed"),
        (_not_flipped, "not mirrored"),
        (_order, "order of the pictures"),
        (_only_images, "Expected a tuple"),
    ),
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
    wrong=(
        (0.875, "picture underneath"),
        (0.5, "only a quarter as wide"),
        (0.75, "Multiply"),
        (128, "Divide"),
        ("1/8", "Expected a number"),
    ),
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
        [(_FLOATS, _TARGETS, np.array([2, 0, 1]), 0.7), (_FLOATS, _TARGETS, np.array([1, 0, 2]), 0.2)],
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
    wrong=(
        (_targets_left, "the targets are not"),
        (_swapped, "shares are swapped"),
        (_halves, "Both get half"),
        (_larger_wins, "takes the whole target"),
        (_sums, "add up to 1"),
    ),
)
