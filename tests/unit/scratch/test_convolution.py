"""Convolution in NumPy gives the numbers of Keras, forward and backward, and its gradients are the measured slopes."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from course_utils.scratch import convolution, gradient_check, sizes

configurations = st.fixed_dictionaries(
    {
        "batch": st.integers(1, 3),
        "height": st.integers(3, 9),
        "width": st.integers(3, 9),
        "channels": st.integers(1, 4),
        "filters": st.integers(1, 4),
        "kernel": st.tuples(st.integers(1, 4), st.integers(1, 4)),
        "stride": st.integers(1, 3),
        "padding": st.sampled_from(["valid", "same", 0, 1, 2]),
        "dilation": st.integers(1, 3),
        "dtype": st.sampled_from(["float32", "float64"]),
        "seed": st.integers(0, 2**16),
    }
)
sampled = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)


def _fits(c):
    for axis, taps in zip(("height", "width"), c["kernel"], strict=True):
        try:
            sizes.output_size(c[axis], taps, c["stride"], c["padding"], c["dilation"])
        except ValueError:
            return False
    return True


def _arrays(c):
    random = np.random.default_rng(c["seed"])
    x = random.normal(size=(c["batch"], c["height"], c["width"], c["channels"])).astype(c["dtype"])
    kernel = random.normal(size=(*c["kernel"], c["channels"], c["filters"])).astype(c["dtype"])
    return x, kernel, random.normal(size=c["filters"]).astype(c["dtype"])


def _upstream(dtype, seed=1):
    return lambda shape: np.random.default_rng(seed).normal(size=tuple(shape)).astype(dtype)


def _in_keras(c):
    """Keras's convolution with these settings; what Keras refuses is put together from what it does."""
    import tensorflow as tf
    from keras import ops

    stride, padding, dilation = c["stride"], c["padding"], c["dilation"]

    def run(x, kernel, bias):
        named = "valid"
        if isinstance(padding, int):
            x = tf.pad(x, [[0, 0], [padding] * 2, [padding] * 2, [0, 0]])
        else:
            named = padding
        if dilation == 1:
            return ops.conv(x, kernel, strides=stride, padding=named) + bias
        # Keras has no stride together with dilation: take every stride-th output of stride 1.
        return ops.conv(x, kernel, padding=named, dilation_rate=dilation)[:, ::stride, ::stride] + bias

    return run


@sampled
@given(configurations)
def test_forward_and_backward_equal_keras(reference, close, c):
    assume(_fits(c))
    # "same" with both stride and dilation is defined by the formula alone: Keras has nothing to compare with.
    assume(not (c["padding"] == "same" and c["stride"] > 1 and c["dilation"] > 1))
    x, kernel, bias = _arrays(c)
    knobs = {name: c[name] for name in ("stride", "padding", "dilation")}
    expected, gradients = reference(_in_keras(c), _upstream(c["dtype"]), x, kernel, bias)
    close(convolution.conv2d_loops(x, kernel, bias, **knobs), expected)
    close(convolution.conv2d_forward(x, kernel, bias, **knobs), expected)
    received = convolution.conv2d_backward(_upstream(c["dtype"])(expected.shape), x, kernel, **knobs)
    for mine, theirs in zip(received, gradients, strict=True):
        close(mine, theirs)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 1), (1, 2), (1, 3)])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_every_setting_that_a_keras_layer_has(reference, close, dtype, stride, dilation, padding):
    c = {"batch": 2, "height": 9, "width": 8, "channels": 3, "filters": 4, "kernel": (3, 2), "seed": 0}
    c |= {"stride": stride, "dilation": dilation, "padding": padding, "dtype": dtype}
    x, kernel, bias = _arrays(c)
    expected, gradients = reference(_in_keras(c), _upstream(dtype), x, kernel, bias)
    knobs = {"stride": stride, "dilation": dilation, "padding": padding}
    close(convolution.conv2d_forward(x, kernel, bias, **knobs), expected)
    received = convolution.conv2d_backward(_upstream(dtype)(expected.shape), x, kernel, **knobs)
    for mine, theirs in zip(received, gradients, strict=True):
        close(mine, theirs)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(configurations)
def test_gradients_are_the_measured_slopes(c):
    assume(_fits(c))
    c = c | {"dtype": "float64", "batch": 1, "channels": min(c["channels"], 2), "filters": min(c["filters"], 2)}
    x, kernel, bias = _arrays(c)
    knobs = {name: c[name] for name in ("stride", "padding", "dilation")}
    weights = _upstream("float64")(convolution.conv2d_forward(x, kernel, bias, **knobs).shape)

    def loss(x, kernel, bias):
        return float(np.sum(weights * convolution.conv2d_forward(x, kernel, bias, **knobs)))

    received = convolution.conv2d_backward(weights, x, kernel, **knobs)
    measured = (
        gradient_check.numerical_gradient(lambda value: loss(value, kernel, bias), x),
        gradient_check.numerical_gradient(lambda value: loss(x, value, bias), kernel),
        gradient_check.numerical_gradient(lambda value: loss(x, kernel, value), bias),
    )
    for mine, slope in zip(received, measured, strict=True):
        assert gradient_check.relative_error(mine, slope) < 1e-6


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(configurations)
def test_fourier_transform_gives_the_same(close, c):
    c = c | {"stride": 1, "dilation": 1}
    assume(_fits(c))
    x, kernel, bias = _arrays(c)
    expected = convolution.conv2d_forward(x, kernel, bias, padding=c["padding"])
    close(convolution.conv2d_fft(x, kernel, bias, padding=c["padding"]), expected)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 4), st.integers(1, 4))
def test_true_convolution_equals_scipy_and_cross_correlation_does_not_flip(seed, kernel_height, kernel_width):
    from scipy import signal

    random = np.random.default_rng(seed)
    image, kernel = random.normal(size=(7, 6)), random.normal(size=(kernel_height, kernel_width))
    as_batch, as_kernel = image[None, :, :, None], kernel[:, :, None, None]
    np.testing.assert_allclose(
        convolution.true_conv2d(as_batch, as_kernel)[0, :, :, 0], signal.convolve2d(image, kernel, mode="valid")
    )
    np.testing.assert_allclose(
        convolution.conv2d_forward(as_batch, as_kernel)[0, :, :, 0], signal.correlate2d(image, kernel, mode="valid")
    )


def test_by_hand():
    image = np.arange(9.0).reshape(1, 3, 3, 1)
    kernel = np.array([[1.0, 2.0], [0.0, -1.0]])[:, :, None, None]
    # Top left window 0 1 / 3 4: 1*0 + 2*1 + 0*3 - 1*4 = -2; each step to the right or down adds (1 + 2 + 0 - 1) * step.
    expected = np.array([[-2.0, 0.0], [4.0, 6.0]])
    for function in (convolution.conv2d_loops, convolution.conv2d_forward, convolution.conv2d_fft):
        np.testing.assert_allclose(function(image, kernel)[0, :, :, 0], expected, atol=1e-12)
    # Flipped: -1 0 / 2 1, so -0 + 0 + 6 + 4 = 10.
    np.testing.assert_allclose(convolution.true_conv2d(image, kernel)[0, 0, 0, 0], 10)


def test_without_bias_and_without_touching_the_input():
    x, kernel = np.ones((1, 4, 4, 2)), np.ones((3, 3, 2, 5))
    before = x.copy()
    for function in (convolution.conv2d_loops, convolution.conv2d_forward, convolution.conv2d_fft):
        np.testing.assert_allclose(function(x, kernel), np.full((1, 2, 2, 5), 18.0))
    np.testing.assert_array_equal(x, before)


def test_patches_hold_the_windows():
    x = np.random.default_rng(0).normal(size=(2, 7, 6, 3))
    patches = convolution.image_patches(x, (3, 2), stride=2, dilation=2)
    assert patches.shape == (2, 2, 2, 3, 2, 3)
    np.testing.assert_array_equal(patches[1, 1, 0], x[1, 2:7:2, 0:3:2])


@pytest.mark.parametrize("function", [convolution.conv2d_loops, convolution.conv2d_forward, convolution.conv2d_fft])
def test_errors_state_the_rule_and_what_arrived(function):
    kernel = np.zeros((3, 3, 1, 2))
    with pytest.raises(ValueError, match=r"\(batch, height, width, channels\).*\(28, 28\)"):
        function(np.zeros((28, 28)), kernel)
    with pytest.raises(ValueError, match=r"\(kernel_height, kernel_width, 3, filters\).*\(3, 3, 1, 2\)"):
        function(np.zeros((1, 8, 8, 3)), kernel)
    with pytest.raises(ValueError, match="span of 3 pixels over 2 pixels"):
        function(np.zeros((1, 2, 2, 1)), kernel)
    with pytest.raises(ValueError, match="'full'"):
        function(np.zeros((1, 8, 8, 1)), kernel, padding="full")


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\(1, 6, 6, 2\).*\(1, 8, 8, 2\)"):
        convolution.conv2d_backward(np.zeros((1, 8, 8, 2)), np.zeros((1, 8, 8, 1)), np.zeros((3, 3, 1, 2)))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(configurations)
def test_loops_and_matrix_product_give_the_same(close, c):
    assume(_fits(c))
    x, kernel, bias = _arrays(c)
    knobs = {name: c[name] for name in ("stride", "padding", "dilation")}
    for b in (bias, None):
        close(convolution.conv2d_loops(x, kernel, b, **knobs), convolution.conv2d_forward(x, kernel, b, **knobs))


def test_what_is_not_said_is_one_pixel_without_a_frame(close):
    random = np.random.default_rng(0)
    x, kernel, bias = random.normal(size=(2, 6, 5, 2)), random.normal(size=(3, 2, 2, 3)), random.normal(size=3)
    said = {"stride": 1, "padding": "valid", "dilation": 1}
    for function in (convolution.conv2d_loops, convolution.conv2d_forward):
        close(function(x, kernel, bias), function(x, kernel, bias, **said))
    close(convolution.conv2d_fft(x, kernel, bias), convolution.conv2d_forward(x, kernel, bias, **said))
    gradient = random.normal(size=(2, 4, 4, 3))
    for mine, other in zip(
        convolution.conv2d_backward(gradient, x, kernel),
        convolution.conv2d_backward(gradient, x, kernel, **said),
        strict=True,
    ):
        close(mine, other)
    close(convolution.image_patches(x, (3, 2)), convolution.image_patches(x, (3, 2), stride=1, dilation=1))
    close(convolution.pad(x, (3, 2)), x)
    close(
        convolution.true_conv2d(x, kernel, bias, stride=2),
        convolution.conv2d_loops(x, kernel[::-1, ::-1], bias, stride=2),
    )


def test_a_frame_holds_its_value_on_its_own_sides():
    x = np.arange(6.0).reshape(1, 2, 3, 1)
    framed = convolution.pad(x, (2, 3), stride=1, padding="same", value=-1.0)[0, :, :, 0]
    assert framed.tolist() == [[-1, 0, 1, 2, -1], [-1, 3, 4, 5, -1], [-1, -1, -1, -1, -1]]
    assert convolution.pad(x, (2, 2), padding=1)[0, :, :, 0].tolist() == [
        [0, 0, 0, 0, 0],
        [0, 0, 1, 2, 0],
        [0, 3, 4, 5, 0],
        [0, 0, 0, 0, 0],
    ]
    assert convolution.pad(x, (2, 2), stride=2, padding="same").shape == (1, 2, 4, 1)
    assert convolution.pad(x, (2, 2), padding="same", dilation=2).shape == (1, 4, 5, 1)


def test_each_refusal_says_its_rule_in_full():
    x, kernel = np.zeros((1, 8, 8, 3)), np.zeros((3, 3, 3, 2))
    for call, message in (
        (
            lambda: convolution.conv2d_forward(x[0], kernel),
            "Expected images of shape (batch, height, width, channels). Received: (8, 8, 3).",
        ),
        (
            lambda: convolution.conv2d_forward(x, kernel[0]),
            "Expected a kernel of shape (kernel_height, kernel_width, 3, filters) for images of 3 channels. "
            "Received: (3, 3, 2).",
        ),
        (
            lambda: convolution.conv2d_backward(np.zeros((1, 6, 6, 3)), x, kernel),
            "Expected a gradient in the shape of the output, (1, 6, 6, 2). Received: (1, 6, 6, 3).",
        ),
    ):
        with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
            call()
