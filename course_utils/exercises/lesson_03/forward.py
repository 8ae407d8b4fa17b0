"""Exercises on the forward pass: a cross-correlation by hand, and a depthwise layer."""

import numpy as np

from course_utils.exercises.by_hand import table_is
from course_utils.exercises.checks import function_matches
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["BY_HAND", "DEPTHWISE"]


def _by_hand() -> list[list[int]]:
    by_hand = [
        [1 * 1 + 2 * 0 - 1, 1 * 0 + 2 * 2 - 0, 1 * 2 + 2 * 1 - 2],
        [1 * 3 + 2 * 1 - 2, 1 * 1 + 2 * 0 - 1, 1 * 0 + 2 * 2 - 1],
    ]
    return by_hand  # noqa: RET504


BY_HAND = Exercise(
    id="03.1",
    title="cross-correlation by hand",
    kind="compute by hand",
    prompt="Cross-correlate a picture of 3 x 4 pixels with a kernel of 2 x 2, on paper.",
    stub="""\
small = np.array([[1, 0, 2, 1], [3, 1, 0, 2], [0, 2, 1, 1]])
taps = np.array([[1, 2], [0, -1]])
by_hand = ...""",
    check=table_is(
        [[0, 4, 2], [3, 0, 3]],
        mistakes=(
            ([[6, 2, 0], [-1, 4, 3]], "The kernel was turned by 180 degrees: that is the convolution of mathematics."),
            ([[6, 2, 0], [1, 4, 1]], "Rows and columns of the kernel are swapped: 2 stands right of 1, not below it."),
            ([[0, 2]], "That is stride 2. The kernel moves by one pixel."),
        ),
    ),
    hints=(
        "Put the kernel on the top left corner: which four pixels lie under it?",
        "There: 1 x 1 + 2 x 0 + 0 x 3 - 1 x 1 = 0. The kernel fits at three places across and two down.",
    ),
    solution=computed(_by_hand),
    right=([[0, 4, 2], [3, 0, 3]], np.array([[0, 4, 2], [3, 0, 3]]), [[0.0, 4.0, 2.0], [3.0, 0.0, 3.0]]),
    wrong=(
        ([[6, 2, 0], [-1, 4, 3]], "180 degrees"),
        ([[6, 2, 0], [1, 4, 1]], "swapped"),
        ([[0, 2]], "stride 2"),
        ([[0, 4, 2], [3, 0, 4]], "Row 1, column 2"),
        ([[0, 4, 2, 1], [3, 0, 3, 1]], "Expected 2 rows of 3 numbers"),
        ([0, 4, 2, 3, 0, 3], "Expected a list of rows"),
        (7, "Expected a list of rows"),
        ([["a", 4, 2], [3, 0, 3]], "Expected a number"),
    ),
)


def depthwise(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    height = x.shape[0] - kernel.shape[0] + 1
    width = x.shape[1] - kernel.shape[1] + 1
    y = np.zeros((height, width, x.shape[2]))
    for i, j in np.ndindex(height, width):
        window = x[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        y[i, j] = np.sum(window * kernel, axis=(0, 1))  # not over the channels
    return y


def _over_taps(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The other loop: over the taps instead of the places."""
    height, width = x.shape[0] - kernel.shape[0] + 1, x.shape[1] - kernel.shape[1] + 1
    return sum(x[u : u + height, v : v + width] * kernel[u, v] for u, v in np.ndindex(kernel.shape[:2]))


def _summed(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.repeat(depthwise(x, kernel).sum(axis=2, keepdims=True), x.shape[2], axis=2)


def _sum_alone(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return depthwise(x, kernel).sum(axis=2)


def _turned(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return depthwise(x, kernel[::-1, ::-1])


def _first_kernel(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return depthwise(x, np.repeat(kernel[:, :, :1], x.shape[2], axis=2))


def _averaged(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return depthwise(x, kernel) / kernel[:, :, 0].size


def _padded(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return depthwise(np.pad(x, ((0, kernel.shape[0] - 1), (0, kernel.shape[1] - 1), (0, 0))), kernel)


# Neither square nor symmetric, so that a swapped axis or a turned kernel shows.
_CASES = tuple(
    (np.arange(h * w * c).reshape(h, w, c) % 7 - 2.0, np.arange(u * v * c).reshape(u, v, c) % 5 - 1.5)
    for h, w, c, u, v in ((5, 6, 2, 2, 3), (4, 3, 3, 3, 1), (3, 3, 1, 2, 2))
)

DEPTHWISE = Exercise(
    id="03.2",
    title="depthwise",
    kind="fill in",
    prompt="Write depthwise(x, kernel): a cross-correlation in which each channel has a kernel of its own.",
    stub="""\
def depthwise(x, kernel):
    ...""",
    check=function_matches(
        depthwise,
        _CASES,
        mistakes=(
            (_summed, "The channels were added up. Here each stays by itself."),
            (_sum_alone, "The channels were added up. Here each stays by itself."),
            (_turned, "The kernel was turned by 180 degrees. Leave it as it is."),
            (_first_kernel, "Every channel got the kernel of the first one."),
            (_averaged, "That is the mean of the products. Add them up."),
            (_padded, "The picture was padded. Use only places at which the whole kernel fits."),
        ),
    ),
    hints=(
        "Begin with `correlate` from the top of the lesson. What changes if both arrays have one more axis at the end?",
        "The product of window and kernel has the shape (rows, columns, channels). Over which axes do you add up?",
        "`np.sum(window * kernel, axis=(0, 1))` gives one number for each channel.",
    ),
    solution=written(depthwise),
    right=(_over_taps,),
    wrong=(
        (_summed, "were added up"),
        (_sum_alone, "were added up"),
        (_turned, "180 degrees"),
        (_first_kernel, "kernel of the first"),
        (_averaged, "mean of the products"),
        (_padded, "was padded"),
        (lambda x, kernel: x * kernel, "raised ValueError"),
        (lambda x, kernel: None if x is kernel else print(end=""), "returned None"),
    ),
)
