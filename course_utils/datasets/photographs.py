"""The photographs inside the packages scikit-image and scikit-learn, whole. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from course_utils.datasets.cards import Card
from course_utils.datasets.generated.photographs import PHOTOGRAPHS, Photograph, read

__all__ = ["Photographs", "load_photographs"]


class Photographs(Mapping[str, np.ndarray]):
    """Whole photographs by name: `photographs["chelsea"]` is uint8, shape (height, width, 3); the sizes differ.

    Attributes:
        about: name -> what it shows, its licence, where it lies, whether it has colours.
        card: what holds for all of them.
    """

    def __init__(self, pictures: dict[str, np.ndarray], about: dict[str, Photograph], card: Card) -> None:
        self._pictures, self.about, self.card = pictures, about, card

    def __getitem__(self, name: str) -> np.ndarray:
        return self._pictures[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def __repr__(self) -> str:
        return f"Photographs({', '.join(self)})"


def load_photographs(card: Card) -> Photographs:
    """All of PHOTOGRAPHS, each whole and RGB; a grey one has three equal channels.

    Raises:
        FileNotFoundError: the packages at hand do not hold one of them.
    """
    about = {Path(photograph.file).stem: photograph for photograph in PHOTOGRAPHS}
    pictures = {name: np.array(read(replace(photograph, box=None))) for name, photograph in about.items()}
    return Photographs(pictures, about, card)
