"""From images that were put aside: how modest a classifier should be, and when it should keep silent."""

import numpy as np

__all__ = ["fit_temperature", "fit_threshold"]


def fit_temperature(logits: np.ndarray, y_true: np.ndarray) -> float:
    """The number by which to divide all logits so that the cross-entropy is lowest, of 0.5, 0.6, and so on to 10.

    Source: Guo and others 2017, On Calibration of Modern Neural Networks.

    Args:
        logits: sums before softmax, shape (n, classes), of images that were put aside.
        y_true: their true classes, shape (n,), integers from 0.
    """
    from scipy.special import softmax
    from sklearn.metrics import log_loss  # slow to import

    temperatures = np.arange(0.5, 10.05, 0.1)
    losses = [log_loss(y_true, softmax(logits / t, axis=1), labels=range(logits.shape[1])) for t in temperatures]
    return float(temperatures[np.argmin(losses)])


def fit_threshold(confidence: np.ndarray, right: np.ndarray, *, aim: float) -> float:
    """The lowest confidence (n,) from which on the share `aim` of the answers is right (n,); 2, above all, for none."""
    for threshold in np.sort(confidence):
        if right[confidence >= threshold].mean() >= aim:
            return float(threshold)
    return 2.0
