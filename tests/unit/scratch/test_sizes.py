"""The formulas give the sizes, counts and fields that Keras shows."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_utils.scratch import convolution, sizes


def _configurations(seed, how_many):
    """Random layers; stride and dilation are not both above 1, which Keras refuses."""
    random = np.random.default_rng(seed)
    for _ in range(how_many):
        stride, dilation = [(int(random.integers(1, 4)), 1), (1, int(random.integers(1, 4)))][random.integers(2)]
        yield {
            "image": tuple(int(n) for n in random.integers(12, 40, 2)),
            "kernel": tuple(int(n) for n in random.integers(1, 5, 2)),
            "channels": int(random.integers(1, 6)),
            "filters": int(random.integers(1, 9)),
            "stride": stride,
            "dilation": dilation,
            "padding": ["valid", "same"][random.integers(2)],
            "bias": bool(random.integers(2)),
        }


def test_sizes_and_parameters_of_sixty_keras_layers():
    from keras import layers

    for c in _configurations(seed=0, how_many=60):
        layer = layers.Conv2D(
            c["filters"], c["kernel"], strides=c["stride"], padding=c["padding"], dilation_rate=c["dilation"],
            use_bias=c["bias"],
        )  # fmt: skip
        shape = (None, *c["image"], c["channels"])
        layer.build(shape)
        expected = tuple(
            sizes.output_size(n, k, c["stride"], c["padding"], c["dilation"])
            for n, k in zip(c["image"], c["kernel"], strict=True)
        )
        assert layer.compute_output_shape(shape) == (None, *expected, c["filters"]), c
        counted = sizes.conv2d_parameters(c["kernel"], c["channels"], c["filters"], bias=c["bias"])
        assert layer.count_params() == counted, c


def test_pooling_sizes_of_thirty_keras_layers():
    from keras import layers

    for c in _configurations(seed=1, how_many=30):
        size = c["kernel"][0]
        layer = layers.MaxPooling2D(size, strides=c["stride"], padding=c["padding"])
        expected = tuple(sizes.output_size(n, size, c["stride"], c["padding"]) for n in c["image"])
        assert layer.compute_output_shape((None, *c["image"], 3)) == (None, *expected, 3), c


def test_parameters_of_thirty_dense_layers():
    from keras import layers

    random = np.random.default_rng(2)
    for inputs, units in random.integers(1, 99, (30, 2)).tolist():
        for bias in (True, False):
            layer = layers.Dense(units, use_bias=bias)
            layer.build((None, inputs))
            assert layer.count_params() == sizes.dense_parameters(inputs, units, bias=bias)


def test_multiply_adds_are_the_products_that_keras_adds_up():
    """A layer of ones over an image of ones counts its own products: each adds 1 to the output."""
    from keras import ops

    for c in _configurations(seed=3, how_many=40):
        x = np.ones((1, *c["image"], c["channels"]), dtype="float32")
        window = {name: c[name] for name in ("stride", "padding", "dilation")}
        framed = convolution.pad(x, c["kernel"], **window, value=1)  # so that products with the padding count as well
        kernel = np.ones((*c["kernel"], c["channels"], c["filters"]), dtype="float32")
        output = ops.conv(framed, kernel, strides=c["stride"], dilation_rate=c["dilation"])
        counted = sizes.conv2d_multiply_adds(c["image"], c["kernel"], c["channels"], c["filters"], **window)
        assert counted == float(ops.sum(output)), c


def test_receptive_field_is_what_a_gradient_reaches(reference):
    """Thirty random stacks: the input pixels with a gradient, for one output in the middle."""
    from keras import ops

    random = np.random.default_rng(4)
    for _ in range(30):
        stack = []
        for _ in range(random.integers(1, 5)):
            kernel = int(random.integers(1, 5))
            stride, dilation = [(int(random.integers(1, 3)), 1), (1, int(random.integers(1, 4)))][random.integers(2)]
            stack.append((kernel, stride, dilation))

        def run(x, stack=stack):
            for kernel, stride, dilation in stack:
                ones = np.ones((kernel, 1, 1, 1), dtype="float32")
                x = ops.conv(x, ones, strides=stride, dilation_rate=dilation)
            return x

        def only_the_middle(shape):
            chosen = np.zeros(tuple(shape), dtype="float32")
            chosen[0, shape[1] // 2] = 1
            return chosen

        _, (gradient,) = reference(run, only_the_middle, np.ones((1, 200, 1, 1), dtype="float32"))
        reached = np.flatnonzero(gradient[0, :, 0, 0])
        assert sizes.receptive_field(stack) == reached.max() - reached.min() + 1, stack


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 6),
    st.integers(1, 4),
    st.sampled_from(["valid", "same", 0, 1, 3]),
    st.integers(1, 3),
)
def test_output_size_counts_the_windows_that_fit(size, kernel, stride, padding, dilation):
    before, after = sizes.padding_amounts(size, kernel, stride, padding, dilation)
    span = sizes.window_span(kernel, dilation)
    assume(span <= size + before + after)
    starts = [start for start in range(0, size + before + after, stride) if start + span <= size + before + after]
    assert sizes.output_size(size, kernel, stride, padding, dilation) == len(starts)
    if padding == "same":
        assert len(starts) == int(np.ceil(size / stride))
        assert after - before in (0, 1)


def test_program_b():
    """A small CNN for CIFAR-10: most of its parameters are dense, most of its multiply-adds convolutional."""
    convolutions = sizes.conv2d_parameters(3, 3, 32) + sizes.conv2d_parameters(3, 32, 64)
    assert convolutions + sizes.dense_parameters(6 * 6 * 64, 128) + sizes.dense_parameters(128, 10) == 315_722
    assert sizes.dense_parameters(6 * 6 * 64, 128) == 295_040
    multiply_adds = sizes.conv2d_multiply_adds((32, 32), 3, 3, 32) + sizes.conv2d_multiply_adds((15, 15), 3, 32, 64)
    assert multiply_adds > 10 * 6 * 6 * 64 * 128


def test_receptive_field_by_hand():
    assert sizes.receptive_field([]) == 1
    assert sizes.receptive_field([(3, 1)] * 3) == 7
    assert sizes.receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)]) == 10
    assert sizes.receptive_field([(3, 1, 4)]) == 9


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sizes.output_size(4, 5), "span of 5 pixels over 4 pixels"),
        (lambda: sizes.output_size(0, 1), "size.*0"),
        (lambda: sizes.output_size(5, 0), "kernel.*0"),
        (lambda: sizes.output_size(5, 2, stride=0), "stride.*0"),
        (lambda: sizes.output_size(5, 2, dilation=1.5), r"dilation.*1\.5"),
        (lambda: sizes.output_size(5, 2, padding="full"), "'full'"),
        (lambda: sizes.output_size(5, 2, padding=-1), "-1"),
        (lambda: sizes.output_size(5, 2, padding=True), "True"),
        (lambda: sizes.conv2d_parameters(3, 0, 1), "channels.*0"),
        (lambda: sizes.dense_parameters(1, 0), "units.*0"),
        (lambda: sizes.receptive_field([(3,)]), r"\(3,\)"),
        (lambda: sizes.receptive_field([(3, 0)]), "stride.*0"),
    ],
)
def test_errors_state_the_rule_and_what_arrived(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_sizes_by_hand():
    assert (sizes.window_span(3), sizes.window_span(3, 2), sizes.window_span(1, 5)) == (3, 5, 1)
    assert sizes.padding_amounts(7, 3) == (0, 0)
    assert sizes.padding_amounts(7, 4, padding="same") == (1, 2)
    assert sizes.padding_amounts(7, 3, 2, "same") == (1, 1) and sizes.padding_amounts(8, 3, 2, "same") == (0, 1)
    assert sizes.padding_amounts(7, 1, 3, "same") == (0, 0)
    assert sizes.padding_amounts(7, 3, padding=2) == (2, 2) and sizes.padding_amounts(7, 3, padding=0) == (0, 0)
    assert sizes.padding_amounts(7, 3, padding="same", dilation=3) == (3, 3)
    assert sizes.output_size(28, 3) == 26 and sizes.output_size(3, 3) == 1
    assert sizes.output_size(28, 3, 2, "same") == 14 and sizes.output_size(28, 3, 2, 1) == 14
    assert sizes.output_size(10, 3, dilation=4) == 2


def test_numbers_of_a_layer_by_hand():
    assert sizes.conv2d_parameters((3, 2), 4, 5) == 3 * 2 * 4 * 5 + 5
    assert sizes.conv2d_parameters(3, 4, 5, bias=False) == 180 and sizes.conv2d_parameters(1, 1, 1) == 2
    assert sizes.dense_parameters(7, 3) == 24 and sizes.dense_parameters(7, 3, bias=False) == 21
    assert sizes.conv2d_multiply_adds((6, 5), 3, 2, 4) == 4 * 3 * 9 * 2 * 4
    assert sizes.conv2d_multiply_adds((6, 5), (3, 1), 2, 4, stride=2, padding="same") == 3 * 3 * 3 * 2 * 4
    assert sizes.conv2d_multiply_adds((7, 7), 3, 1, 1, dilation=2) == 9 * 9
    assert sizes.receptive_field([(3, 2), (3, 1, 2)]) == 3 + 4 * 2 and sizes.receptive_field([(1, 1)]) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sizes.window_span(0), "Expected kernel to be a whole number from 1. Received: 0."),
        (lambda: sizes.window_span(1, 0), "Expected dilation to be a whole number from 1. Received: 0."),
        (lambda: sizes.window_span(2.5), "Expected kernel to be a whole number from 1. Received: 2.5."),
        (lambda: sizes.padding_amounts(0, 1), "Expected size to be a whole number from 1. Received: 0."),
        (
            lambda: sizes.padding_amounts(4, 1, padding=None),
            'Expected padding "valid", "same" or a number of pixels from 0. Received: None.',
        ),
        (
            lambda: sizes.output_size(4, 3, padding=0, dilation=2),
            "Expected a window that fits in the image. Received a span of 5 pixels over 4 pixels and 0 of padding. "
            'Use a smaller kernel or dilation, or padding="same".',
        ),
        (
            lambda: sizes.conv2d_parameters((3, 0), 1, 1),
            "Expected kernel_width to be a whole number from 1. Received: 0.",
        ),
        (
            lambda: sizes.conv2d_parameters((0, 3), 1, 1),
            "Expected kernel_height to be a whole number from 1. Received: 0.",
        ),
        (lambda: sizes.conv2d_parameters(3, 1, 0), "Expected filters to be a whole number from 1. Received: 0."),
        (lambda: sizes.dense_parameters(0, 1), "Expected inputs to be a whole number from 1. Received: 0."),
        (
            lambda: sizes.receptive_field([(3, 1, 1, 1)]),
            "Expected (kernel, stride) or (kernel, stride, dilation) a layer. Received: (3, 1, 1, 1).",
        ),
    ],
)
def test_each_refusal_says_its_rule_in_full(call, message):
    with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
        call()
