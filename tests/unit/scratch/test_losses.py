"""Losses give the numbers of Keras, and their gradients, with classes and with one-hot labels."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.scratch import activations, gradient_check, losses

sampled = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
batches = st.tuples(st.integers(1, 6), st.integers(2, 7), st.sampled_from(["float32", "float64"]), st.integers(0, 1000))


def _batch(drawn):
    images, classes, dtype, seed = drawn
    random = np.random.default_rng(seed)
    logits = 3 * random.normal(size=(images, classes))
    return random.integers(0, classes, images), logits.astype(dtype), 1e-5 if dtype == "float32" else 1e-9


@sampled
@given(batches)
def test_from_logits_equals_keras(reference, drawn):
    from keras import ops

    labels, logits, tolerance = _batch(drawn)

    def theirs(tensor):
        return ops.mean(ops.sparse_categorical_crossentropy(labels, tensor, from_logits=True))

    expected, (gradient,) = reference(theirs, None, logits)
    for targets in (labels, losses.one_hot(labels, logits.shape[1])):
        assert losses.cross_entropy_from_logits(targets, logits) == pytest.approx(float(expected), rel=tolerance)
        received = losses.cross_entropy_from_logits_backward(targets, logits)
        assert received.dtype == logits.dtype
        np.testing.assert_allclose(received, gradient, atol=tolerance)


@sampled
@given(batches)
def test_from_probabilities_equals_keras_and_agrees_with_logits(reference, drawn):
    from keras import ops

    labels, logits, _ = _batch(drawn)
    logits = np.clip(logits, -4, 4).astype("float64")
    probabilities = activations.softmax(logits)
    truth = losses.one_hot(labels, logits.shape[1], "float64")

    def theirs(tensor):
        return ops.mean(ops.categorical_crossentropy(truth, ops.softmax(tensor)))

    expected, (gradient,) = reference(theirs, None, logits)
    for targets in (labels, truth):
        assert losses.cross_entropy(targets, probabilities) == pytest.approx(float(expected), abs=1e-6)
        received = activations.softmax_backward(losses.cross_entropy_backward(targets, probabilities), logits)
        np.testing.assert_allclose(received, gradient, atol=1e-6)
        np.testing.assert_allclose(received, losses.cross_entropy_from_logits_backward(targets, logits), atol=1e-9)


@sampled
@given(batches)
def test_mean_squared_error_equals_keras(reference, drawn):
    from keras import losses as keras_losses
    from keras import ops

    labels, predicted, tolerance = _batch(drawn)
    truth = losses.one_hot(labels, predicted.shape[1], predicted.dtype)
    expected, (gradient,) = reference(
        lambda tensor: ops.mean(keras_losses.mean_squared_error(truth, tensor)), None, predicted
    )
    for targets in (labels, truth):
        assert losses.mean_squared_error(targets, predicted) == pytest.approx(float(expected), rel=tolerance)
        received = losses.mean_squared_error_backward(targets, predicted)
        assert received.dtype == predicted.dtype
        np.testing.assert_allclose(received, gradient, atol=tolerance)


def test_gradients_are_the_measured_slopes():
    labels, logits, _ = _batch((4, 5, "float64", 0))
    probabilities = activations.softmax(logits / 3)  # none as small as the step of the check
    for function, backward, point in (
        (losses.mean_squared_error, losses.mean_squared_error_backward, logits),
        (losses.cross_entropy, losses.cross_entropy_backward, probabilities),
        (losses.cross_entropy_from_logits, losses.cross_entropy_from_logits_backward, logits),
    ):
        measured = gradient_check.numerical_gradient(lambda value, f=function: f(labels, value), point)
        assert gradient_check.relative_error(backward(labels, point), measured) < 1e-6


def test_values_by_hand():
    probabilities = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    assert losses.cross_entropy(np.array([0, 2]), probabilities) == pytest.approx(-(np.log(0.5) + np.log(0.8)) / 2)
    assert losses.cross_entropy_from_logits(np.array([3]), np.zeros((1, 10))) == pytest.approx(np.log(10))
    assert losses.mean_squared_error(np.array([[1.0, 3.0]]), np.array([[2.0, 5.0]])) == pytest.approx(2.5)


def test_very_wrong_and_very_sure_stays_finite():
    logits = np.array([[1000.0, 0.0]])
    assert losses.cross_entropy_from_logits(np.array([1]), logits) == pytest.approx(1000)
    np.testing.assert_allclose(losses.cross_entropy_from_logits_backward(np.array([1]), logits), [[1, -1]])
    # From probabilities the digits are gone: the loss stops at -log(1e-7) and there is no slope to follow.
    probabilities = np.array([[1.0, 0.0]])
    assert losses.cross_entropy(np.array([1]), probabilities) == pytest.approx(-np.log(1e-7))
    np.testing.assert_array_equal(losses.cross_entropy_backward(np.array([1]), probabilities), [[0, 0]])


def test_rows_of_very_different_size_do_not_disturb_one_another():
    logits = np.array([[0.0, 1.0], [5000.0, 5001.0]])
    assert losses.cross_entropy_from_logits([0, 0], logits) == pytest.approx(np.log(1 + np.e))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_classes_become_rows_in_the_precision_of_the_predictions(dtype):
    rows = np.array([[0.5, 0.5], [0.25, 0.75]], dtype)
    for backward in (
        losses.mean_squared_error_backward,
        losses.cross_entropy_backward,
        losses.cross_entropy_from_logits_backward,
    ):
        assert backward([0, 1], rows).dtype == backward(np.eye(2), rows).dtype == np.dtype(dtype)


@pytest.mark.parametrize("function", [losses.cross_entropy, losses.cross_entropy_from_logits_backward])
def test_errors_state_the_rule_and_what_arrived(function):
    rows = np.full((2, 3), 1 / 3)
    with pytest.raises(ValueError, match=r"0 to 2.*1 to 3"):
        function(np.array([1, 3]), rows)
    with pytest.raises(ValueError, match=r"\(2,\) or \(2, 3\).*\(3,\)"):
        function(np.array([0, 1, 2]), rows)
    with pytest.raises(ValueError, match="float64"):
        function(np.array([0.0, 1.0]), rows)
    with pytest.raises(ValueError, match=r"\(batch, classes\).*\(3,\)"):
        function(np.array([0]), rows[0])


def test_gradients_by_hand_keep_their_dtype_and_divide_by_the_batch():
    p = np.array([[0.5, 0.25, 0.25], [0.2, 0.3, 0.5]])
    labels, rows = np.array([0, 2]), np.array([[1, 0, 0], [0, 0, 1]])
    for targets in (labels, rows, rows.astype("float32"), [0, 2]):
        np.testing.assert_allclose(losses.cross_entropy_backward(targets, p), [[-1, 0, 0], [0, 0, -1]])
        np.testing.assert_allclose(
            losses.mean_squared_error_backward(targets, p),
            np.array([[-0.5, 0.25, 0.25], [0.2, 0.3, -0.5]]) / 3,
        )
        np.testing.assert_allclose(
            losses.cross_entropy_from_logits_backward(targets, np.log(p)),
            np.array([[-0.5, 0.25, 0.25], [0.2, 0.3, -0.5]]) / 2,
        )
        assert losses.mean_squared_error(targets, p) == pytest.approx((0.375 + 0.38) / 6)
        assert losses.cross_entropy_from_logits(targets, np.log(p) + 5) == pytest.approx(np.log(2))
    for function in (losses.cross_entropy_backward, losses.mean_squared_error_backward):
        assert function(rows, p.astype("float32")).dtype == np.float32


def test_the_smallest_probability_is_still_followed():
    edge = np.array([[1e-7, 1 - 1e-7]])
    assert losses.cross_entropy_backward([0], edge)[0, 0] == pytest.approx(-1e7)
    assert losses.cross_entropy_backward([0], edge / 2)[0, 0] == 0


def test_one_hot_rows():
    assert losses.one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert losses.one_hot([2, 0], 3).dtype == np.float32 and losses.one_hot([0], 1, "int8").dtype == np.int8
    assert losses.one_hot(np.array([], "uint8"), 3).shape == (0, 3)
    for labels, message in (
        ([0.0], "Expected integer labels of shape (batch,). Received: (1,), float64."),
        ([[0]], "Expected integer labels of shape (batch,). Received: (1, 1), int64."),
        ([0, 3], "Expected labels from 0 to 2. Received: 0 to 3."),
        ([-1, 1], "Expected labels from 0 to 2. Received: -1 to 1."),
    ):
        with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
            losses.one_hot(labels, 3)


def test_each_refusal_says_its_rule_in_full():
    rows = np.full((2, 3), 1 / 3)
    for labels, predicted, message in (
        ([0], rows[0], "Expected predictions of shape (batch, classes). Received: (3,)."),
        ([0, 1, 2], rows, "Expected labels of shape (2,) or (2, 3). Received: (3,)."),
        (rows[:1], rows, "Expected labels of shape (2,) or (2, 3). Received: (1, 3)."),
    ):
        with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
            losses.mean_squared_error(labels, predicted)
        with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
            losses.cross_entropy_from_logits(labels, predicted)
