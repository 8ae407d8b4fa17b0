"""Exercises of lesson 14: weights and settings that change frameworks, and pictures that change readers."""

import numpy as np
from PIL import Image

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, matched, written

__all__ = ["EXERCISES"]

# Exercises on moving a model: the dense layer after flatten, and what padding "same" adds.


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
    id="14.1",
    title="the way back",
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
    wrong=((_unchanged, "Expected an array of shape (30, 4)"),),
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


def _rounded(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    """To the nearest whole number, halves to the even one, as Python's round does."""
    total = max((round(size / stride) - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def _rounded_half_up(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    total = max((int(size / stride + 0.5) - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def _not_rounded(size: int, kernel_size: int, stride: int) -> tuple[float, float]:
    total = max((size / stride - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def _one_window_more(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    total = max(-(-size // stride) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def _halved(size: int, kernel_size: int, stride: int) -> tuple[float, float]:
    total = _total(size, kernel_size, stride)
    return total / 2, total / 2


def _negative(size: int, kernel_size: int, stride: int) -> tuple[int, int]:
    total = (-(-size // stride) - 1) * stride + kernel_size - size
    return total // 2, total - total // 2


def _total(size: int, kernel_size: int, stride: int) -> int:
    return sum(same_padding(size, kernel_size, stride))


def _end_of_the_last(size: int, kernel_size: int, stride: int) -> int:
    return (-(-size // stride) - 1) * stride + kernel_size


SAME_PADDING = Exercise(
    id="14.2",
    title='what "same" adds',
    stub="""\
def same_padding(size, kernel_size, stride):
    ...""",
    check=function_matches(
        same_padding,
        [
            *((6, 3, 2), (7, 3, 2), (28, 5, 2), (10, 4, 1), (9, 1, 3), (11, 5, 3), (8, 2, 3)),
            *((5, 3, 2), (7, 3, 3)),  # 2.5 and 2.33 outputs, which rounding to the nearest makes 2
        ],
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
            (_rounded, "`round` goes to the nearest number. Outputs are rounded up: 7 pixels with stride 3 give 3."),
            (_rounded_half_up, "That rounds to the nearest. Outputs are rounded up: 7 pixels with stride 3 give 3."),
            (_not_rounded, "size / stride is not always whole. Outputs are rounded up: 7 pixels, stride 2 give 4."),
            (_one_window_more, "The last of n windows begins at (n - 1) * stride, since the first begins at 0."),
            (_halved, "Zeros are added whole. Of an odd total, the larger half comes after the pixels: use `//`."),
            (_total, "That is the total. Return two numbers, those before and those after the pixels."),
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
    wrong=((_end_of_the_last, "Expected a tuple"),),
)


# Two momenta by hand.


def _weights_after() -> dict[str, float]:
    weights_after = {"keras": 100.0, "pytorch": 100.0}
    velocity, buffer, momentum, gradient = 0.0, 0.0, 0.5, 1.0
    for learning_rate in (8, 8, 2):
        velocity = momentum * velocity - learning_rate * gradient
        weights_after["keras"] += velocity
        buffer = momentum * buffer + gradient
        weights_after["pytorch"] -= learning_rate * buffer
    return weights_after


TWO_MOMENTA = Exercise(
    id="14.3",
    title="two momenta",
    stub='weights_after = {"keras": ..., "pytorch": ...}',
    check=numbers_are(
        _weights_after(),
        (
            ("keras", 76.5, "In Keras the velocity keeps the learning rate of the steps in which it was built up."),
            ("keras", 82, "Momentum is missing: that is what the gradients alone do."),
            ("keras", 128, "The velocity is negative: the weight goes down against the gradient."),
            ("keras", 80, "That is after two steps."),
            ("keras", 92, "That is after the first step. Two more follow."),
            ("keras", 66, "In the third step the rate is 2: half of the old velocity, then minus 2 * 1."),
            ("keras", 74, "Half of the old velocity is there, the third step's own gradient is missing."),
            ("keras", -28, "All steps are right. The weight begins at 100, not at 0."),
            ("keras", -8, "That is the last velocity. Asked for is the weight, which begins at 100."),
            ("pytorch", 72, "In PyTorch the new learning rate multiplies the whole buffer, the old part too."),
            ("pytorch", 82, "Momentum is missing: that is what the gradients alone do."),
            ("pytorch", 123.5, "The buffer is subtracted: the weight goes down against the gradient."),
            ("pytorch", 80, "That is after two steps."),
            ("pytorch", 92, "That is after the first step. Two more follow."),
            ("pytorch", 66, "The buffer is right. In the third step the rate is 2, not 8."),
            ("pytorch", 74, "That halves the step before, with its old rate. The buffer knows no rate: 2 * buffer."),
            ("pytorch", 76, "That takes 2 for the third buffer. Halve the second one, then add the gradient."),
            ("pytorch", 79, "The old half of the buffer is missing: 0.5 * buffer + gradient, then times the rate."),
            ("pytorch", -23.5, "All steps are right. The weight begins at 100, not at 0."),
            ("pytorch", 1.75, "That is the last buffer. Asked for is the weight, which begins at 100."),
        ),
    ),
    hints=(
        "Write two columns, velocity and weight, with one line for each step. The gradient is always 1.",
        "Two steps: Keras's velocity is -8, then -12; PyTorch's buffer is 1, then 1.5. Which of them knows a rate?",
        "The third: Keras's velocity is 0.5 * -12 - 2; PyTorch's buffer is 0.5 * 1.5 + 1, and the step 2 times that.",
    ),
    solution=computed(_weights_after),
    wrong=(
        ({"keras": 82, "pytorch": 82}, "Momentum is missing"),
        ({"keras": 72}, "Expected a dictionary with the keys"),
        (72, "Expected a dictionary with the keys"),
    ),
)


# The exercise on pictures: read as OpenCV gives them, shrink them without aliasing.


def shrink_picture(picture: np.ndarray, factor: int) -> np.ndarray:
    rgb = picture[:, :, ::-1]  # the channels are the last axis
    height, width, channels = rgb.shape
    blocks = rgb.reshape(height // factor, factor, width // factor, factor, channels)
    small = blocks.mean(axis=(1, 3))
    return np.rint(small).astype("uint8")


def _by_sum(picture: np.ndarray, factor: int) -> np.ndarray:
    total = sum(
        picture[row::factor, column::factor, ::-1].astype("float64")
        for row in range(factor)
        for column in range(factor)
    )
    return np.floor(total / factor**2 + 0.5).astype("uint8")


def _blocks(picture: np.ndarray, factor: int) -> np.ndarray:
    height, width, channels = picture.shape
    return picture.reshape(height // factor, factor, width // factor, factor, channels)


def _blue_first(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.rint(_blocks(picture, factor).mean(axis=(1, 3))).astype("uint8")


def _mirrored(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.rint(_blocks(picture[:, ::-1], factor).mean(axis=(1, 3))).astype("uint8")


def _aliased(picture: np.ndarray, factor: int) -> np.ndarray:
    return picture[::factor, ::factor, ::-1].copy()


def _middle(picture: np.ndarray, factor: int) -> np.ndarray:
    return picture[factor // 2 :: factor, factor // 2 :: factor, ::-1].copy()


def _cut(picture: np.ndarray, factor: int) -> np.ndarray:
    return _blocks(picture[..., ::-1], factor).mean(axis=(1, 3)).astype("uint8")


def _overflowing(picture: np.ndarray, factor: int) -> np.ndarray:
    total = _blocks(picture[..., ::-1], factor).sum(axis=(1, 3), dtype="uint8")
    return np.rint(total / factor**2).astype("uint8")


def _all_reversed(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.rint(_blocks(picture[::-1, ::-1, ::-1], factor).mean(axis=(1, 3))).astype("uint8")


def _float(picture: np.ndarray, factor: int) -> np.ndarray:
    return _blocks(picture[..., ::-1], factor).mean(axis=(1, 3)).astype("float32")


def _by_pillow_box(picture: np.ndarray, factor: int) -> np.ndarray:
    """The mean of blocks as Pillow computes it: rounded after the rows, and again after the columns."""
    size = (picture.shape[1] // factor, picture.shape[0] // factor)
    return np.asarray(_in_pillow(picture).resize(size, Image.Resampling.BOX))


def _by_pillow_reduce(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.asarray(_in_pillow(picture).reduce(factor))


def _in_pillow(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1]))


def _by_pillow_bilinear(picture: np.ndarray, factor: int) -> np.ndarray:
    size = (picture.shape[1] // factor, picture.shape[0] // factor)
    return np.asarray(_in_pillow(picture).resize(size, Image.Resampling.BILINEAR))


def _no_blocks(picture: np.ndarray, factor: int) -> np.ndarray:
    height, width, channels = picture.shape
    split = picture[:, :, ::-1].reshape(factor, height // factor, factor, width // factor, channels)
    return np.rint(split.mean(axis=(0, 2))).astype("uint8")


def _rounded_up(picture: np.ndarray, factor: int) -> np.ndarray:
    return np.ceil(_blocks(picture[..., ::-1], factor).mean(axis=(1, 3))).astype("uint8")


def _width_by_height(picture: np.ndarray, factor: int) -> np.ndarray:
    """What INTER_AREA gives for a new size whose two numbers have changed places: means over parts of pixels, too."""
    height, width, channels = picture.shape
    rows, columns = width // factor, height // factor
    parts = picture[:, :, ::-1].repeat(rows, axis=0).repeat(columns, axis=1)
    blocks = parts.reshape(rows, height, columns, width, channels)
    return np.rint(blocks.mean(axis=(1, 3))).astype("uint8")


def _untouched(picture: np.ndarray, factor: int) -> np.ndarray:
    return picture[:, ::-1][::factor, ::factor].astype("float32").astype("uint8")


# Odd factors: no mean ends in exactly .5, which may be rounded either way. Two by four blocks, and one by two.
_WIDE = (np.arange(6 * 12 * 3).reshape(6, 12, 3) * 37 + np.arange(12).reshape(12, 1) ** 2 * 5) % 251
_LARGE = (np.arange(5 * 10 * 3).reshape(5, 10, 3) ** 2 * 7) % 253

SHRINK_PICTURE = Exercise(
    id="14.4",
    title="mend a reader",
    stub="""\
def shrink_picture(picture, factor):
    ...""",
    check=function_matches(
        shrink_picture,
        [(_WIDE.astype("uint8"), 3), (_LARGE.astype("uint8"), 5)],
        dtype="uint8",
        also=(_by_pillow_box, _by_pillow_reduce),  # one level off here and there, since Pillow rounds on the way
        mistakes=(
            (
                _by_pillow_bilinear,
                "`BILINEAR` takes in pixels of the neighbouring blocks. Pillow's plain mean is `BOX`.",
            ),
            (
                _no_blocks,
                "Those are no blocks: `reshape` needs the number of blocks first, then `factor`, on each axis.",
            ),
            (_rounded_up, "`np.ceil` rounds everything up. Asked for is the nearest whole number: `np.rint`."),
            (_width_by_height, "OpenCV and Pillow want the new size as (width, height)."),
            (_untouched, "That is the function as it was, with its three faults."),
            (_blue_first, "The channels are still in OpenCV's order, blue first."),
            (_mirrored, "`picture[:, ::-1]` mirrors the picture. The channels are the third axis."),
            (_all_reversed, "All three axes are reversed: the picture is upside down and mirrored as well."),
            (_aliased, "One pixel of each block was taken. Asked for is the mean of all of them."),
            (_middle, "One pixel of each block was taken, the middle one. Asked for is the mean of all of them."),
            (_cut, "`astype` drops what is behind the point: 2.9 becomes 2. Round first."),
            (_overflowing, "A sum of bytes in uint8 begins again at 0 after 255. Use a wider type, or `mean`."),
        ),
    ),
    hints=(
        "The channels are the last axis: `picture[:, :, ::-1]`.",
        "`rgb.reshape(height // factor, factor, width // factor, factor, 3)` gives each block two axes of its own.",
        "Take the mean over the axes 1 and 3, then `np.rint(...)`, then `astype`.",
    ),
    solution=written(shrink_picture),
    right=(_by_sum, _by_pillow_box, _by_pillow_reduce),
    wrong=((_float, "uint8"),),
)


# Symptoms of a move, and where to look first.

_CHANNELS, _FLATTEN, _ROUNDING, _TWICE = "channel order", "flatten order", "rounding", "logits or probabilities"
_GUESSING = "All shapes fit, the accuracy is that of guessing"
_STUCK = "New loss function, good accuracy, a loss that stays at 1.04"
_PLUMS = "Ripe tomatoes are called plums, grey elephants are still elephants"
_SIXTH = "Logits differ in the sixth digit"

_CAUSES = {_GUESSING: _FLATTEN, _STUCK: _TWICE, _PLUMS: _CHANNELS, _SIXTH: _ROUNDING}

CAUSES = Exercise(
    id="14.5",
    title="find the cause",
    **matched("causes", _CAUSES),
    check=matching_is(
        _CAUSES,
        options=(_CHANNELS, _FLATTEN, _ROUNDING, _TWICE),
        feedback={
            (
                _GUESSING,
                _CHANNELS,
            ): (
                "Blue first cost about ten points here, on one draw fewer than four. "
                "Guessing is left where each weight meets another number."
            ),
            (_GUESSING, _ROUNDING): "Rounding moves a logit by less than a ten-thousandth, and no answer with it.",
            (_GUESSING, _TWICE): "The softmax of probabilities keeps their order, so the answers stay the same.",
            (
                _STUCK,
                _CHANNELS,
            ): "The accuracy is good, so it sees what it knows. What is 1.04 for six classes?",
            (_STUCK, _FLATTEN): "Then the accuracy would be that of guessing. What is 1.04 for six classes?",
            (_STUCK, _ROUNDING): "Rounding does not raise a loss to 1.04.",
            (_PLUMS, _FLATTEN): "Then everything would be wrong, elephants too. What do only coloured things change?",
            (_PLUMS, _ROUNDING): "Rounding does not turn a tomato into a plum. What do only coloured things change?",
            (_PLUMS, _TWICE): "The answers would stay the same. What makes a red thing blue, and leaves a grey one?",
            (_SIXTH, _CHANNELS): "Other colours change the first digits. The sixth is where 32 bits end.",
            (_SIXTH, _FLATTEN): "Another order changes the first digits. The sixth is where 32 bits end.",
            (_SIXTH, _TWICE): "A softmax changes the first digits. The sixth is where 32 bits end.",
        },
    ),
    hints=(
        "Which of the four causes leaves every answer as it is? Two do. One of them changes the loss, though.",
        "A grey pixel has as much red as blue. What happens to it when the channels change places?",
    ),
    wrong=(
        (_CAUSES | {_SIXTH: "padding"}, "expected one of"),
        ({_SIXTH: _ROUNDING}, "Expected the keys"),
    ),
)


EXERCISES = (DENSE_TO_KERAS, SAME_PADDING, TWO_MOMENTA, SHRINK_PICTURE, CAUSES)
