"""Scores agree with scikit-learn, with hand counts, and with the properties their definitions promise."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
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
    np.testing.assert_allclose(metrics.per_class_f1(Y_TRUE, Y_PREDICTED), [2 / 3, 0.8, 0])
    assert metrics.balanced_accuracy(Y_TRUE, Y_PREDICTED) == pytest.approx(5 / 9)


def test_absent_classes_keep_their_place_and_are_not_zero():
    assert metrics.confusion_matrix(Y_TRUE, Y_PREDICTED, classes=5).shape == (5, 5)
    for score in (metrics.per_class_recall, metrics.per_class_precision, metrics.per_class_f1):
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scikit-learn warns about predicted classes without images
        expected = reference.balanced_accuracy_score(y_true, y_predicted)
    assert metrics.balanced_accuracy(y_true, y_predicted) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(labels, st.randoms(use_true_random=False))
def test_order_of_images_does_not_matter(pair, random):
    order = list(range(len(pair[0])))
    random.shuffle(order)
    shuffled = [array[order] for array in pair]
    assert metrics.accuracy(*shuffled) == pytest.approx(metrics.accuracy(*pair))
    np.testing.assert_array_equal(metrics.confusion_matrix(*shuffled), metrics.confusion_matrix(*pair))
    np.testing.assert_allclose(metrics.per_class_f1(*shuffled), metrics.per_class_f1(*pair))


def test_a_class_that_is_never_found_costs_balanced_accuracy_more():
    y_true = np.array([0] * 95 + [1] * 5)
    always_zero = np.zeros(100, dtype=int)
    assert metrics.accuracy(y_true, always_zero) == pytest.approx(0.95)
    assert metrics.balanced_accuracy(y_true, always_zero) == pytest.approx(0.5)


def _scores(seed, images=50, classes=6):
    generator = np.random.default_rng(seed)
    return generator.integers(0, classes, images), generator.normal(size=(images, classes))


@pytest.mark.parametrize("k", range(1, 7))
def test_top_k_agrees_with_scikit_learn(k):
    y_true, scores = _scores(k)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # k = number of classes is always right, which scikit-learn remarks on
        expected = reference.top_k_accuracy_score(y_true, scores, k=k, labels=range(6))
    assert metrics.top_k_accuracy(y_true, scores, k=k) == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(float, (12, 4), elements=st.sampled_from([0.0, 0.25, 0.5])), st.integers(0, 10_000))
def test_top_k_with_ties(scores, seed):
    y_true = np.random.default_rng(seed).integers(0, 4, 12)
    values = [metrics.top_k_accuracy(y_true, scores, k=k) for k in (1, 2, 3, 4)]
    assert values[0] == metrics.accuracy(y_true, scores.argmax(axis=1))
    assert values == sorted(values)
    assert values[-1] == 1


def test_calibration_error_by_hand():
    # Four predictions in one bin, at 0.8 confidence; three are right: |0.75 - 0.8|.
    probabilities = np.tile([0.8, 0.2], (4, 1))
    assert metrics.expected_calibration_error([0, 0, 0, 1], probabilities) == pytest.approx(0.05)
    # Sure and always wrong, sure and always right.
    assert metrics.expected_calibration_error([1, 1], np.tile([1.0, 0.0], (2, 1))) == pytest.approx(1)
    assert metrics.expected_calibration_error([0, 0], np.tile([1.0, 0.0], (2, 1))) == pytest.approx(0)


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


def test_mean_and_spread():
    assert metrics.mean_and_spread([1, 2, 3, 4]) == pytest.approx((2.5, np.sqrt(5 / 3)))
    mean, spread = metrics.mean_and_spread([0.9])
    assert mean == 0.9
    assert np.isnan(spread)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.accuracy([0, 1], [[0.9, 0.1], [0.2, 0.8]]), r"\(2, 2\).*argmax"),
        (lambda: metrics.accuracy([0, 1], [0.0, 1.0]), "float64"),
        (lambda: metrics.accuracy([], []), "at least one"),
        (lambda: metrics.accuracy([0, 1], [0]), "2 and 1"),
        (lambda: metrics.accuracy([-1], [0]), "-1"),
        (lambda: metrics.confusion_matrix([0, 3], [0, 1], classes=3), "below 3"),
        (lambda: metrics.top_k_accuracy([0], [[0.1, 0.9]], k=3), "from 1 to 2"),
        (lambda: metrics.top_k_accuracy([0], [[0.1, 0.9]], k=0), "from 1 to 2"),
        (lambda: metrics.top_k_accuracy([2], [[0.1, 0.9]], k=1), "below 2"),
        (lambda: metrics.top_k_accuracy([0], [[np.nan, 0.9]], k=1), "NaN"),
        (lambda: metrics.top_k_accuracy([0, 1], [0.1, 0.9], k=1), r"\(2, classes\)"),
        (lambda: metrics.expected_calibration_error([0], [[2.0, -1.0]]), "softmax"),
        (lambda: metrics.expected_calibration_error([0], [[1.0, 1.0]]), "softmax"),
        (lambda: metrics.expected_calibration_error([0], [[1.0, 0.0]], bins=0), "1 bin"),
        (lambda: metrics.mean_and_spread([]), "one figure"),
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
