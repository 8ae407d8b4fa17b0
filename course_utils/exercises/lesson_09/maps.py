"""An exercise on maps: how far a map and a mask overlap."""

import numpy as np

from course_utils.exercises.checks import number_is
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["OVERLAP"]


def _overlap() -> float:
    small_map = np.array([[9, 7, 0, 1], [8, 2, 3, 0], [6, 1, 5, 4]])
    small_mask = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
    chosen = small_map >= 6  # the four strongest: 9, 8, 7, 6
    overlap_by_hand = (chosen & (small_mask == 1)).sum() / (chosen | (small_mask == 1)).sum()
    return overlap_by_hand  # noqa: RET504


OVERLAP = Exercise(
    id="09.1",
    title="the overlap of a map and a mask",
    kind="compute by hand",
    prompt="Compute the overlap of the strongest pixels of a map with the mask of the object.",
    stub="""\
small_map = np.array([[9, 7, 0, 1], [8, 2, 3, 0], [6, 1, 5, 4]])
small_mask = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]])
overlap_by_hand = ...""",
    check=number_is(
        0.6,
        tolerance=0.005,
        mistakes={
            0.75: "That is the share of the object that is covered. Divide by the pixels in either, not by the object.",
            60: "Those are per cent. Give a fraction, from 0 to 1.",
            3: "That many pixels are in both. Divide by the number that are in either.",
            0.25: "Divided by all pixels of the picture. Divide by those that are in the map's choice or in the mask.",
            0.375: "A pixel in both counts once in the union: 4 + 4 - 3.",
            1: "The largest value lies inside the mask: that is the pointing game, which looks at one pixel.",
            0.5: "Take as many pixels as the object has, four, and not the five strongest.",
        },
    ),
    hints=(
        "The object has four pixels. Which are the four strongest pixels of the map, and how many lie in the mask?",
        "Three of the four are in both. In either one: 4 + 4 - 3.",
    ),
    solution=computed(_overlap),
    right=(3 / 5, np.float64(0.6)),
    wrong=(
        (0.75, "share of the object"),
        (3, "in both"),
        (60, "a fraction"),
        (0.25, "all pixels"),
        (0.375, "counts once"),
        (1.0, "pointing game"),
        ("3/5", "Expected a number"),
    ),
)
