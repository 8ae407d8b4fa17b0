"""How good are the predictions? Scores of a classifier, from true labels and what the model said."""

import numpy as np

__all__ = [
    "accuracy",
    "confusion_matrix",
    "expected_calibration_error",
    "in_bins",
    "per_class_precision",
    "per_class_recall",
]


def accuracy(y_true: np.ndarray, y_predicted: np.ndarray) -> float:
    """The share of images whose predicted class is the true one.

    Args:
        y_true: true classes, shape (n,), integers from 0.
        y_predicted: predicted classes, shape (n,), integers from 0.

    Returns:
        A fraction from 0 to 1.

    Raises:
        ValueError: the labels are not two integer arrays of one length, or there are none.

    Example:
        >>> accuracy([0, 1, 2, 2], [0, 1, 2, 0])
        0.75
    """
    y_true, y_predicted = _two_label_arrays(y_true, y_predicted)
    return float(np.mean(y_true == y_predicted))


def confusion_matrix(y_true: np.ndarray, y_predicted: np.ndarray, *, classes: int | None = None) -> np.ndarray:
    """How often each true class (row) was predicted as each class (column).

    Args:
        y_true: true classes, shape (n,), integers from 0.
        y_predicted: predicted classes, shape (n,), integers from 0.
        classes: how many classes there are; by default, enough for the largest label. Give it whenever a rare class
            may be absent from a small sample.

    Returns:
        Counts, shape (classes, classes), int64.

    Raises:
        ValueError: the labels are not two integer arrays of one length, or a label is not below `classes`.
    """
    y_true, y_predicted = _two_label_arrays(y_true, y_predicted)
    side = len(_all_classes(y_true, y_predicted, classes))
    # The pair (true, predicted) is one cell of the flattened matrix; count how often each cell occurs.
    return np.bincount(y_true * side + y_predicted, minlength=side * side).reshape(side, side)


def per_class_precision(y_true: np.ndarray, y_predicted: np.ndarray, *, classes: int | None = None) -> np.ndarray:
    """Of the images predicted as a class, the share that belongs to it. NaN for a class that was never predicted.

    Arguments and errors are those of `confusion_matrix`. Returns fractions, shape (classes,).
    """
    return _per_class("precision", y_true, y_predicted, classes)


def per_class_recall(y_true: np.ndarray, y_predicted: np.ndarray, *, classes: int | None = None) -> np.ndarray:
    """Of the images of a class, the share that was found. NaN for a class that has no images.

    Arguments and errors are those of `confusion_matrix`. Returns fractions, shape (classes,).

    Example:
        >>> per_class_recall([0, 0, 1, 1], [0, 1, 1, 1])
        array([0.5, 1. ])
    """
    return _per_class("recall", y_true, y_predicted, classes)


def expected_calibration_error(y_true: np.ndarray, probabilities: np.ndarray, *, bins: int = 15) -> float:
    """How far confidence and accuracy lie apart: 0 when of the predictions made with 80 % confidence, 80 % are right.

    Predictions are sorted by confidence (the highest probability) into bins of equal width; the distance between mean
    confidence and accuracy in each bin is averaged, weighted by how many predictions are in it.
    Source: Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3; 15 bins as there.

    Args:
        y_true: true classes, shape (n,), integers from 0.
        probabilities: shape (n, classes), each row sums to 1.
        bins: how many bins from 0 to 1.

    Returns:
        A fraction from 0 (calibrated) to 1.

    Raises:
        ValueError: shapes or labels do not fit, rows are not probabilities, or `bins` is below 1.
    """
    confidence, share, counts = in_bins(y_true, probabilities, bins=bins)
    return float(np.sum(counts * np.abs(confidence - share)) / counts.sum())


def in_bins(
    y_true: np.ndarray, probabilities: np.ndarray, *, bins: int = 15
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Predictions sorted by confidence (the highest probability) into bins of equal width from 0 to 1.

    Arguments and errors are those of `expected_calibration_error`.

    Returns:
        For each bin that is not empty, from the lowest: mean confidence, share of right predictions, and how many
        predictions there are, each of shape (bins that are not empty,).
    """
    y_true, probabilities = _labels_and_scores(y_true, probabilities)
    if bins < 1:
        raise ValueError(f"Expected at least 1 bin. Received: {bins}.")
    sums = probabilities.sum(axis=1)
    if probabilities.min() < 0 or np.abs(sums - 1).max() > 1e-3:
        raise ValueError(
            f"Expected probabilities, rows that sum to 1. Received sums {sums.min():.3g} to {sums.max():.3g}, "
            f"lowest value {probabilities.min():.3g}. Apply softmax to logits first."
        )
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == y_true
    # A bin holds its upper edge, as in the paper: 1.0 falls in the last bin.
    bin_of = np.minimum(np.ceil(confidence * bins).astype(int), bins) - 1
    filled, place, counts = np.unique(bin_of, return_inverse=True, return_counts=True)
    in_each = [np.bincount(place, weights=values, minlength=len(filled)) / counts for values in (confidence, right)]
    return in_each[0], in_each[1], counts


def _per_class(score: str, y_true: np.ndarray, y_predicted: np.ndarray, classes: int | None) -> np.ndarray:
    from sklearn import metrics  # slow to import, and not every caller needs it

    functions = {"precision": metrics.precision_score, "recall": metrics.recall_score}
    y_true, y_predicted = _two_label_arrays(y_true, y_predicted)
    labels = _all_classes(y_true, y_predicted, classes)
    # Zero would read as "all wrong"; NaN says that there was nothing to measure.
    return functions[score](y_true, y_predicted, labels=labels, average=None, zero_division=np.nan)


def _two_label_arrays(y_true: np.ndarray, y_predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y_true, y_predicted = _labels(y_true, "true labels"), _labels(y_predicted, "predicted labels")
    if len(y_true) != len(y_predicted):
        raise ValueError(f"Expected one prediction for each label. Received: {len(y_true)} and {len(y_predicted)}.")
    return y_true, y_predicted


def _labels(labels: np.ndarray, what: str) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(
            f"Expected {what} of shape (n,). Received: {labels.shape}. "
            "Turn one-hot labels or probabilities into classes with argmax(axis=-1)."
        )
    if labels.size == 0:
        raise ValueError(f"Expected at least one image. Received no {what}.")
    if labels.dtype.kind not in "iub":
        raise ValueError(f"Expected {what} as integers. Received dtype {labels.dtype}. Round or argmax them first.")
    if labels.min() < 0:
        raise ValueError(f"Expected {what} from 0 upwards. Received: {labels.min()}.")
    return labels.astype(np.int64)


def _all_classes(y_true: np.ndarray, y_predicted: np.ndarray, classes: int | None) -> np.ndarray:
    highest = int(max(y_true.max(), y_predicted.max()))
    if classes is not None and highest >= classes:
        raise ValueError(f"Expected labels below {classes}, the number of classes. Received: {highest}.")
    return np.arange(highest + 1 if classes is None else classes)


def _labels_and_scores(y_true: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y_true, scores = _labels(y_true, "true labels"), np.asarray(scores, dtype=float)
    if scores.ndim != 2 or len(scores) != len(y_true):
        raise ValueError(
            f"Expected scores of shape ({len(y_true)}, classes), a row an image. Received: {scores.shape}."
        )
    if y_true.max() >= scores.shape[1]:
        raise ValueError(f"Expected labels below {scores.shape[1]}, the number of scores. Received: {y_true.max()}.")
    if np.isnan(scores).any():
        raise ValueError(f"Expected scores that are numbers. Received {np.isnan(scores).sum()} NaN. Look at the loss.")
    return y_true, scores
