"""What every data set looks like once it is loaded: three splits, the names of the classes, a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy is needed for the hints alone, so importing this module costs nothing
    import numpy as np

    from course_utils.datasets.cards import Card

__all__ = ["Dataset", "Split"]


@dataclass(frozen=True, eq=False)
class Split:
    """Images with their labels.

    Attributes:
        x: images, uint8, shape (n, height, width, channels), values 0 to 255, writable.
        y: labels, int64, shape (n,), each an index into the data set's class_names, writable.
        masks: bool, shape (n, height, width), True on the object's pixels; None where a data set has no masks.
    """

    x: np.ndarray
    y: np.ndarray
    masks: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.x.ndim != 4 or self.x.dtype != "uint8":
            raise ValueError(
                f"Expected uint8 images of shape (n, height, width, channels). Received: {self.x.dtype} {self.x.shape}."
            )
        if self.y.shape != self.x.shape[:1] or self.y.dtype != "int64":
            raise ValueError(
                f"Expected int64 labels of shape ({len(self.x)},), one an image. "
                f"Received: {self.y.dtype} {self.y.shape}."
            )
        if self.masks is not None and (self.masks.shape != self.x.shape[:3] or self.masks.dtype != "bool"):
            raise ValueError(
                f"Expected bool masks of shape {self.x.shape[:3]}. Received: {self.masks.dtype} {self.masks.shape}."
            )

    def __len__(self) -> int:
        return len(self.y)

    def __repr__(self) -> str:
        masks = "" if self.masks is None else f", masks {self.masks.dtype} {self.masks.shape}"
        return f"Split(x {self.x.dtype} {self.x.shape}, y {self.y.dtype} {self.y.shape}{masks})"


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set, ready for training.

    Attributes:
        name: the name it was loaded by.
        train: what a model learns from.
        validation: what choices are made on.
        test: what is opened once, at the end.
        class_names: class_names[label] is what a label means.
        card: where the data comes from, its licence, its known flaws.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    class_names: tuple[str, ...]
    card: Card

    def __repr__(self) -> str:
        height, width, channels = self.train.x.shape[1:]
        return (
            f"Dataset({self.name!r}: {len(self.train)} training, {len(self.validation)} validation and "
            f"{len(self.test)} test images of {height}x{width}x{channels}, {len(self.class_names)} classes)"
        )
