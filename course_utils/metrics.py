"""How good are the predictions? Scores of a classifier, from true labels and what the model said.

Labels are integers from 0, shape (n,), at least one; anything else is a ValueError that says what arrived.
"""

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
    """The share of images whose predicted class is the true one, from 0 to 1.

    Example:
        >>> accuracy([0, 1, 2, 2], [0, 1, 2, 0])
        0.75
    """
    y_true, y_predicted = _two_label_arrays(y_true, y_predicted)
    return float(np.mean(y_true == y_predicted))


def confusion_matrix(y_true: np.ndarray, y_predicted: np.ndarray, *, classes: int | None = None) -> np.ndarray:
    """How often each true class (row) was predicted as each class (column): counts, shape (classes, classes), int64.

    Args:
        y_true: true classes.
        y_predicted: predicted classes.
        classes: how many classes there are; by default, enough for the largest label. Give it whenever a rare class
            may be absent from a small sample.

    Raises:
        ValueError: the labels do not fit each other, or one is not below `classes`.
    """
    y_true, y_predicted = _two_label_arrays(y_true, y_predicted)
    highest = int(max(y_true.max(), y_predicted.max()))
    side = highest + 1 if classes is None else classes
    if highest >= side:
        raise ValueError(f"Expected labels below {side}, the number of classes. Received: {highest}.")
    # The pair (true, predicted) is one cell of the flattened matrix; count how often each cell occurs.
    return np.bincount(y_true * side + y_predicted, minlength=side * side).reshape(side, side)


def per_class_precision(y_true: np.ndarray, y_predicted: np.ndarray, *, classes: int | None = None) -> np.ndarray:
    """Of the images predicted as a class, the share that belongs to it, shape (classes,); NaN for a class never said.

    Arguments and errors are those of `confusion_matrix`.
    """
    counts = confusion_matrix(y_true, y_predicted, classes=classes)
    return _shares(np.diag(counts), counts.sum(axis=0))


def per_class_recall(y_true: np.ndarray, y_predicted: np.ndarray, *, classes: int | None = None) -> np.ndarray:
    """Of the images of a class, the share that was found, shape (classes,); NaN for a class without images.

    Arguments and errors are those of `confusion_matrix`.

    Example:
        >>> per_class_recall([0, 0, 1, 1], [0, 1, 1, 1])
        array([0.5, 1. ])
    """
    counts = confusion_matrix(y_true, y_predicted, classes=classes)
    return _shares(np.diag(counts), counts.sum(axis=1))


def expected_calibration_error(y_true: np.ndarray, probabilities: np.ndarray, *, bins: int = 15) -> float:
    """How far confidence and accuracy lie apart: 0 when of the predictions made with 80 % confidence, 80 % are right.

    Predictions are sorted by confidence (the highest probability) into bins of equal width; the distance between mean
    confidence and accuracy in each bin is averaged, weighted by how many predictions are in it; 1 is the worst.
    Source: Guo et al. 2017, On Calibration of Modern Neural Networks, equation 3; 15 bins as there.

    Arguments and errors are those of `in_bins`.
    """
    confidence, share, counts = in_bins(y_true, probabilities, bins=bins)
    return float(np.sum(counts * np.abs(confidence - share)) / counts.sum())


def in_bins(y_true: np.ndarray, probabilities: np.ndarray, *, bins: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Predictions sorted by confidence (the highest probability) into bins of equal width from 0 to 1.

    Args:
        y_true: true classes.
        probabilities: shape (n, classes), each row sums to 1.
        bins: how many.

    Returns:
        For each bin that is not empty, from the lowest: mean confidence, share of right predictions, and how many
        predictions there are, each of shape (bins that are not empty,).

    Raises:
        ValueError: labels and probabilities do not fit each other, or rows are not probabilities.
    """
    y_true, probabilities = _labels(y_true), np.asarray(probabilities, dtype=float)
    if probabilities.ndim != 2 or len(probabilities) != len(y_true) or y_true.max() >= probabilities.shape[1]:
        raise ValueError(
            f"Expected probabilities of shape ({len(y_true)}, classes), a row an image, and labels below the number of "
            f"classes. Received: {probabilities.shape} and labels up to {y_true.max()}."
        )
    sums = probabilities.sum(axis=1)
    if not (probabilities.min() >= 0 and np.abs(sums - 1).max() <= 1e-3):  # not so for NaN, either
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


def _shares(right: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Zero of none would read as "all wrong"; NaN says that there was nothing to measure."""
    return np.divide(right, of, out=np.full(len(of), np.nan), where=of > 0)


def _two_label_arrays(y_true: np.ndarray, y_predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y_true, y_predicted = _labels(y_true), _labels(y_predicted)
    if len(y_true) != len(y_predicted):
        raise ValueError(f"Expected one prediction for each label. Received: {len(y_true)} and {len(y_predicted)}.")
    return y_true, y_predicted


def _labels(labels: np.ndarray) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.size == 0 or labels.dtype.kind not in "iub" or labels.min() < 0:
        raise ValueError(
            "Expected labels as integers from 0, shape (n,), at least one. Received: "
            f"{labels.dtype} {labels.shape}. Turn one-hot labels or probabilities into classes with argmax(axis=-1)."
        )
    return labels.astype(np.int64)
