"""The objects: photographs with transparency in data/cutouts, their list, and each at the size that is asked for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils import paths
from course_utils.datasets.errors import DataError
from course_utils.datasets.generated.scaling import resized

__all__ = ["CLASS_NAMES", "Cutout", "all_cutouts", "scaled"]

CLASS_NAMES = ("bird", "mammal", "sea_animal", "fruit", "vegetable", "flower")


@dataclass(frozen=True)
class Cutout:
    """An object and where its picture comes from.

    Attributes:
        file: its picture inside data/cutouts.
        class_name: one of CLASS_NAMES.
        shows: what is to be seen.
        same_as: a name that pictures of the same thing share, which stay in one split; "" where there is only one.
        source: the file inside the package's folder of stamps.
        credit: who made it, in the words of the package's list of changes; "not named" where it names nobody.
    """

    file: str
    class_name: str
    shows: str
    same_as: str
    source: str
    credit: str


def _folder() -> Path:
    folder = paths.data_folder() / "cutouts"
    if not (folder / "objects.csv").is_file():
        raise DataError(f"Expected the pictures of cutouts in {folder}. Copy data/cutouts from the course again.")
    return folder


@lru_cache(maxsize=1)
def all_cutouts() -> tuple[Cutout, ...]:
    """Every object; its place in this list is its number.

    Raises:
        DataError: the folder data/cutouts is missing.
    """
    with (_folder() / "objects.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Cutout(row.pop("file"), row.pop("class"), **row) for row in csv.DictReader(file))


@lru_cache(maxsize=256)
def _read(number: int) -> np.ndarray:
    """The picture, (4, h, w), its colours multiplied by the opacity: nothing behind a clear pixel shines through."""
    with Image.open(_folder() / all_cutouts()[number].file) as image:
        planes = np.asarray(image.convert("RGBA"), dtype=np.uint16).transpose(2, 0, 1)
    return np.concatenate([(planes[:3] * planes[3] + 127) // 255, planes[3:]]).astype(np.uint8)


@lru_cache(maxsize=512)  # the training objects of all classes, each at five sizes: 50 MB at 224 pixels
def scaled(number: int, longest: int) -> np.ndarray:
    """An object whose longest side has this many pixels.

    Args:
        number: the object's place in `all_cutouts()`.
        longest: pixels, 1 or more.

    Returns:
        uint8, shape (4, height, width): red, green and blue multiplied by the opacity, then the opacity; read-only.
    """
    planes = _read(number)
    most = max(planes.shape)
    height, width = (max(1, (2 * side * longest + most) // (2 * most)) for side in planes.shape[1:])
    planes = resized(planes, height, width)
    planes.flags.writeable = False
    return planes
