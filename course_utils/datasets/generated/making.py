"""What `shapes` and `cutouts` share: labels, some of them wrong, backgrounds that betray the class, batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.datasets.dataset import Split
from course_utils.datasets.generated.chance import Stream
from course_utils.datasets.generated.settings import Flaws

__all__ = ["MadeSplit", "Painted", "labelled", "painted"]

Painted = tuple[np.ndarray, np.ndarray, np.ndarray]  # images, uint8 (n, h, w, c); masks, bool (n, h, w); photographs


@dataclass(frozen=True, eq=False, repr=False)
class MadeSplit(Split):
    """Images made on the spot, with what only their maker knows.

    Attributes:
        true_y: the labels before any were made wrong, int64, shape (n,).
        betrayed: where the background has the tint of the class, bool, shape (n,).
        photograph: the background's photograph, an index into PHOTOGRAPHS, int64, shape (n,).
        objects: for `cutouts`: which object is to be seen, its place in `cutouts.all_cutouts()`, int64, shape (n,).
    """

    true_y: np.ndarray | None = None
    betrayed: np.ndarray | None = None
    photograph: np.ndarray | None = None
    objects: np.ndarray | None = None


def labelled(split: str, count: int, seed: int, classes: int, knobs: Flaws) -> tuple[np.ndarray, ...]:
    """The labels of a split, with the flaws that it has.

    Args:
        split: its name.
        count: how many labels, 0 or more.
        seed: 0 or more.
        classes: how many classes there are, 2 or more.
        knobs: imbalance, wrong_labels, betrayal and the splits that have them.

    Returns:
        (true, given, betrayed): the classes of the images and the labels they get, int64, shape (count,), and whether
        the background betrays the class, bool, shape (count,).
    """
    knobs = knobs if split in knobs.flawed else Flaws()
    true = _labels(count, classes, knobs.imbalance, Stream(seed, split, "label"))
    u = Stream(seed, split, "flaw").uniform(count, 3)
    step = 1 + np.floor(u[:, 1] * np.float32(classes - 1)).astype(np.int64)
    given = np.where(u[:, 0] < knobs.wrong_labels, (true + step) % classes, true)
    return true, given, u[:, 2] < knobs.betrayal


def _labels(count: int, classes: int, imbalance: float, stream: Stream) -> np.ndarray:
    """The classes of the first images of a split, in random order, each with its share at every length.

    Class k comes once in every 1 / share_k images, at a random place, so that the first 100 of 1,000 labels are the
    same as 100 labels, and balanced classes differ by at most a few images.
    """
    weights = np.array([float(imbalance) ** (-k / (classes - 1)) for k in range(classes)])
    # Powers may differ in the last bit between platforms: whole numbers do not.
    whole = np.floor(weights * 2**20 + 0.5).astype(np.int64)
    period = whole.sum() / whole  # images between two of a class
    rounds = int(count // period.min()) + 2
    when = (np.arange(rounds)[:, None] + stream.uniform(rounds, classes).astype(np.float64)) * period
    order = np.argsort(when, axis=None, kind="stable")[:count]
    return (order % classes).astype(np.int64)


def painted(count: int, batch: int, size: int, channels: int, paint: Callable[[slice], Painted]) -> Painted:
    """All images of a split.

    Args:
        count: how many.
        batch: how many are made at a time: they fit into a processor's cache.
        size: height and width in pixels.
        channels: 1 or 3.
        paint: makes the next ones.
    """
    x = np.empty((count, size, size, channels), dtype=np.uint8)
    masks = np.empty((count, size, size), dtype=bool)
    photograph = np.empty(count, dtype=np.int64)
    for first in range(0, count, batch):
        part = slice(first, min(first + batch, count))
        x[part], masks[part], photograph[part] = paint(part)
    return x, masks, photograph
