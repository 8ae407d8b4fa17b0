"""What can be turned: the knobs, their defaults and limits, and which label each image gets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.datasets.shapes.chance import SPLITS, Stream
from course_utils.datasets.shapes.outlines import CLASS_NAMES

__all__ = ["Knobs", "labels", "mistaken"]

_LIMITS = {
    "size": (8, 96),
    "noise": (0, 100),
    "clutter": (0, 12),
    "rotation": (0, 180),
    "imbalance": (1, 1000),
    "wrong_labels": (0, 1),
    "betrayal": (0, 1),
}


@dataclass(frozen=True)
class Knobs:
    """How the images are drawn. The defaults are tuned so that the figures on the card hold.

    Attributes:
        size: height and width in pixels, 8 to 96.
        channels: 3 for colour, 1 for grey.
        noise: standard deviation of the sensor noise in grey levels, 0 to 100.
        clutter: strokes and blobs of no class behind each object, 0 to 12.
        rotation: objects are turned by up to this many degrees either way, 0 to 180. From 90 on the two arrows
            overlap: nobody can tell all of them apart.
        imbalance: how many times more images the most frequent class (the first) has than the rarest (the last), 1
            to 1000; the others lie between in equal ratios.
        wrong_labels: fraction of images with a label drawn from the nine wrong ones, 0 to 1.
        betrayal: fraction of images whose background has the tint of their class, 0 to 1.
        flawed: the splits to which imbalance, wrong_labels and betrayal apply; the others stay clean.
    """

    size: int = 32
    channels: int = 3
    noise: float = 10.0
    clutter: int = 3
    rotation: float = 25.0
    imbalance: float = 1.0
    wrong_labels: float = 0.0
    betrayal: float = 0.0
    flawed: tuple[str, ...] = ("train",)

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not low <= value <= high:
                raise ValueError(f"Expected {name} from {low} to {high}. Received: {value!r}.")
        for name in ("size", "clutter"):
            if not isinstance(getattr(self, name), int | np.integer):
                raise ValueError(f"Expected a whole number as {name}. Received: {getattr(self, name)!r}.")
        if self.channels not in (1, 3):
            raise ValueError(f"Expected channels to be 1 (grey) or 3 (colour). Received: {self.channels!r}.")
        if isinstance(self.flawed, str) or not set(self.flawed) <= set(SPLITS):
            raise ValueError(f"Expected flawed to be a tuple of names from {SPLITS}. Received: {self.flawed!r}.")


def labels(count: int, imbalance: float, stream: Stream) -> np.ndarray:
    """The classes of the first images of a split, in random order, each with its share at every length.

    Class k comes once in every 1 / share_k images, at a random place, so that the first 100 of 1,000 labels are the
    same as 100 labels, and balanced classes differ by at most a few images.

    Args:
        count: how many labels, 0 or more.
        imbalance: frequency of the first class over that of the last, 1 or more.
        stream: what decides the order.

    Returns:
        int64, shape (count,).
    """
    n_classes = len(CLASS_NAMES)
    weights = np.array([float(imbalance) ** (-k / (n_classes - 1)) for k in range(n_classes)])
    # Powers may differ in the last bit between platforms: whole numbers do not.
    whole = np.floor(weights * 2**20 + 0.5).astype(np.int64)
    period = whole.sum() / whole  # images between two of a class
    rounds = int(count // period.min()) + 2
    when = (np.arange(rounds)[:, None] + stream.uniform(rounds, n_classes).astype(np.float64)) * period
    order = np.argsort(when, axis=None, kind="stable")[:count]
    return (order % n_classes).astype(np.int64)


def mistaken(true: np.ndarray, fraction: float, u: np.ndarray) -> np.ndarray:
    """Labels of which a fraction is wrong.

    Args:
        true: the true labels, shape (n,).
        fraction: the probability that a label is replaced by one of the others.
        u: numbers from 0 to 1, shape (n, 2).

    Returns:
        int64, shape (n,), a new array.
    """
    n_classes = len(CLASS_NAMES)
    step = 1 + np.floor(u[:, 1] * np.float32(n_classes - 1)).astype(np.int64)
    return np.where(u[:, 0] < fraction, (true + step) % n_classes, true)
