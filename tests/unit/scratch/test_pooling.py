"""Pooling in NumPy gives the numbers of Keras, forward and backward."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from course_utils.scratch import gradient_check, pooling

FUNCTIONS = {
    "max": (pooling.max_pool_forward, pooling.max_pool_backward),
    "average": (pooling.average_pool_forward, pooling.average_pool_backward),
}

configurations = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["max", "average"]),
        "shape": st.tuples(st.integers(1, 3), st.integers(2, 8), st.integers(2, 8), st.integers(1, 3)),
        "size": st.integers(1, 4),
        "stride": st.sampled_from([None, 1, 2, 3]),
        "padding": st.sampled_from(["valid", "same"]),
        "dtype": st.sampled_from(["float32", "float64"]),
        "seed": st.integers(0, 2**16),
    }
)


def _fits(c):
    return c["padding"] == "same" or c["size"] <= min(c["shape"][1:3])


def _different_values(c):
    """No two values closer than the step of the gradient check: no ties for the maximum."""
    random = np.random.default_rng(c["seed"])
    return random.permutation(np.prod(c["shape"])).reshape(c["shape"]).astype(c["dtype"]) / 10


def _upstream(dtype):
    return lambda shape: np.random.default_rng(1).normal(size=tuple(shape)).astype(dtype)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(configurations)
def test_forward_and_backward_equal_keras(reference, close, c):
    from keras import ops

    assume(_fits(c))
    theirs = {"max": ops.max_pool, "average": ops.average_pool}[c["kind"]]
    forward, backward = FUNCTIONS[c["kind"]]
    x, knobs = _different_values(c), {name: c[name] for name in ("size", "stride", "padding")}
    expected, (gradient,) = reference(
        lambda tensor: theirs(tensor, c["size"], strides=c["stride"], padding=c["padding"]), _upstream(c["dtype"]), x
    )
    close(forward(x, **knobs), expected)
    close(backward(_upstream(c["dtype"])(expected.shape), x, **knobs), gradient)


@settings(max_examples=25, deadline=None)
@given(configurations)
def test_gradients_are_the_measured_slopes(c):
    assume(_fits(c))
    c = c | {"dtype": "float64"}
    forward, backward = FUNCTIONS[c["kind"]]
    x, knobs = _different_values(c), {name: c[name] for name in ("size", "stride", "padding")}
    weights = _upstream("float64")(forward(x, **knobs).shape)
    measured = gradient_check.numerical_gradient(lambda value: float(np.sum(weights * forward(value, **knobs))), x)
    assert gradient_check.relative_error(backward(weights, x, **knobs), measured) < 1e-6


def test_by_hand():
    x = np.array([[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 1.0, 7.0]]).reshape(1, 2, 4, 1)
    assert pooling.max_pool_forward(x).ravel().tolist() == [5, 7]
    assert pooling.average_pool_forward(x).ravel().tolist() == [3.25, 2.5]
    gradient = np.array([10.0, 20.0]).reshape(1, 1, 2, 1)
    assert pooling.max_pool_backward(gradient, x)[0, :, :, 0].tolist() == [[0, 10, 0, 0], [0, 0, 0, 20]]
    assert pooling.average_pool_backward(gradient, x)[0, :, :, 0].tolist() == [[2.5, 2.5, 5, 5], [2.5, 2.5, 5, 5]]


def test_negative_values_at_a_padded_edge():
    x = -np.ones((1, 3, 3, 1))
    np.testing.assert_array_equal(pooling.max_pool_forward(x, padding="same"), -np.ones((1, 2, 2, 1)))
    np.testing.assert_array_equal(pooling.average_pool_forward(x, padding="same"), -np.ones((1, 2, 2, 1)))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(configurations)
def test_of_equal_pixels_the_first_gets_the_gradient_as_in_keras(reference, close, c):
    """After ReLU many windows hold several zeros, so this decides where gradients go."""
    from keras import ops

    assume(_fits(c))
    knobs = {name: c[name] for name in ("size", "stride", "padding")}
    x = np.random.default_rng(c["seed"]).integers(0, 3, c["shape"]).astype(c["dtype"])
    expected, (gradient,) = reference(
        lambda tensor: ops.max_pool(tensor, c["size"], strides=c["stride"], padding=c["padding"]), None, x
    )
    close(pooling.max_pool_backward(np.ones_like(expected), x, **knobs), gradient)


def test_errors_state_the_rule_and_what_arrived():
    with pytest.raises(ValueError, match=r"\(28, 28\)"):
        pooling.max_pool_forward(np.zeros((28, 28)))
    with pytest.raises(ValueError, match="span of 5 pixels"):
        pooling.average_pool_forward(np.zeros((1, 4, 4, 1)), size=5)
    with pytest.raises(ValueError, match=r'"valid" or "same".*2'):
        pooling.max_pool_forward(np.zeros((1, 4, 4, 1)), padding=2)
    with pytest.raises(ValueError, match="stride"):
        pooling.max_pool_forward(np.zeros((1, 4, 4, 1)), stride=0)
    with pytest.raises(ValueError, match=r"\(1, 2, 2, 1\).*\(1, 4, 4, 1\)"):
        pooling.max_pool_backward(np.zeros((1, 4, 4, 1)), np.zeros((1, 4, 4, 1)))


def test_what_is_not_said_is_two_pixels_side_by_side_without_a_frame():
    x = np.random.default_rng(0).normal(size=(2, 5, 7, 3))
    gradient = np.random.default_rng(1).normal(size=(2, 2, 3, 3))
    for forward, backward in FUNCTIONS.values():
        said = {"size": 2, "stride": 2, "padding": "valid"}
        np.testing.assert_array_equal(forward(x), forward(x, **said))
        np.testing.assert_array_equal(backward(gradient, x), backward(gradient, x, **said))
        np.testing.assert_array_equal(forward(x, size=3), forward(x, size=3, stride=3))


def test_of_equal_pixels_the_first_row_by_row_gets_the_gradient():
    x = np.array([[0.0, 2.0, 2.0], [2.0, 2.0, 1.0]]).reshape(1, 2, 3, 1)
    received = pooling.max_pool_backward(np.full((1, 1, 2, 1), 5.0), x, stride=1)
    assert received[0, :, :, 0].tolist() == [[0, 10, 0], [0, 0, 0]]
    x = np.zeros((1, 3, 3, 2), "float32")
    received = pooling.max_pool_backward(np.ones((1, 2, 2, 2), "float32"), x, padding="same")
    assert received.dtype == np.float32
    assert received[0, :, :, 1].tolist() == [[1, 0, 1], [0, 0, 0], [1, 0, 1]]


def test_each_refusal_says_its_rule_in_full():
    for call, message in (
        (
            lambda: pooling.max_pool_forward(np.zeros((2, 2))),
            "Expected images of shape (batch, height, width, channels). Received: (2, 2).",
        ),
        (
            lambda: pooling.max_pool_forward(np.zeros((1, 4, 4, 1)), padding="full"),
            'Expected padding "valid" or "same" for pooling. Received: \'full\'.',
        ),
        (
            lambda: pooling.average_pool_backward(np.zeros((1, 2, 2, 2)), np.zeros((1, 4, 4, 1))),
            "Expected a gradient in the shape of the output, (1, 2, 2, 1). Received: (1, 2, 2, 2).",
        ),
    ):
        with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
            call()
