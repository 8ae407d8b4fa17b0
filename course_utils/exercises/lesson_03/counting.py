"""Exercises on counting: size, parameters and work of a layer, and how far a stack of layers sees."""

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import number_is
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["FIELD", "LAYER"]


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
    id="03.4",
    title="a layer by hand",
    kind="compute by hand",
    prompt="Compute the output size, the parameters and the multiply-adds of a convolution layer.",
    stub='layer_by_hand = {"height": ..., "width": ..., "parameters": ..., "multiply_adds": ...}',
    check=numbers_are(
        _LAYER,
        mistakes=(
            ("height", 30, "that is with padding. Without it the last rows have no whole window."),
            ("height", 27, "the first place counts as well: add 1 after the division."),
            ("height", 28.5, "there is no half place. Round down before you add 1."),
            ("height", 56, "that is stride 1."),
            ("height", 29, "the kernel is 5 high, so its span is 5, not 3. Height comes first."),
            ("width", 20, "that is with padding. Without it the last columns have no whole window."),
            ("width", 18, "either the 1 after the division is missing, or the kernel is taken to be 5 wide."),
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
    right=(_LAYER, {key: float(value) for key, value in _LAYER.items()}),
    wrong=(
        (_LAYER | {"height": 30, "width": 20}, "with padding"),
        (_LAYER | {"height": 27}, "add 1"),
        (_LAYER | {"height": 29, "width": 18}, "Height comes first"),
        (_LAYER | {"parameters": 360}, "a bias as well"),
        (_LAYER | {"parameters": 128}, "every channel"),
        (_LAYER | {"multiply_adds": 360}, "one place"),
        (_LAYER | {"multiply_adds": 195_776}, "left out of the count"),
        (_LAYER | {"height": 28.5}, "no half place"),
        (_LAYER | {"multiply_adds": 383_040}, "count together"),
        (_LAYER | {"multiply_adds": 1}, "another number"),
        (_LAYER | {"width": "19"}, "Expected a number"),
        ([28, 19, 368, 191_520], "Expected a dictionary"),
    ),
)


def _field() -> int:
    field, jump = 1, 1
    for kernel, stride in [(3, 2), (2, 2), (3, 1), (2, 2), (3, 1)]:
        field = field + (kernel - 1) * jump
        jump = jump * stride
    return field


FIELD = Exercise(
    id="03.5",
    title="how far it sees",
    kind="change and predict",
    prompt="Predict how a stride of 2 in the first layer changes the receptive field of a stack.",
    stub="field = ...",
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
    ),
    hints=(
        "Do the old stack first: 1, then 3, 4, 8, 10, 18. The steps are 1, 1, 2, 2 and 4 pixels long.",
        "With the stride the steps are 1, 2, 4, 4 and 8 pixels long; convolutions take two steps, poolings one.",
    ),
    solution=computed(_field),
    right=(33, 33.0, np.int64(33)),
    wrong=(
        (36, "not doubled as a whole"),
        (18, "without the change"),
        (35, "first kernel's as well"),
        (15, "strides of the poolings"),
        (9, "counted as one pixel"),
        (41, "not those of its own layer"),
        (27, "windows are missing"),
        (1089, "one axis"),
        (32, "too small"),
        ("33", "Expected a number"),
    ),
)
