"""Scores agree with scikit-learn, with hand counts, and with the properties their definitions promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from course_utils import metrics

Y_TRUE = np.array([0, 0, 0, 1, 1, 2])
Y_PREDICTED = np.array([0, 1, 0, 1, 1, 0])

labels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40).map(
    lambda pairs: tuple(np.array(pairs).T)
)


def test_hand_counts():
    assert metrics.accuracy(Y_TRUE, Y_PREDICTED) == pytest.approx(4 / 6)
    np.testing.assert_array_equal(metrics.confusion_matrix(Y_TRUE, Y_PREDICTED), [[2, 1, 0], [0, 2, 0], [1, 0, 0]])
    np.testing.assert_allclose(metrics.per_class_recall(Y_TRUE, Y_PREDICTED), [2 / 3, 1, 0])
    np.testing.assert_allclose(metrics.per_class_precision(Y_TRUE, Y_PREDICTED), [2 / 3, 2 / 3, np.nan])


@settings(max_examples=60, deadline=None)
@given(labels)
def test_agree_with_scikit_learn_and_absent_classes_are_not_zero(pair):
    options = {"labels": range(5), "average": None, "zero_division": np.nan}
    np.testing.assert_array_equal(metrics.accuracy(*pair), reference.accuracy_score(*pair))
    np.testing.assert_array_equal(
        metrics.confusion_matrix(*pair, classes=5), reference.confusion_matrix(*pair, labels=range(5))
    )
    np.testing.assert_array_equal(metrics.per_class_recall(*pair, classes=5), reference.recall_score(*pair, **options))
    np.testing.assert_array_equal(
        metrics.per_class_precision(*pair, classes=5), reference.precision_score(*pair, **options)
    )


def test_labels_may_be_small_integers_and_yes_or_no():
    assert metrics.accuracy(np.array([True, False]), np.array([1, 1], "uint8")) == 0.5
    # 200 x 201 classes do not fit in a byte.
    counts = metrics.confusion_matrix(np.array([200], "uint8"), np.array([199], "uint8"))
    assert counts.shape == (201, 201) and counts[200, 199] == 1 and counts.sum() == 1
    assert counts.dtype == np.int64


def test_calibration_error_by_hand():
    # Four predictions in one bin, at 0.8 confidence; three are right: |0.75 - 0.8|.
    probabilities = np.tile([0.8, 0.2], (4, 1))
    assert metrics.expected_calibration_error([0, 0, 0, 1], probabilities) == pytest.approx(0.05)
    # Sure and always wrong, sure and always right.
    assert metrics.expected_calibration_error([1, 1], np.tile([1.0, 0.0], (2, 1))) == pytest.approx(1)
    assert metrics.expected_calibration_error([0, 0], np.tile([1.0, 0.0], (2, 1))) == pytest.approx(0)


def test_bins_that_are_not_empty_by_hand():
    probabilities = [[0.9, 0.1], [0.3, 0.7], [0.8, 0.2], [0.4, 0.6]]
    confidence, share, counts = metrics.in_bins([0, 0, 0, 1], np.array(probabilities), bins=4)
    assert confidence == pytest.approx([0.65, 0.85]) and share == pytest.approx([0.5, 1]) and counts.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("rows", "right", "bins", "error"),
    [
        # 0.6 and 0.9 lie in different halves: errors of 0.6 (wrong) and 0.1 (right) do not cancel.
        ([[0.6, 0.4], [0.9, 0.1]], [1, 0], 5, (0.6 + 0.1) / 2),
        ([[0.6, 0.4], [0.9, 0.1]], [1, 0], 1, 0.75 - 0.5),
        ([[0.5, 0.5], [0.9, 0.1]], [1, 0], 2, (0.5 + 0.1) / 2),  # 0.5 is the upper edge of the first of two bins
        ([[0.0, 1.0]], [1], 1, 0),
        ([[0.34, 0.33, 0.33], [1.0, 0.0, 0.0]], [0, 1], 3, (0.66 + 1) / 2),  # 1.0 has its bin
        ([[0.34, 0.33, 0.33], [1.0, 0.0, 0.0]], [0, 1], 1, (1.34 - 1) / 2),
        ([[1.0005, 0.0], [0.99, 0.01]], [1, 0], 10, (1.0005 - 0.01) / 2),  # as float32 sums them: the last bin
    ],
)
def test_bins_are_separated_by_their_upper_edge(rows, right, bins, error):
    assert metrics.expected_calibration_error(right, rows, bins=bins) == pytest.approx(error)


def test_what_is_not_said_is_fifteen_bins():
    random = np.random.default_rng(0)
    y_true, scores = random.integers(0, 9, 400), random.normal(size=(400, 9))
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    errors = [metrics.expected_calibration_error(y_true, probabilities, bins=bins) for bins in (14, 15, 16)]
    assert metrics.expected_calibration_error(y_true, probabilities) == errors[1] and len(set(errors)) == 3


@pytest.mark.parametrize(
    ("off", "right"), [(0, True), (0.9e-3, True), (-0.9e-3, True), (1.1e-3, False), (-1.1e-3, False)]
)
def test_rows_of_probabilities_sum_to_one_within_a_thousandth(off, right):
    rows = np.array([[0.5, 0.5], [0.25 + off, 0.75]])
    if right:
        assert metrics.expected_calibration_error([0, 1], rows) <= 1
        return
    with pytest.raises(ValueError, match="Apply softmax to logits first"):
        metrics.expected_calibration_error([0, 1], rows)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.accuracy([0, 1], [[0.9, 0.1], [0.2, 0.8]]), r"Received: float64 \(2, 2\)\. .*argmax"),
        (lambda: metrics.accuracy([[0]], [0]), r"Received: int64 \(1, 1\)"),
        (lambda: metrics.accuracy([0, 1], [0.0, 1.0]), "Received: float64"),
        (lambda: metrics.accuracy([], []), "at least one"),
        (lambda: metrics.accuracy([-1], [0]), "integers from 0"),
        (lambda: metrics.accuracy([0, 1], [0]), "one prediction for each label. Received: 2 and 1"),
        (lambda: metrics.confusion_matrix([0, 3], [0, 1], classes=3), "below 3, .* Received: 3"),
        (lambda: metrics.confusion_matrix([0, 1], [0, 3], classes=3), "below 3, .* Received: 3"),
        (lambda: metrics.expected_calibration_error([2], [[0.1, 0.9]]), r"Received: \(1, 2\) and labels up to 2"),
        (lambda: metrics.expected_calibration_error([0, 1], [0.1, 0.9]), r"\(2, classes\)"),
        (lambda: metrics.expected_calibration_error([0, 1], [[0.1, 0.9]]), r"\(2, classes\)"),
        (lambda: metrics.expected_calibration_error([0], [[np.nan, 0.9]]), "Received sums nan"),
        (lambda: metrics.expected_calibration_error([0], [[2.0, -1.0]]), "lowest value -1. Apply softmax"),
        (lambda: metrics.expected_calibration_error([0, 0], [[1.25, 0.25], [0.5, 0.5]]), "sums 1 to 1.5"),
    ],
)
def test_errors_state_the_rule_and_what_arrived(call, message):
    with pytest.raises(ValueError, match=message):
        call()
