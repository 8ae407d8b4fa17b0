"""What `shapes` and `cutouts` share: checked knobs, flaws, labels, and three splits painted batch by batch."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from course_utils.datasets.dataset import Card, Dataset, Split
from course_utils.datasets.errors import check_range
from course_utils.datasets.generated.chance import SPLITS, Stream

__all__ = ["Flaws", "MadeSplit", "Painted", "Painter", "made"]

Painted = tuple[np.ndarray, np.ndarray, np.ndarray]  # images, uint8 (n, h, w, c); masks, bool (n, h, w); photographs


@dataclass(frozen=True)
class Flaws:
    """What can be wrong with pictures that are made, and the checks of all their knobs.

    Attributes:
        imbalance: how many times more images the most frequent class (the first) has than the rarest (the last), 1
            to 1000; the others lie between in equal ratios.
        wrong_labels: fraction of images with a label drawn from the wrong ones, 0 to 1.
        betrayal: fraction of images whose background has the tint of their class, 0 to 1.
        flawed: the splits to which imbalance, wrong_labels and betrayal apply; the others stay clean.
    """

    imbalance: float = 1.0
    wrong_labels: float = 0.0
    betrayal: float = 0.0
    flawed: tuple[str, ...] = ("train",)

    # The least and the most of each; one whose default is a whole number takes whole numbers only.
    limits: ClassVar[dict[str, tuple[float, float]]] = {}

    def __post_init__(self) -> None:
        limits = {"imbalance": (1, 1000), "wrong_labels": (0, 1), "betrayal": (0, 1)} | self.limits
        for name, (low, high) in limits.items():
            whole = isinstance(type(self).__dataclass_fields__[name].default, int)
            check_range(name, getattr(self, name), low, high, whole=whole)
        if not isinstance(self.flawed, tuple | list) or any(name not in SPLITS for name in self.flawed):
            raise ValueError(f"Expected flawed to be a tuple of names from {SPLITS}. Received: {self.flawed!r}.")


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


class Painter:
    """Paints the images of one split, in order.

    Args:
        knobs: how.
        seed: 0 or more.
        split: the split's name.
        classes: what each image shows, int64, shape (n,).
        betrayed: where the background gets the tint of the class, bool, shape (n,).

    Attributes:
        class_names: class_names[label].
        amounts: split -> how many images are made where nobody says it.
        knobs_class: what its knobs are.
        batch: so many images are painted at a time: they fit into a processor's cache.
        objects: which object each image shows, int64, shape (n,); None where they have no numbers.
    """

    class_names: ClassVar[tuple[str, ...]]
    amounts: ClassVar[dict[str, int]]
    knobs_class: ClassVar[type[Flaws]]
    batch: ClassVar[int]
    objects: np.ndarray | None = None

    def __init__(self, knobs: Any, seed: int, split: str, classes: np.ndarray, betrayed: np.ndarray) -> None:
        self._knobs, self._classes, self._betrayed = knobs, classes, betrayed
        self._background, self._place, self._look, self._clutter, self._noise = (
            Stream(seed, split, purpose) for purpose in ("background", "place", "look", "clutter", "noise")
        )

    def paint(self, part: slice) -> Painted:
        """Paint the next images."""
        raise NotImplementedError


def made(card: Card, painter: type[Painter], amounts: dict[str, int], seed: int, asked: dict[str, Any]) -> Dataset:
    """Make a data set: the same bytes for the same arguments.

    More images continue the sequence: the first 100 of 1,000 are those of 100. Turning one knob leaves everything else
    in place: the same objects in the same places, with more noise.

    Args:
        card: of the data set.
        painter: what paints a split.
        amounts: split -> number of images, 0 or more, where it is not the painter's own.
        seed: 0 or more.
        asked: the knobs that differ from their defaults.

    Returns:
        A Dataset whose splits are MadeSplit.

    Raises:
        TypeError: an unknown knob.
        ValueError: a number of images, a seed or a knob out of its range.
    """
    counts = painter.amounts | amounts
    for key, value in {**counts, "seed": seed}.items():
        check_range(key, value, 0, whole=True)
    known = [field.name for field in fields(painter.knobs_class)]
    if unknown := sorted(asked.keys() - set(known)):
        raise TypeError(f"Expected knobs among {', '.join(known)}. Received: {', '.join(unknown)}.")
    knobs: Any = painter.knobs_class(**asked)
    splits = {}
    for split, count in counts.items():
        flaws = knobs if split in knobs.flawed else Flaws()
        true, given, betrayed = _labelled(split, count, int(seed), len(painter.class_names), flaws)
        brush = painter(knobs, int(seed), split, true, betrayed)
        x = np.empty((count, knobs.size, knobs.size, getattr(knobs, "channels", 3)), dtype=np.uint8)
        masks = np.empty(x.shape[:3], dtype=bool)
        photograph = np.empty(count, dtype=np.int64)
        for first in range(0, count, painter.batch):
            part = slice(first, min(first + painter.batch, count))
            x[part], masks[part], photograph[part] = brush.paint(part)
        splits[split] = MadeSplit(
            x, given, masks, true_y=true, betrayed=betrayed, photograph=photograph, objects=brush.objects
        )
    return Dataset(card.name, **splits, class_names=painter.class_names, card=card)


def _labelled(split: str, count: int, seed: int, classes: int, flaws: Flaws) -> tuple[np.ndarray, ...]:
    """The classes of a split's images, the labels they get, both int64 (count,), and which backgrounds betray."""
    true = _labels(count, classes, flaws.imbalance, Stream(seed, split, "label"))
    u = Stream(seed, split, "flaw").uniform(count, 3)
    step = 1 + np.floor(u[:, 1] * np.float32(classes - 1)).astype(np.int64)
    given = np.where(u[:, 0] < flaws.wrong_labels, (true + step) % classes, true)
    return true, given, u[:, 2] < flaws.betrayal


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
