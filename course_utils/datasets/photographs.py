"""The photographs inside scikit-learn and scikit-image, whole and as crops. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.datasets.dataset import Card

__all__ = ["PHOTOGRAPHS", "Atlas", "Photograph", "Photographs", "read"]

_SKIMAGE = "skimage/data"
_SKLEARN = "sklearn/datasets/images"


@dataclass(frozen=True)
class Photograph:
    """A photograph and where it lies; what it shows and its licence are on the card of `photographs`.

    Attributes:
        file: the file's name inside the package.
        folder: its folder inside the package, starting with the package's name.
        split: the one split of `shapes` that draws on it.
        colour: False for a grey photograph, which each image tints in its own way.
        box: the part that is used (left, top, right, bottom), or None for all of it.
    """

    file: str
    folder: str
    split: str
    colour: bool
    box: tuple[int, int, int, int] | None = None


# Two views of one scene stay in one split. Left out: drawings (horse, logo, phantom, chessboards, colour wheel),
# pictures too small to crop (microaneurysms, the faces of lfw_subset, the multipage files), and a hologram (cell).
PHOTOGRAPHS = (
    Photograph("astronaut.png", _SKIMAGE, "train", True),
    Photograph("chelsea.png", _SKIMAGE, "train", True),
    Photograph("flower.jpg", _SKLEARN, "train", True),
    Photograph("hubble_deep_field.jpg", _SKIMAGE, "train", True),
    Photograph("ihc.png", _SKIMAGE, "train", True),
    Photograph("motorcycle_left.png", _SKIMAGE, "train", True),
    Photograph("motorcycle_right.png", _SKIMAGE, "train", True),
    Photograph("clock_motion.png", _SKIMAGE, "train", False),
    Photograph("coins.png", _SKIMAGE, "train", False),
    Photograph("gravel.png", _SKIMAGE, "train", False),
    Photograph("moon.png", _SKIMAGE, "train", False),
    Photograph("page.png", _SKIMAGE, "train", False),
    Photograph("rocket.jpg", _SKIMAGE, "validation", True),
    Photograph("coffee.png", _SKIMAGE, "validation", True),
    Photograph("brick.png", _SKIMAGE, "validation", False),
    Photograph("grass.png", _SKIMAGE, "validation", False),
    Photograph("china.jpg", _SKLEARN, "test", True),
    # The middle only: outside the round field of view there is nothing but black.
    Photograph("retina.jpg", _SKIMAGE, "test", True, (250, 250, 1150, 1150)),
    Photograph("camera.png", _SKIMAGE, "test", False),
    Photograph("text.png", _SKIMAGE, "test", False),
)


@dataclass(frozen=True)
class Atlas:
    """The photographs of a split at several scales, in one row of pixels for each colour.

    Attributes:
        planes: uint8, shape (3, pixels).
        start: index of the first pixel of each picture, int64, shape (pictures,).
        height, width: of each picture, in pixels, int64, shape (pictures,).
        photograph: index of each picture's photograph in PHOTOGRAPHS, int64, shape (pictures,).
        grey: True for the pictures of grey photographs, shape (pictures,).
    """

    planes: np.ndarray
    start: np.ndarray
    height: np.ndarray
    width: np.ndarray
    photograph: np.ndarray
    grey: np.ndarray

    @classmethod
    def of(cls, pictures: Sequence[tuple[np.ndarray, int]]) -> Atlas:
        """Lay pictures out in a row.

        Args:
            pictures: each with its pixels, uint8 (height, width, 3), and the index of its photograph in PHOTOGRAPHS.
        """
        height, width = np.array([pixels.shape[:2] for pixels, _ in pictures], dtype=np.int64).T
        planes = np.concatenate([pixels.reshape(-1, 3).T for pixels, _ in pictures], axis=1)
        photograph = np.array([number for _, number in pictures])
        grey = np.array([not PHOTOGRAPHS[number].colour for number in photograph])
        start = np.cumsum(height * width) - height * width
        return cls(np.ascontiguousarray(planes), start, height, width, photograph, grey)

    def crops(self, u: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Cut one square crop for each row of random numbers.

        Args:
            u: numbers from 0 to 1, float32, shape (n, 5): picture, top, left, mirrored, turned.
            size: side of the crop in pixels.

        Returns:
            (crops, picture): uint8 (n, 3, size, size) and the index of the picture of each crop, int64 (n,).
        """
        picture = _choose(u[:, 0], len(self.start))
        top = _choose(u[:, 1], self.height[picture] - size + 1)
        left = _choose(u[:, 2], self.width[picture] - size + 1)
        row, column = np.arange(size), np.arange(size)
        across = np.where(u[:, 3:4] < 0.5, column, size - 1 - column) + left[:, None]
        down = np.where(u[:, 4:5] < 0.25, size - 1 - row, row) + top[:, None]
        first = self.start[picture][:, None] + down * self.width[picture][:, None]
        index = first[:, :, None] + across[:, None, :]
        return np.stack([plane.take(index) for plane in self.planes], axis=1), picture


def _choose(u: np.ndarray, count: np.ndarray | int) -> np.ndarray:
    """Integers from 0 to count - 1, one for each number u from 0 to 1."""
    return np.minimum((u * np.float64(1) * count).astype(np.int64), np.asarray(count) - 1)


def read(photograph: Photograph) -> Image.Image:
    """The photograph as RGB, cut to its box.

    Raises:
        FileNotFoundError: the package holds no such file.
    """
    package, *inside = photograph.folder.split("/")
    spec = find_spec(package)  # finds the folder without running the package
    path = Path(spec.origin).parent.joinpath(*inside, photograph.file) if spec and spec.origin else Path(package)
    if not path.is_file():
        raise FileNotFoundError(
            f"Expected the photograph {photograph.file} inside {package}. Install the version in requirements.txt."
        )
    with Image.open(path) as image:
        return image.convert("RGB").crop(photograph.box)


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
