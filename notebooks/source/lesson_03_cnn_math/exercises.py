"""Exercises of lesson 03: what a convolution computes."""

import numpy as np

from course_utils.exercises.by_hand import numbers_are, table_is
from course_utils.exercises.checks import array_is, function_matches, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]

# Exercises on the forward pass: by hand, a kernel for a purpose, a stride to mend, a depthwise layer.


def _by_hand() -> list[list[int]]:
    by_hand = [
        [1 * 1 + 2 * 0 - 1, 1 * 0 + 2 * 2 - 0, 1 * 2 + 2 * 1 - 2],
        [1 * 3 + 2 * 1 - 2, 1 * 1 + 2 * 0 - 1, 1 * 0 + 2 * 2 - 1],
    ]
    return by_hand  # noqa: RET504


BY_HAND = Exercise(
    id="03.1",
    title="cross-correlation by hand",
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
    wrong=(
        ([[0, 4, 2], [3, 0, 4]], "Row 1, column 2"),
        ([[0, 4, 2, 1], [3, 0, 3, 1]], "Expected 2 rows of 3 numbers"),
        ([0, 4, 2, 3, 0, 3], "Expected a list of rows"),
        (7, "Expected a list of rows"),
        ([["a", 4, 2], [3, 0, 3]], "Expected a number"),
    ),
)


def _mover() -> np.ndarray:
    mover = np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]])
    return mover  # noqa: RET504


_PLACED = {
    (1, 1): "That kernel takes the pixel in the middle of the window: the picture stays where it is.",
    (1, 0): "The picture moves to the right. The output has to take the pixel at the *right* of the window's middle.",
    (0, 1): "The picture moves down: each place takes the pixel above it.",
    (2, 1): "The picture moves up: each place takes the pixel below it.",
    (0, 2): "The picture moves left, and down as well.",
    (2, 2): "The picture moves left, and up as well.",
    (0, 0): "The picture moves right, and down as well.",
    (2, 0): "The picture moves right, and up as well.",
}


def _one_at(row: int, column: int) -> np.ndarray:
    kernel = np.zeros((3, 3))
    kernel[row, column] = 1
    return kernel


_EDGES = np.array([[-1, 0, 1]] * 3)

MOVER = Exercise(
    id="03.2",
    title="move the picture",
    stub="mover = ...",
    check=array_is(
        _mover(),
        mistakes=(
            *((_one_at(*place), message) for place, message in _PLACED.items()),
            (np.zeros((3, 3)), "With these weights the output is black. One pixel of the window has to count."),
            (
                2 * _mover(),
                "The place is right. But the output is twice as light: which weight leaves a pixel as it is?",
            ),
            (_EDGES, "That is the kernel from above: it shows edges. To move a picture, a single pixel has to count."),
        ),
        otherwise="Eight of the nine weights are 0. Which pixel of the window is `image[i + 1, j + 2]`?",
    ),
    hints=(
        "Only one pixel of the window may count, so eight of the nine weights are 0.",
        "image[i + 1, j + 2]: which row and which column of the window is that, counted from 0?",
    ),
    solution=computed(_mover),
    wrong=(
        ([[0, 0, 1]], "shape"),
        (1, "shape"),
        ([[0, 0, 0], [0, 0, 1], [0, 0, 1]], "Eight of the nine"),
    ),
)


def slide_stride(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    rows, columns = kernel.shape
    height = (image.shape[0] - rows) // stride + 1
    width = (image.shape[1] - columns) // stride + 1
    output = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            top, left = i * stride, j * stride
            window = image[top : top + rows, left : left + columns]
            output[i, j] = np.sum(window * kernel)
    return output


def _corner_only(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """The fault of the cell: the right size, and the places at the top left."""
    output = slide_stride(image, kernel, stride)
    return slide_stride(image, kernel, 1)[: output.shape[0], : output.shape[1]]


def _rows_only(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    output = slide_stride(image, kernel, stride)
    return slide_stride(image, kernel, 1)[::stride, : output.shape[1]]


def _columns_only(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    return _rows_only(image.T, kernel.T, stride).T


def _loops_step(image: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    """The loops jump, and so do the places that they write to."""
    every = slide_stride(image, kernel, 1)
    output = np.zeros_like(slide_stride(image, kernel, stride))
    output[::stride, ::stride] = every[: output.shape[0] : stride, : output.shape[1] : stride]
    return output


_STRIDE_CASES = tuple(
    (np.arange(h * w).reshape(h, w) ** 2 % 11 - 3.0, np.arange(u * v).reshape(u, v) % 5 - 1.0, stride)
    for h, w, u, v, stride in ((5, 7, 3, 3, 2), (8, 6, 2, 3, 3), (4, 5, 2, 2, 1))
)

STRIDE = Exercise(
    id="03.3",
    title="mend the stride",
    stub="""\
def slide_stride(image, kernel, stride):
    ...""",
    check=function_matches(
        slide_stride,
        _STRIDE_CASES,
        mistakes=(
            (_corner_only, "The kernel still moves by one pixel: it never leaves the top left corner of the picture."),
            (_rows_only, "The rows are right. The kernel still moves by one pixel from left to right."),
            (_columns_only, "The columns are right. The kernel still moves by one pixel from top to bottom."),
            (_loops_step, "The loops jump, so most of the output stays 0. Count every place; let the window jump."),
            (lambda image, kernel, _: slide_stride(image, kernel, 2), "That is a stride of 2, whatever `stride` says."),
        ),
    ),
    hints=(
        "Where does the window begin for i = 1 and a stride of 2?",
        "It begins at row i * stride. It is as high as the kernel, whatever the stride is.",
    ),
    solution=written(slide_stride),
    right=(lambda image, kernel, stride: slide_stride(image, kernel, 1)[::stride, ::stride],),
    wrong=((lambda image, kernel, stride: slide_stride(image, kernel, stride)[1:], "shape"),),
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


def _channels_first(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.moveaxis(depthwise(x, kernel), -1, 0)


def _last_alone(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return depthwise(x, kernel)[:, :, -1]


def _padded(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return depthwise(np.pad(x, ((0, kernel.shape[0] - 1), (0, kernel.shape[1] - 1), (0, 0))), kernel)


# Neither square nor symmetric, so that a swapped axis or a turned kernel shows.
_CASES = tuple(
    (np.arange(h * w * c).reshape(h, w, c) % 7 - 2.0, np.arange(u * v * c).reshape(u, v, c) % 5 - 1.5)
    for h, w, c, u, v in ((5, 6, 2, 2, 3), (4, 3, 3, 3, 1), (3, 3, 1, 2, 2))
)

DEPTHWISE = Exercise(
    id="03.4",
    title="depthwise",
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
            (
                _channels_first,
                "The numbers are right, but the channels belong on the last axis: `np.stack(..., axis=-1)`.",
            ),
            (_last_alone, "Only the last channel is left: each time round the loop overwrites the one before."),
            (_padded, "The picture was padded. Use only places at which the whole kernel fits."),
        ),
    ),
    hints=(
        "Begin with `slide` from the top of the lesson. What changes if both arrays have one more axis at the end?",
        "The product of window and kernel has the shape (rows, columns, channels). Over which axes do you add up?",
        "`np.sum(window * kernel, axis=(0, 1))` gives one number for each channel.",
    ),
    solution=written(depthwise),
    right=(_over_taps,),
    wrong=(
        (lambda x, kernel: x * kernel, "raised ValueError"),
        (lambda x, kernel: None if x is kernel else print(end=""), "returned None"),
    ),
)


# Exercise on the backward pass: gradients in one dimension, by hand.


def _gradients() -> dict[str, list[int]]:
    gradients = {
        "w": [1 * 2 + 0 * -1 + 2 * 3, 1 * -1 + 0 * 3 + 2 * 1],
        "x": [1 * 1, 1 * -2 + 0 * 1, 0 * -2 + 2 * 1, 2 * -2],
    }
    return gradients  # noqa: RET504


_W, _X = [8, 1], [1, -2, 2, -4]

GRADIENTS = Exercise(
    id="03.7",
    title="gradients by hand",
    stub='gradients = {"w": ..., "x": ...}  # two lists, of 2 and of 4 numbers',
    check=numbers_are(
        {"w": _W, "x": _X},
        mistakes=(
            ("w", [1, 8], "the two are swapped. Weight 0 met the first, second and third value of the signal."),
            ("w", [4, 3], "g is left out. Each pixel counts times the gradient of the output that it helped to make."),
            ("w", [8, 3], "a sign is lost. The last weight met the pixel -1, and g = 1 came back from there."),
            ("x", [-4, 2, -2, 1], "the four stand in reverse order. Begin with the first value of the signal."),
            ("x", [1, 2, 2, 4], "signs are lost. The second weight is -2."),
            ("x", [-2, 1, -4, 2], "the kernel is turned round. Signal 0 met weight 0 only, at the first place."),
            ("x", [1, -1, -1, -2], "g is left out. Each weight counts times the gradient of its output."),
            ("x", [4, -7, 1], "those are the outputs y of the forward pass. Asked for is the way back."),
        ),
    ),
    hints=(
        "For each number ask: which outputs did it touch, and times what?",
        "Weight 0 touched y0 through x0, y1 through x1, y2 through x2: its gradient is g0 x0 + g1 x1 + g2 x2.",
        "x1 touched y0 through weight 1 and y1 through weight 0: g0 w1 + g1 w0.",
    ),
    solution=computed(_gradients),
    wrong=(
        ({"w": _W, "x": [1, -2, 2]}, "expected 4 numbers"),
        ({"w": _W, "x": [1, -2, 3, -4]}, "value 2 (from 0)"),
        ({"w": 8, "x": _X}, "expected a list of numbers"),
        (([8, 1], [1, -2, 2, -4]), "Expected a dictionary"),
    ),
)


# Exercises on counting: size, parameters and work of a layer, and how far a stack of layers sees.


def _layer_by_hand() -> dict[str, int]:
    height = (60 - 5) // 2 + 1
    width = (40 - 3) // 2 + 1
    weights = 5 * 3 * 3 * 8
    layer_by_hand = {
        "height": height,
        "width": width,
        "parameters": weights + 8,
        "multiply_adds": height * width * weights,
    }
    return layer_by_hand  # noqa: RET504


_LAYER = {"height": 28, "width": 19, "parameters": 368, "multiply_adds": 191_520}

LAYER = Exercise(
    id="03.5",
    title="a layer by hand",
    stub='layer_by_hand = {"height": ..., "width": ..., "parameters": ..., "multiply_adds": ...}',
    check=numbers_are(
        _LAYER,
        mistakes=(
            ("height", 30, "that is with padding. Without it the last rows have no whole window."),
            ("height", 27, "the first place counts as well: add 1 after the division."),
            ("height", 28.5, "there is no half place. Round down before you add 1."),
            ("height", 19, "that is the width. Height comes first, in `60 pixels high` as in arrays."),
            ("height", 56, "that is stride 1."),
            ("height", 29, "the kernel is 5 high, so its span is 5, not 3. Height comes first."),
            ("width", 20, "that is with padding. Without it the last columns have no whole window."),
            ("width", 18, "either the 1 after the division is missing, or the kernel is taken to be 5 wide."),
            ("width", 28, "that is the height. The picture is 40 wide, and the filters 3."),
            ("width", 38, "that is stride 1."),
            ("width", 19.5, "there is no half place. Round down before you add 1."),
            ("parameters", 360, "those are the weights. Each filter has a bias as well."),
            ("parameters", 128, "a filter has a weight for every channel of the input, not for one."),
            ("parameters", 384, "each filter has one bias, not one for each channel."),
            ("multiply_adds", 360, "that is one place. The kernels are used at every place."),
            ("multiply_adds", 23_940, "that is one filter. There are 8."),
            ("multiply_adds", 63_840, "that is one input channel. The sum runs over 3."),
            ("multiply_adds", 383_040, "one multiplication and one addition count together, as one."),
            ("multiply_adds", 864_000, "that is a place for every input pixel. Count the output values."),
            ("multiply_adds", 195_776, "the biases are added, not multiplied; they are left out of the count."),
        ),
    ),
    hints=(
        "Height: the window is 5 high and moves by 2. (60 - 5) / 2, rounded down, plus the first place.",
        "A filter has 5 x 3 weights for each of 3 channels. There are 8 filters, each with one bias.",
        "Multiply-adds: output height x output width x all weights, without the biases.",
    ),
    solution=computed(_layer_by_hand),
    wrong=(
        (_LAYER | {"height": 30, "width": 20}, "with padding"),
        (_LAYER | {"height": 29, "width": 18}, "Height comes first"),
        (_LAYER | {"multiply_adds": 1}, "another number"),
        (_LAYER | {"width": "19"}, "Expected a number"),
        ([28, 19, 368, 191_520], "Expected a dictionary"),
    ),
)


def _field() -> int:
    field_with_stride, jump = 1, 1
    for side, factor in [(3, 2), (2, 2), (3, 1), (2, 2), (3, 1)]:
        field_with_stride = field_with_stride + (side - 1) * jump
        jump = jump * factor
    return field_with_stride


FIELD = Exercise(
    id="03.6",
    title="how far it sees",
    stub="field_with_stride = ...",
    check=number_is(
        33,
        mistakes={
            18: "That is the field without the change. Every step behind the stride is now twice as long.",
            36: "The field is not doubled as a whole: the first kernel still looks at three neighbouring pixels.",
            35: "All steps were doubled, the first kernel's as well. Its own steps are still one pixel long.",
            15: "The strides of the poolings are missing: they make every later step twice as long.",
            9: "Every step was counted as one pixel. A step is as long as the product of all strides before it.",
            41: "A stride lengthens the steps of the layers behind it, not those of its own layer.",
            27: "The poolings' own windows are missing: they look at two values each.",
            1089: "That is the number of pixels of the whole square. Asked for is one axis.",
        },
        otherwise="Begin with 1. Each layer adds its window less one, times how far apart its inputs lie.",
    ),
    hints=(
        "Do the old stack first, as in the cell above. It comes to 18. Which of its steps does the stride make longer?",
        "With the stride the steps are 1, 2, 4, 4 and 8 pixels long; convolutions take two steps, poolings one.",
    ),
    solution=computed(_field),
    wrong=(
        (32, "Begin with 1"),
        (34, "Begin with 1"),
        ("33", "Expected a number"),
    ),
)


EXERCISES = (BY_HAND, MOVER, STRIDE, DEPTHWISE, LAYER, FIELD, GRADIENTS)
