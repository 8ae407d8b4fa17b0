"""Loss functions: one number that says how wrong the predictions of a batch are, and its gradient.

Labels are either classes, integers of shape (batch,), or one-hot rows of shape (batch, classes).
"""

import numpy as np

from course_utils.scratch.activations import softmax

__all__ = [
    "cross_entropy",
    "cross_entropy_backward",
    "cross_entropy_from_logits",
    "cross_entropy_from_logits_backward",
    "mean_squared_error",
    "mean_squared_error_backward",
    "one_hot",
]

SMALLEST_PROBABILITY = 1e-7  # keras.config.epsilon(): the logarithm of 0 would be infinite


def mean_squared_error(y_true: np.ndarray, y_predicted: np.ndarray) -> float:
    """The squared difference, averaged over images and outputs.

    Args:
        y_true: targets, shape (batch, outputs), or classes, shape (batch,), which are made one-hot.
        y_predicted: shape (batch, outputs), float.

    Returns:
        The loss.

    Raises:
        ValueError: the shapes do not fit together.
    """
    return float(np.mean((y_predicted - _targets(y_true, y_predicted)) ** 2))


def mean_squared_error_backward(y_true: np.ndarray, y_predicted: np.ndarray) -> np.ndarray:
    """The gradient with respect to y_predicted: twice the difference, divided by how many there are."""
    return 2 * (y_predicted - _targets(y_true, y_predicted)) / y_predicted.size


def cross_entropy(y_true: np.ndarray, probabilities: np.ndarray) -> float:
    """Minus the logarithm of the probability given to the true class, averaged over images, in nats.

    Args:
        y_true: classes, shape (batch,), or one-hot rows, shape (batch, classes).
        probabilities: shape (batch, classes), rows that sum to 1.

    Returns:
        The loss: 0 when all is right and sure, log(classes) for equal probabilities.

    Raises:
        ValueError: the shapes do not fit together, or a label is not a class.
    """
    log_probabilities = np.log(np.maximum(probabilities, SMALLEST_PROBABILITY))
    return float(-np.mean(np.sum(_targets(y_true, probabilities) * log_probabilities, axis=1)))


def cross_entropy_backward(y_true: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """The gradient with respect to the probabilities: -1 / p for the true class, divided by the batch size.

    Where a probability is below 1e-7 the loss is flat, and its gradient is 0: one reason to work from logits.
    """
    inside = probabilities >= SMALLEST_PROBABILITY
    slope = -_targets(y_true, probabilities) / np.maximum(probabilities, SMALLEST_PROBABILITY)
    return inside * slope / len(probabilities)


def cross_entropy_from_logits(y_true: np.ndarray, logits: np.ndarray) -> float:
    """Softmax and cross-entropy in one step, which loses no digits: log(sum(exp(logits))) minus the true logit.

    Args:
        y_true: classes, shape (batch,), or one-hot rows, shape (batch, classes).
        logits: scores of any size, shape (batch, classes).

    Returns:
        The loss, in nats.

    Raises:
        ValueError: the shapes do not fit together, or a label is not a class.
    """
    targets = _targets(y_true, logits)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    return float(-np.mean(np.sum(targets * log_probabilities, axis=1)))


def cross_entropy_from_logits_backward(y_true: np.ndarray, logits: np.ndarray) -> np.ndarray:
    """The gradient with respect to the logits: what was said minus what is true, divided by the batch size."""
    return (softmax(logits) - _targets(y_true, logits)) / len(logits)


def one_hot(labels: np.ndarray, classes: int, dtype: np.dtype | type = np.float32) -> np.ndarray:
    """A row for each label: 1 in the column of its class, 0 elsewhere.

    Args:
        labels: shape (batch,), integers from 0 to classes - 1.
        classes: number of columns.
        dtype: of the result.

    Returns:
        Shape (batch, classes).

    Raises:
        ValueError: a label is not an integer in that range.

    Example:
        >>> one_hot(np.array([2, 0]), classes=3)
        array([[0., 0., 1.],
               [1., 0., 0.]], dtype=float32)
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise ValueError(f"Expected integer labels of shape (batch,). Received: {labels.shape}, {labels.dtype}.")
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise ValueError(f"Expected labels from 0 to {classes - 1}. Received: {labels.min()} to {labels.max()}.")
    return np.eye(classes, dtype=dtype)[labels]


def _targets(y_true: np.ndarray, y_predicted: np.ndarray) -> np.ndarray:
    y_true = np.asarray(y_true)
    if y_predicted.ndim != 2:
        raise ValueError(f"Expected predictions of shape (batch, classes). Received: {y_predicted.shape}.")
    if y_true.ndim == 1 and len(y_true) == len(y_predicted):
        return one_hot(y_true, y_predicted.shape[1], y_predicted.dtype)
    if y_true.shape != y_predicted.shape:
        raise ValueError(
            f"Expected labels of shape {y_predicted.shape[:1]} or {y_predicted.shape}. Received: {y_true.shape}."
        )
    return y_true.astype(y_predicted.dtype)
