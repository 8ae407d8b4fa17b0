"""The objects: photographs with transparency in data/cutouts, which split shows which, and each at any size."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils import paths
from course_utils.datasets.errors import DataError
from course_utils.datasets.generated.chance import Stream
from course_utils.datasets.generated.scaling import resized
from course_utils.datasets.photographs import PHOTOGRAPHS

__all__ = ["BACKGROUNDS", "CLASS_NAMES", "Cutout", "Deal", "all_cutouts", "deal", "scaled"]

CLASS_NAMES = ("bird", "mammal", "sea_animal", "fruit", "vegetable", "flower")
# Photographs of scikit-image in which none of the classes is to be seen. Left out: the cat, the astronaut and the man
# with the camera (mammals), the coins (heads and beasts on them), the second view of the garage.
_FILES = (
    "coffee.png", "hubble_deep_field.jpg", "ihc.png", "motorcycle_left.png", "retina.jpg", "rocket.jpg", "brick.png",
    "clock_motion.png", "grass.png", "gravel.png", "moon.png", "page.png", "text.png",
)  # fmt: skip
BACKGROUNDS = tuple(number for number, photograph in enumerate(PHOTOGRAPHS) if photograph.file in _FILES)


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


@dataclass(frozen=True)
class Deal:
    """What each split draws on; nothing is in two splits.

    Attributes:
        objects: split -> for each class, the numbers of its objects, in the order in which they are used.
        photographs: split -> indices into PHOTOGRAPHS.
    """

    objects: dict[str, tuple[tuple[int, ...], ...]]
    photographs: dict[str, tuple[int, ...]]


@lru_cache(maxsize=16)
def deal(split_seed: int) -> Deal:
    """Deal the objects of each class and the photographs to the splits.

    A quarter of the objects of a class (rounded) is for testing, about 15 % (at least two) for validation; the others
    are for training. Of the coloured and of the grey photographs, two each test and one or two validate.

    Args:
        split_seed: 0 or more; each gives another deal.
    """
    stream = Stream(split_seed, "train", "deal")
    objects: dict[str, list[tuple[int, ...]]] = {"train": [], "validation": [], "test": []}
    luck = stream.uniform(1, len(all_cutouts()))[0]
    for class_name in CLASS_NAMES:
        things: dict[str, list[int]] = {}  # pictures of one thing move together
        for number, cutout in enumerate(all_cutouts()):
            if cutout.class_name == class_name:
                things.setdefault(cutout.same_as or cutout.file, []).append(number)
        count = sum(map(len, things.values()))
        shuffled = sorted(things.values(), key=lambda numbers: luck[numbers[0]])
        for split, wanted in (("test", (count + 2) // 4), ("validation", max(2, (3 * count + 10) // 20))):
            taken: list[int] = []
            while len(taken) < wanted:
                taken += shuffled.pop(0)
            objects[split].append(tuple(taken))
        objects["train"].append(tuple(number for numbers in shuffled for number in numbers))
    photographs: dict[str, tuple[int, ...]] = {"train": (), "validation": (), "test": ()}
    luck = stream.uniform(1, len(PHOTOGRAPHS))[0]
    for colour, validating in ((True, 1), (False, 2)):
        kind = sorted((n for n in BACKGROUNDS if PHOTOGRAPHS[n].colour == colour), key=lambda n: luck[n])
        photographs["test"] += tuple(kind[:2])
        photographs["validation"] += tuple(kind[2 : 2 + validating])
        photographs["train"] += tuple(kind[2 + validating :])
    return Deal({split: tuple(classes) for split, classes in objects.items()}, photographs)
