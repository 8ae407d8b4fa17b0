"""What every data set looks like once it is loaded: three splits, the names of the classes, a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy is needed for the hints alone, so importing this module costs nothing
    import numpy as np

__all__ = ["Card", "Dataset", "Split"]


@dataclass(frozen=True)
class Card:
    """What one should know about a data set before using it.

    Attributes:
        name: the name given to `datasets.load`.
        title: the name people use.
        text: what the images show, origin, licence, known flaws, measured figures and published checksums, as Markdown.
        note: what is special about the copy at hand, for example "JPEG copy"; perhaps "".
        copy: where the images that were loaded come from; "" for those made on the spot, and before anything is loaded.
    """

    name: str
    title: str
    text: str
    note: str = ""
    copy: str = ""

    @property
    def label(self) -> str:
        """What to call the data wherever a result is quoted: "cifar10 (JPEG copy)"."""
        return f"{self.name} ({self.note})" if self.note else self.name

    def __str__(self) -> str:
        about = "".join(f"\n\nThis copy: {text}" for text in (self.note, self.copy) if text)
        return f"### `{self.name}`: {self.title}\n\n{self.text}{about}"

    def _repr_markdown_(self) -> str:
        """JupyterLab shows the card as formatted text."""
        return str(self)


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
