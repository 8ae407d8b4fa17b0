"""Which objects and which photographs each split draws on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from course_utils.datasets.cutouts.objects import CLASS_NAMES, all_cutouts
from course_utils.datasets.generated.chance import Stream
from course_utils.datasets.photographs import PHOTOGRAPHS

__all__ = ["BACKGROUNDS", "Deal", "deal"]

# Photographs of scikit-image in which none of the classes is to be seen. Left out: the cat, the astronaut and the man
# with the camera (mammals), the coins (heads and beasts on them), the second view of the garage.
_FILES = (
    "coffee.png", "hubble_deep_field.jpg", "ihc.png", "motorcycle_left.png", "retina.jpg", "rocket.jpg", "brick.png",
    "clock_motion.png", "grass.png", "gravel.png", "moon.png", "page.png", "text.png",
)  # fmt: skip
BACKGROUNDS = tuple(number for number, photograph in enumerate(PHOTOGRAPHS) if photograph.file in _FILES)


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
