"""`shapes`: ten classes of shapes drawn over real photographs, with a mask of every object."""

from typing import Any

from course_utils.datasets.dataset import Dataset
from course_utils.datasets.generated.making import made
from course_utils.datasets.shapes.drawing import Knobs, ShapePainter
from course_utils.datasets.shapes.outlines import CLASS_NAMES

__all__ = ["CLASS_NAMES", "Knobs", "load_shapes"]


def load_shapes(
    *, train: int = 10_000, validation: int = 1_000, test: int = 2_000, seed: int = 0, **knobs: Any
) -> Dataset:
    """Draw the shapes data set: the same bytes for the same arguments, on every platform.

    More images continue the sequence: the first 100 of 1,000 are those of train=100. Turning one knob leaves
    everything else in place: the same objects in the same places, with more noise.

    Args:
        train, validation, test: numbers of images, 0 or more.
        seed: 0 or more.
        **knobs: size, channels, noise, clutter, rotation, imbalance, wrong_labels, betrayal, flawed: see Knobs.

    Returns:
        A Dataset whose splits are MadeSplit: x, y, masks, true_y, betrayed, photograph.

    Raises:
        TypeError: an unknown knob.
        ValueError: a number of images, a seed or a knob out of its range.

    Example:
        load_shapes(train=1_000, size=64, clutter=6)
    """
    return made(
        "shapes", CLASS_NAMES, ShapePainter, {"train": train, "validation": validation, "test": test}, seed, **knobs
    )
