"""Dense layers and activation functions give the numbers of Keras, forward and backward, and do not overflow."""

import re
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.scratch import activations, dense, gradient_check

NAMES = ["relu", "sigmoid", "tanh", "softmax"]
DTYPES = ["float32", "float64"]
dtypes = st.sampled_from(DTYPES)


def _random(seed, *shape, dtype="float64"):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 5), dtypes, st.integers(0, 1000))
def test_dense_equals_keras(reference, close, batch, inputs, units, dtype, seed):
    from keras import ops

    x, weights = _random(seed, batch, inputs, dtype=dtype), _random(seed + 1, inputs, units, dtype=dtype)
    bias, upstream = _random(seed + 2, units, dtype=dtype), _random(seed + 3, batch, units, dtype=dtype)
    expected, gradients = reference(lambda a, b, c: ops.matmul(a, b) + c, lambda _: upstream, x, weights, bias)
    close(dense.dense_forward(x, weights, bias), expected)
    for mine, theirs in zip(dense.dense_backward(upstream, x, weights), gradients, strict=True):
        close(mine, theirs)


def test_a_keras_layer_gives_the_same(close):
    from keras import layers

    layer = layers.Dense(4)
    x = _random(0, 3, 5, dtype="float32")
    expected = np.array(layer(x))
    weights, bias = layer.get_weights()
    close(dense.dense_forward(x, weights, bias), expected)
    close(dense.dense_forward(x, weights), expected - bias)


def test_dense_gradients_are_the_measured_slopes():
    x, weights, bias, upstream = _random(0, 3, 4), _random(1, 4, 2), _random(2, 2), _random(3, 3, 2)
    received = dense.dense_backward(upstream, x, weights)
    measured = (
        gradient_check.numerical_gradient(lambda v: np.sum(upstream * dense.dense_forward(v, weights, bias)), x),
        gradient_check.numerical_gradient(lambda v: np.sum(upstream * dense.dense_forward(x, v, bias)), weights),
        gradient_check.numerical_gradient(lambda v: np.sum(upstream * dense.dense_forward(x, weights, v)), bias),
    )
    for mine, slope in zip(received, measured, strict=True):
        assert gradient_check.relative_error(mine, slope) < 1e-6


def test_flatten_orders_as_keras_and_comes_back():
    from keras import layers

    x = _random(0, 2, 3, 4, 5, dtype="float32")
    np.testing.assert_array_equal(dense.flatten_forward(x), np.array(layers.Flatten()(x)))
    np.testing.assert_array_equal(dense.flatten_backward(dense.flatten_forward(x), x), x)


def test_dense_errors_state_the_rule_and_what_arrived():
    with pytest.raises(ValueError, match=r"\(2, 8, 8, 1\).*Flatten"):
        dense.dense_forward(np.zeros((2, 8, 8, 1)), np.zeros((64, 10)))
    with pytest.raises(ValueError, match=r"\(64, units\).*\(32, 10\)"):
        dense.dense_forward(np.zeros((2, 64)), np.zeros((32, 10)))
    with pytest.raises(ValueError, match=r"\(2, 10\).*\(10, 2\)"):
        dense.dense_backward(np.zeros((10, 2)), np.zeros((2, 64)), np.zeros((64, 10)))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 5), st.integers(2, 6), dtypes, st.integers(0, 1000))
def test_activations_equal_keras(reference, close, name, rows, columns, dtype, seed):
    from keras import ops

    x, upstream = 3 * _random(seed, rows, columns, dtype=dtype), _random(seed + 1, rows, columns, dtype=dtype)
    expected, (gradient,) = reference(getattr(ops, name), lambda _: upstream, x)
    close(getattr(activations, name)(x), expected)
    close(getattr(activations, f"{name}_backward")(upstream, x), gradient)


@pytest.mark.parametrize("name", NAMES)
def test_activation_gradients_are_the_measured_slopes(name):
    x, upstream = 3 * _random(0, 4, 5), _random(1, 4, 5)
    function, backward = getattr(activations, name), getattr(activations, f"{name}_backward")
    measured = gradient_check.numerical_gradient(lambda value: np.sum(upstream * function(value)), x)
    assert gradient_check.relative_error(backward(upstream, x), measured) < 1e-6


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_extreme_values_stay_finite_and_silent(name, dtype):
    x = np.array([[-1e4, -100, 0, 100, 1e4], [1e4] * 5, [-1e4] * 5], dtype=dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        output = getattr(activations, name)(x)
        gradient = getattr(activations, f"{name}_backward")(np.ones_like(x), x)
    assert np.isfinite(output).all()
    assert np.isfinite(gradient).all()
    assert output.dtype == gradient.dtype == np.dtype(dtype)


def test_values_by_hand():
    x = np.array([[-1.0, 0.0, 2.0]])
    assert activations.relu(x).tolist() == [[0, 0, 2]]
    assert activations.relu_backward(np.ones_like(x), x).tolist() == [[0, 0, 1]]
    np.testing.assert_allclose(activations.sigmoid(np.array([0.0, np.log(3)])), [0.5, 0.75])
    np.testing.assert_allclose(activations.softmax(np.log([[1.0, 2.0, 5.0]])), [[0.125, 0.25, 0.625]])
    # Far below zero the sigmoid is exp(x), not zero.
    np.testing.assert_allclose(activations.sigmoid(np.array([-50.0])), np.exp([-50.0]), rtol=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(-50, 50))
def test_softmax_does_not_change_when_all_logits_shift(seed, shift):
    x = _random(seed, 3, 4)
    np.testing.assert_allclose(activations.softmax(x + shift), activations.softmax(x), rtol=1e-9)
    np.testing.assert_allclose(activations.softmax(x).sum(axis=-1), 1)


def test_dense_and_flatten_by_hand():
    x, weights, bias = np.array([[1.0, 2.0]]), np.array([[1.0, 3.0], [0.5, -1.0]]), np.array([10.0, 20.0])
    assert dense.dense_forward(x, weights, bias).tolist() == [[12, 21]]
    assert dense.dense_forward(x, weights).tolist() == [[2, 1]]
    images = np.arange(24).reshape(2, 3, 4)
    assert dense.flatten_forward(images).tolist() == [list(range(12)), list(range(12, 24))]
    assert dense.flatten_backward(dense.flatten_forward(images), images).tolist() == images.tolist()


def test_each_dense_refusal_says_its_rule_in_full():
    for call, message in (
        (
            lambda: dense.dense_forward(np.zeros(3), np.zeros((3, 1))),
            "Expected input of shape (batch, inputs). Received: (3,). Flatten images first.",
        ),
        (
            lambda: dense.dense_forward(np.zeros((1, 3)), np.zeros(3)),
            "Expected weights of shape (3, units). Received: (3,).",
        ),
        (
            lambda: dense.dense_backward(np.zeros((1, 2)), np.zeros((1, 3)), np.zeros((3, 1))),
            "Expected a gradient in the shape of the output, (1, 1). Received: (1, 2).",
        ),
    ):
        with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
            call()
