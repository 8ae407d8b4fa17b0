"""Which label each picture gets, and which labels are wrong."""

from __future__ import annotations

import numpy as np

from course_utils.datasets.generated.chance import Stream

__all__ = ["labels", "mistaken"]


def labels(count: int, classes: int, imbalance: float, stream: Stream) -> np.ndarray:
    """The classes of the first images of a split, in random order, each with its share at every length.

    Class k comes once in every 1 / share_k images, at a random place, so that the first 100 of 1,000 labels are the
    same as 100 labels, and balanced classes differ by at most a few images.

    Args:
        count: how many labels, 0 or more.
        classes: how many classes there are, 2 or more.
        imbalance: frequency of the first class over that of the last, 1 or more.
        stream: what decides the order.

    Returns:
        int64, shape (count,).
    """
    weights = np.array([float(imbalance) ** (-k / (classes - 1)) for k in range(classes)])
    # Powers may differ in the last bit between platforms: whole numbers do not.
    whole = np.floor(weights * 2**20 + 0.5).astype(np.int64)
    period = whole.sum() / whole  # images between two of a class
    rounds = int(count // period.min()) + 2
    when = (np.arange(rounds)[:, None] + stream.uniform(rounds, classes).astype(np.float64)) * period
    order = np.argsort(when, axis=None, kind="stable")[:count]
    return (order % classes).astype(np.int64)


def mistaken(true: np.ndarray, classes: int, fraction: float, u: np.ndarray) -> np.ndarray:
    """Labels of which a fraction is wrong.

    Args:
        true: the true labels, shape (n,).
        classes: how many classes there are, 2 or more.
        fraction: the probability that a label is replaced by one of the others.
        u: numbers from 0 to 1, shape (n, 2).

    Returns:
        int64, shape (n,), a new array.
    """
    step = 1 + np.floor(u[:, 1] * np.float32(classes - 1)).astype(np.int64)
    return np.where(u[:, 0] < fraction, (true + step) % classes, true)
