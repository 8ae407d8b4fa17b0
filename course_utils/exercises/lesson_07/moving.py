"""Exercises on moving a model: the dense layer after flatten, and what padding "same" adds."""

import numpy as np

from course_utils.exercises.checks import function_matches
from course_utils.exercises.exercise import Exercise, written

__all__ = ["DENSE_TO_KERAS", "SAME_PADDING"]


def dense_to_keras(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    units = len(weight)
    by_place = weight.reshape(units, channels, height, width)
    channels_last = by_place.transpose(2, 3, 1, 0)  # height, width, channels, units
    return channels_last.reshape(height * width * channels, units)


def _by_moveaxis(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    by_place = np.moveaxis(weight.reshape(-1, channels, height, width), 1, 3)
    return by_place.reshape(len(weight), -1).T


def _by_places(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    places = np.arange(channels * height * width).reshape(channels, height * width).T.ravel()
    return weight.T[places]


def _only_turned(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:  # noqa: ARG001
    return weight.T


def _the_other_way(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    """The order that leads from Keras to PyTorch."""
    by_place = weight.T.reshape(height, width, channels, len(weight))
    return by_place.transpose(2, 0, 1, 3).reshape(-1, len(weight))


def _width_first(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    by_place = weight.reshape(len(weight), channels, height, width)
    return by_place.transpose(3, 2, 1, 0).reshape(-1, len(weight))


def _not_turned(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    return dense_to_keras(weight, height, width, channels).T


def _reshaped(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:
    return weight.reshape(height * width * channels, len(weight))


def _unchanged(weight: np.ndarray, height: int, width: int, channels: int) -> np.ndarray:  # noqa: ARG001
    return weight


_WEIGHT = np.arange(4 * 3 * 2 * 5, dtype="float32").reshape(4, 30)  # 4 units; 3 channels, 2 high, 5 wide

DENSE_TO_KERAS = Exercise(
    id="07.1",
    title="the way back",
    kind="fill in",
    prompt="Write dense_to_keras(weight, height, width, channels): a dense layer after flatten, from PyTorch to Keras.",
    stub="""\
def dense_to_keras(weight, height, width, channels):
    ...""",
    check=function_matches(
        dense_to_keras,
        [(_WEIGHT, 2, 5, 3), (np.arange(12.0, dtype="float32").reshape(2, 6), 3, 1, 2)],
        mistakes=(
            (_only_turned, "The axes are swapped, but the rows are still in PyTorch's order, channels outermost."),
            (_the_other_way, "That is the move from Keras to PyTorch: it takes the channels for the innermost axis."),
            (_width_first, "Height and width have changed places. Keras runs through the maps row by row."),
            (_not_turned, "The order is right, but Keras has inputs first and units second: swap the two axes."),
            (_reshaped, "Reshape alone moves no number: the units are now mixed with the inputs."),
        ),
    ),
    hints=(
        "Give every axis a name first: `weight.reshape(units, channels, height, width)`.",
        "Then put the axes into the order height, width, channels, units with `transpose`.",
        "At last join the first three: `.reshape(height * width * channels, units)`.",
    ),
    solution=written(dense_to_keras),
    right=(_by_moveaxis, _by_places),
    wrong=(
        (_only_turned, "still in PyTorch's order"),
        (_the_other_way, "from Keras to PyTorch"),
        (_width_first, "changed places"),
        (_not_turned, "swap the two axes"),
        (_reshaped, "moves no number"),
        (_unchanged, "Expected an array of shape (30, 4)"),
    ),
)


def same_padding(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    outputs = -(-size // stride)  # rounded up
    needed = (outputs - 1) * stride + kernel_size  # where the last window ends
    total = max(needed - size, 0)
    return total // 2, total - total // 2


def _by_remainder(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    rest = size % stride
    total = max(kernel_size - (rest if rest else stride), 0)
    return total // 2, (total + 1) // 2


def _both_sides(size: int, kernel_size: int, stride: int) -> tuple[int, int]:  # noqa: ARG001
    return kernel_size // 2, kernel_size // 2


def _odd_before(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    before, after = same_padding(size, kernel_size, stride)
    return after, before


def _stride_forgotten(size: int, kernel_size: int, stride: int) -> tuple[int, int]:  # noqa: ARG001
    return (kernel_size - 1) // 2, kernel_size - 1 - (kernel_size - 1) // 2


def _rounded_down(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    total = max((size // stride - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def _negative(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    total = (-(-size // stride) - 1) * stride + kernel_size - size
    return total // 2, total - total // 2


def _total(size: int, kernel_size: int, stride: int) -> int:
    return sum(same_padding(size, kernel_size, stride))


SAME_PADDING = Exercise(
    id="07.2",
    title='what "same" adds',
    kind="fill in",
    prompt='Write same_padding(size, kernel_size, stride): the zeros before and after that Keras\'s "same" adds.',
    stub="""\
def same_padding(size, kernel_size, stride):
    ...""",
    check=function_matches(
        same_padding,
        [(6, 3, 2), (7, 3, 2), (28, 5, 2), (10, 4, 1), (9, 1, 3), (11, 5, 3), (8, 2, 3)],
        mistakes=(
            (
                _both_sides,
                "That is half a kernel on each side, whatever the stride, as PyTorch's `padding=1` does for 3.",
            ),
            (_odd_before, "The amounts are right, but where the total is odd, the larger half comes after the pixels."),
            (
                _stride_forgotten,
                "That holds for stride 1. With a larger stride the last window begins earlier or later.",
            ),
            (_rounded_down, "The number of outputs is rounded up: 7 pixels with stride 2 give 4 outputs."),
            (_negative, "Nothing is ever taken away: where the windows leave pixels over, the answer is (0, 0)."),
        ),
    ),
    hints=(
        "How many outputs are there, and at which pixel does the last window begin?",
        "The last window begins at (outputs - 1) * stride and is kernel_size long. What is missing at the end?",
        "total = max((outputs - 1) * stride + kernel_size - size, 0); before is total // 2.",
    ),
    solution=written(same_padding),
    right=(_by_remainder,),
    wrong=(
        (_both_sides, "half a kernel on each side"),
        (_odd_before, "larger half comes after"),
        (_stride_forgotten, "holds for stride 1"),
        (_rounded_down, "rounded up"),
        (_negative, "Nothing is ever taken away"),
        (_total, "Expected a tuple"),
    ),
)
