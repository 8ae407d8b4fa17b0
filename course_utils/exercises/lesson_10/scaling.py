"""An exercise on scaling: how many images a lower error takes."""

import numpy as np

from course_utils.exercises.checks import number_is
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["IMAGES_NEEDED"]


def _images_needed() -> float:
    images, error, wanted, exponent = 10_000, 0.08, 0.04, 0.25
    images_needed = images * (error / wanted) ** (1 / exponent)
    return images_needed  # noqa: RET504


IMAGES_NEEDED = Exercise(
    id="10.5",
    title="the price of half the error",
    kind="change and predict",
    prompt="Say how many images a power law with exponent 0.25 asks for, to halve an error.",
    stub="images_needed = ...",
    check=number_is(
        160_000,
        200,
        mistakes={
            20_000: "Twice the images would halve the error if the exponent were 1.",
            40_000: "Four times the images would halve the error if the exponent were 0.5.",
            11_892: "That is 10,000 x 2^0.25. The exponent belongs to the images: solve for them first.",
            8_409: "More images are needed, not fewer. 2^0.25 is what the error is divided by for twice the images.",
            16: "That is the factor. Asked for is the number of images.",
            625: "More images are needed, not fewer: the factor is 16, and it multiplies the 10,000.",
            150_000: "Those are the further images. Asked for are all of them.",
            80_000: "Eight times the images divide the error by 8^0.25, about 1.68. That is not half.",
        },
    ),
    hints=(
        "error = a x images^-0.25. If the images grow k times, the error is divided by k^0.25.",
        "k^0.25 has to be 2. Which number k has the fourth root 2?",
    ),
    solution=computed(_images_needed),
    right=(160_000, 160_000.0, np.int64(160_000)),
    wrong=(
        (20_000, "exponent were 1"),
        (40_000, "exponent were 0.5"),
        (11_892, "solve for them first"),
        (150_000, "further images"),
        (16, "That is the factor"),
        (625, "not fewer"),
        (1_000_000, "too large"),
        ("160000", "Expected a number"),
    ),
)
