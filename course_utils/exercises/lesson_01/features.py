"""Features: how many HOG gives, and the nearest neighbour on raw pixels."""

import numpy as np

from course_utils.exercises.checks import function_matches, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["FEATURE_COUNT", "NEAREST"]


def _feature_count() -> int:
    cells_down, cells_across = 24 // 8, 40 // 8  # 3 and 5
    blocks = (cells_down - 1) * (cells_across - 1)  # a block of 2 by 2 cells starts at 2 x 4 places
    feature_count = blocks * 2 * 2 * 9
    return feature_count  # noqa: RET504


FEATURE_COUNT = Exercise(
    id="01.3",
    title="how many features?",
    kind="compute by hand",
    prompt="Compute how many numbers HOG gives for a grey picture of 24 by 40 pixels.",
    stub="feature_count = ...",
    check=number_is(
        288,
        tolerance=0.5,
        mistakes={
            135: "That is 9 directions in each of 15 cells. Blocks overlap, so most cells are counted more than once.",
            540: "That is a block for each of 15 cells. A block needs a neighbour below and to the right.",
            72: "That is 9 for each of 8 blocks, where a block holds the histograms of 2 by 2 cells; or 36 for each "
            "of 2 blocks side by side, where a block may begin at every cell.",
            960: "Those are the pixels. HOG counts edges in cells of 8 by 8 pixels.",
            8: "That is the number of blocks. Each gives 2 x 2 x 9 numbers.",
            72.0 * 2: "A block holds 2 by 2 cells, so four histograms, not two.",
        },
    ),
    hints=(
        "How many cells of 8 by 8 fit: how many rows of cells, how many columns?",
        "3 by 5 cells. A block of 2 by 2 cells can start at 2 rows and 4 columns of cells.",
        "8 blocks, each with 4 cells of 9 directions.",
    ),
    solution=computed(_feature_count),
    right=(288.0, np.int64(288)),
    wrong=(
        (135, "Blocks overlap"),
        (540, "needs a neighbour"),
        (72, "2 by 2 cells"),
        (960, "Those are the pixels"),
        (300, "too large"),
    ),
)


def nearest_label(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    differences = images.astype("float64") - picture
    distances = (differences**2).sum(axis=(1, 2))
    return int(labels[distances.argmin()])


def _in_a_loop(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    distances = [np.sum((image.astype(int) - picture.astype(int)) ** 2) for image in images]
    return int(labels[int(np.argmin(distances))])


def _in_bytes(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[((images - picture) ** 2).sum(axis=(1, 2)).argmin()])


def _signed(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[(images.astype(float) - picture).sum(axis=(1, 2)).argmin()])


def _farthest(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[((images.astype(float) - picture) ** 2).sum(axis=(1, 2)).argmax()])


def _index(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:  # noqa: ARG001
    return int(((images.astype(float) - picture) ** 2).sum(axis=(1, 2)).argmin())


def _in_one_sum(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[((images.astype(float) - picture) ** 2).sum().argmin()])


def _absolute(images: np.ndarray, labels: np.ndarray, picture: np.ndarray) -> int:
    return int(labels[np.abs(images.astype(float) - picture).sum(axis=(1, 2)).argmin()])


# Chosen so that the three answers differ, and so that each of the mistakes below gives other ones.
_KNOWN = np.array(
    [
        [[30, 20, 60], [30, 70, 50]],
        [[10, 40, 30], [50, 50, 50]],
        [[50, 70, 30], [0, 60, 60]],
        [[40, 70, 20], [60, 50, 30]],
    ],
    dtype="uint8",
)
_LABELS = np.array([7, 3, 5, 9])
_ASKED = (
    np.array([[70, 80, 20], [0, 50, 70]], dtype="uint8"),
    np.array([[0, 50, 60], [0, 50, 20]], dtype="uint8"),
    np.array([[10, 30, 40], [10, 20, 50]], dtype="uint8"),
)

NEAREST = Exercise(
    id="01.4",
    title="write the nearest neighbour",
    kind="fill in",
    prompt="Write nearest_label(images, labels, picture): the label of the image with the smallest squared distance.",
    stub="""\
def nearest_label(images, labels, picture):
    ...""",
    check=function_matches(
        nearest_label,
        [(_KNOWN, _LABELS, picture) for picture in _ASKED],
        mistakes=(
            (_in_bytes, "In uint8 differences and squares wrap around at 256. Turn the images into floats first."),
            (_signed, "Differences of both signs cancel. Square each of them before you add."),
            (_farthest, "That is the label of the image farthest away."),
            (_index, "That is the position of the nearest image. Its label stands there in `labels`."),
            (_in_one_sum, "One sum over everything has no nearest image. Add over the last two axes, `axis=(1, 2)`."),
            (_absolute, "Those are absolute differences. Asked for are squares, in which one large one counts more."),
        ),
    ),
    hints=(
        "`images - picture` works for all images at once, since the last two axes agree. Mind the type.",
        "`images.astype(float)` first. Then square, and add over the last two axes: `.sum(axis=(1, 2))`.",
        "`argmin` gives the position of the smallest distance; `labels` at that position is the answer.",
    ),
    solution=written(nearest_label),
    right=(_in_a_loop,),
    wrong=(
        (_in_bytes, "wrap around"),
        (_signed, "both signs cancel"),
        (_farthest, "farthest away"),
        (_index, "position of the nearest"),
        (_in_one_sum, "no nearest image"),
        (_absolute, "absolute differences"),
        (7, "Expected a function"),
    ),
)
