"""The photographs inside the packages scikit-image and scikit-learn, whole. Nothing is downloaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from course_utils.datasets.cards import Card
from course_utils.datasets.generated.photographs import PHOTOGRAPHS, read

__all__ = ["Photographs"]


class Photographs(dict[str, np.ndarray]):
    """Whole photographs by name: `photographs["chelsea"]` is uint8, shape (height, width, 3); the sizes differ.

    Grey ones have three equal channels.

    Attributes:
        card: what each of them shows, and its licence.

    Raises:
        FileNotFoundError: the packages at hand do not hold one of them.
    """

    def __init__(self, card: Card) -> None:
        super().__init__({Path(one.file).stem: np.array(read(replace(one, box=None))) for one in PHOTOGRAPHS})
        self.card = card

    def __repr__(self) -> str:
        return f"Photographs({', '.join(self)})"
