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
def _read(number: int) -> Image.Image:
    """The picture with colours already multiplied by their opacity: so nothing behind a clear pixel shines through."""
    with Image.open(_folder() / all_cutouts()[number].file) as image:
        return image.convert("RGBA").convert("RGBa")


@lru_cache(maxsize=512)  # the training objects of a class mix, each at five sizes: 50 MB at 224 pixels
def scaled(number: int, longest: int) -> np.ndarray:
    """An object whose longest side has this many pixels.

    Args:
        number: the object's place in `all_cutouts()`.
        longest: pixels, 1 or more.

    Returns:
        uint8, shape (4, height, width): red, green and blue multiplied by the opacity, then the opacity; read-only.
    """
    image = _read(number)
    most = max(image.size)
    width, height = (max(1, (2 * side * longest + most) // (2 * most)) for side in image.size)
    # Pillow resizes in whole numbers; the cubic filter keeps what is enlarged from looking washed out.
    planes = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC)).transpose(2, 0, 1)
    planes = np.ascontiguousarray(planes)
    planes.flags.writeable = False
    return planes
