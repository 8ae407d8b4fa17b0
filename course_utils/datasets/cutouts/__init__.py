"""`cutouts`: photographs of single objects, cut out and placed over other photographs, with a mask of every object."""

from typing import Any

from course_utils.datasets.cutouts.drawing import CutoutPainter, Knobs
from course_utils.datasets.cutouts.objects import CLASS_NAMES, Cutout, all_cutouts
from course_utils.datasets.dataset import Dataset
from course_utils.datasets.generated.making import made

__all__ = ["CLASS_NAMES", "Cutout", "Knobs", "all_cutouts", "load_cutouts"]


def load_cutouts(*, train: int = 1_200, validation: int = 300, test: int = 600, seed: int = 0, **knobs: Any) -> Dataset:
    """Make the cutouts data set: the same bytes for the same arguments.

    Training, validation and test pictures show different objects over different photographs. More pictures continue
    the sequence: the first 100 of 1,000 are those of train=100. Turning one knob leaves everything else in place.

    Args:
        train, validation, test: numbers of pictures, 0 or more.
        seed: 0 or more; another seed makes other pictures of the same objects.
        **knobs: split_seed, size, objects_per_class, object_size, off_centre, clutter, blur, imbalance, wrong_labels,
            betrayal, flawed: see Knobs.

    Returns:
        A Dataset whose splits are MadeSplit: x, y, masks, objects, true_y, betrayed, photograph.

    Raises:
        TypeError: an unknown knob.
        ValueError: a number of pictures, a seed or a knob out of its range.
        DataError: the folder data/cutouts is missing.

    Example:
        load_cutouts(train=48, size=96, objects_per_class=2)
    """
    return made(
        "cutouts", CLASS_NAMES, CutoutPainter, {"train": train, "validation": validation, "test": test}, seed, **knobs
    )
