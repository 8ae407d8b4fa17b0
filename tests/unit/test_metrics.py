"""Scores agree with scikit-learn, with hand counts, and with the properties their definitions promise."""

import re
import subprocess
import sys

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


def test_absent_classes_keep_their_place_and_are_not_zero():
    assert metrics.confusion_matrix(Y_TRUE, Y_PREDICTED, classes=5).shape == (5, 5)
    for score in (metrics.per_class_recall, metrics.per_class_precision):
        values = score(Y_TRUE, Y_PREDICTED, classes=5)
        assert values.shape == (5,)
        assert np.isnan(values[3:]).all()


@settings(max_examples=60, deadline=None)
@given(labels)
def test_agree_with_scikit_learn_and_with_one_another(pair):
    y_true, y_predicted = pair
    counts = metrics.confusion_matrix(y_true, y_predicted, classes=5)
    assert counts.sum() == len(y_true)
    assert np.trace(counts) / len(y_true) == pytest.approx(metrics.accuracy(y_true, y_predicted))
    np.testing.assert_array_equal(counts.sum(axis=1), np.bincount(y_true, minlength=5))
    np.testing.assert_array_equal(counts.T, metrics.confusion_matrix(y_predicted, y_true, classes=5))
    # Precision is recall with the roles of truth and prediction exchanged.
    np.testing.assert_allclose(
        metrics.per_class_precision(y_true, y_predicted, classes=5),
        metrics.per_class_recall(y_predicted, y_true, classes=5),
    )
    expected = reference.recall_score(y_true, y_predicted, labels=range(5), average=None, zero_division=np.nan)
    np.testing.assert_allclose(metrics.per_class_recall(y_true, y_predicted, classes=5), expected)


@settings(max_examples=60, deadline=None)
@given(labels, st.randoms(use_true_random=False))
def test_order_of_images_does_not_matter(pair, random):
    order = list(range(len(pair[0])))
    random.shuffle(order)
    shuffled = [array[order] for array in pair]
    assert metrics.accuracy(*shuffled) == pytest.approx(metrics.accuracy(*pair))
    np.testing.assert_array_equal(metrics.confusion_matrix(*shuffled), metrics.confusion_matrix(*pair))
    np.testing.assert_allclose(metrics.per_class_recall(*shuffled), metrics.per_class_recall(*pair))


def _scores(seed, images=50, classes=6):
    generator = np.random.default_rng(seed)
    return generator.integers(0, classes, images), generator.normal(size=(images, classes))


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


def test_calibration_error_separates_bins_by_their_upper_edge():
    # 0.6 and 0.9 lie in different halves: errors of 0.6 (wrong) and 0.1 (right) do not cancel.
    probabilities = np.array([[0.6, 0.4], [0.9, 0.1]])
    assert metrics.expected_calibration_error([1, 0], probabilities, bins=5) == pytest.approx((0.6 + 0.1) / 2)
    assert metrics.expected_calibration_error([1, 0], probabilities, bins=1) == pytest.approx(abs(0.5 - 0.75))
    # 0.5 is the upper edge of the first of two bins.
    edge = np.array([[0.5, 0.5], [0.9, 0.1]])
    assert metrics.expected_calibration_error([1, 0], edge, bins=2) == pytest.approx((0.5 + 0.1) / 2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 30))
def test_calibration_error_lies_between_overall_gap_and_one(seed, bins):
    y_true, logits = _scores(seed)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    error = metrics.expected_calibration_error(y_true, probabilities, bins=bins)
    right = probabilities.argmax(axis=1) == y_true
    assert abs(right.mean() - probabilities.max(axis=1).mean()) - 1e-12 <= error <= 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.accuracy([0, 1], [[0.9, 0.1], [0.2, 0.8]]), r"\(2, 2\).*argmax"),
        (lambda: metrics.accuracy([0, 1], [0.0, 1.0]), "float64"),
        (lambda: metrics.accuracy([], []), "at least one"),
        (lambda: metrics.accuracy([0, 1], [0]), "2 and 1"),
        (lambda: metrics.accuracy([-1], [0]), "-1"),
        (lambda: metrics.confusion_matrix([0, 3], [0, 1], classes=3), "below 3"),
        (lambda: metrics.expected_calibration_error([2], [[0.1, 0.9]]), "below 2"),
        (lambda: metrics.expected_calibration_error([0], [[np.nan, 0.9]]), "NaN"),
        (lambda: metrics.expected_calibration_error([0, 1], [0.1, 0.9]), r"\(2, classes\)"),
        (lambda: metrics.expected_calibration_error([0], [[2.0, -1.0]]), "softmax"),
        (lambda: metrics.expected_calibration_error([0], [[1.0, 1.0]]), "softmax"),
        (lambda: metrics.expected_calibration_error([0], [[1.0, 0.0]], bins=0), "1 bin"),
    ],
)
def test_errors_state_the_rule_and_what_arrived(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_importing_the_module_is_light():
    code = "import sys; import course_utils.metrics; print('sklearn' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@settings(max_examples=40, deadline=None)
@given(labels)
def test_confusion_matrix_agrees_with_scikit_learn(pair):
    expected = reference.confusion_matrix(*pair, labels=range(5))
    np.testing.assert_array_equal(metrics.confusion_matrix(*pair, classes=5), expected)


def test_what_is_not_said_is_fifteen_bins():
    y_true, scores = _scores(0, images=400, classes=9)
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


def test_confidence_zero_and_one_have_their_bins():
    assert metrics.expected_calibration_error([1], [[0.0, 1.0]], bins=1) == 0
    # In two bins of their own: 0.34 right and 1.0 wrong; in one bin they would cancel in part.
    rows = np.array([[0.34, 0.33, 0.33], [1.0, 0.0, 0.0]])
    assert metrics.expected_calibration_error([0, 1], rows, bins=3) == pytest.approx((0.66 + 1) / 2)
    assert metrics.expected_calibration_error([0, 1], rows, bins=2) == pytest.approx((0.66 + 1) / 2)
    assert metrics.expected_calibration_error([0, 1], rows, bins=1) == pytest.approx(abs(1 - 1.34) / 2)


def test_a_confidence_just_above_one_falls_into_the_last_bin():
    rows = np.array([[1.0005, 0.0], [0.99, 0.01]])  # as float32 sums them
    assert metrics.expected_calibration_error([1, 0], rows, bins=10) == pytest.approx((1.0005 - 0.01) / 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: metrics.accuracy([[0]], [0]),
            "Expected true labels of shape (n,). Received: (1, 1). "
            "Turn one-hot labels or probabilities into classes with argmax(axis=-1).",
        ),
        (
            lambda: metrics.accuracy([0], [[0]]),
            "Expected predicted labels of shape (n,). Received: (1, 1). "
            "Turn one-hot labels or probabilities into classes with argmax(axis=-1).",
        ),
        (lambda: metrics.accuracy([], [0]), "Expected at least one image. Received no true labels."),
        (
            lambda: metrics.accuracy([0], [0.5]),
            "Expected predicted labels as integers. Received dtype float64. Round or argmax them first.",
        ),
        (lambda: metrics.accuracy([0], [-2]), "Expected predicted labels from 0 upwards. Received: -2."),
        (lambda: metrics.accuracy([0, 1, 2], [0]), "Expected one prediction for each label. Received: 3 and 1."),
        (
            lambda: metrics.confusion_matrix([0, 1], [2, 0], classes=2),
            "Expected labels below 2, the number of classes. Received: 2.",
        ),
        (
            lambda: metrics.expected_calibration_error([[0]], [[1.0]]),
            "Expected true labels of shape (n,). Received: (1, 1). "
            "Turn one-hot labels or probabilities into classes with argmax(axis=-1).",
        ),
        (
            lambda: metrics.expected_calibration_error([0, 1], [[0.5, 0.5]]),
            "Expected scores of shape (2, classes), a row an image. Received: (1, 2).",
        ),
        (
            lambda: metrics.expected_calibration_error([0], [[[0.5]]]),
            "Expected scores of shape (1, classes), a row an image. Received: (1, 1, 1).",
        ),
        (
            lambda: metrics.expected_calibration_error([2], [[0.5, 0.5]]),
            "Expected labels below 2, the number of scores. Received: 2.",
        ),
        (
            lambda: metrics.expected_calibration_error([0], [[np.nan, np.nan]]),
            "Expected scores that are numbers. Received 2 NaN. Look at the loss.",
        ),
        (lambda: metrics.expected_calibration_error([0], [[1.0]], bins=0), "Expected at least 1 bin. Received: 0."),
        (
            lambda: metrics.expected_calibration_error([0, 0], [[1.25, -0.25], [1.0, 1.5]]),
            "Expected probabilities, rows that sum to 1. Received sums 1 to 2.5, lowest value -0.25. "
            "Apply softmax to logits first.",
        ),
    ],
)
def test_each_refusal_says_its_rule_in_full(call, message):
    with pytest.raises(ValueError, match=r"^" + re.escape(message) + r"$"):
        call()


def test_labels_may_be_small_integers_and_yes_or_no():
    assert metrics.accuracy(np.array([True, False]), np.array([1, 1], "uint8")) == 0.5
    # 200 x 201 classes do not fit in a byte.
    counts = metrics.confusion_matrix(np.array([200], "uint8"), np.array([199], "uint8"))
    assert counts.shape == (201, 201) and counts[200, 199] == 1 and counts.sum() == 1
    assert counts.dtype == np.int64
