"""Draws the montage of `cutouts` in the README, data/results/cutouts.jpg.

Run from the project's folder: python tests/benchmarks/draw_cutouts.py
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from course_utils import datasets, paths
from course_utils.datasets.cutouts import CLASS_NAMES

SIDE, GAP, HEADING, ROWS = 128, 6, 24, 4
FILE = "cutouts.jpg"


def montage() -> np.ndarray:
    """The first four test pictures of each class, a column a class, below an empty strip; uint8, (h, w, 3)."""
    data = datasets.load("cutouts", train=0, validation=0, test=6 * (ROWS + 1), size=SIDE, quiet=True)
    step = SIDE + GAP
    canvas = np.full((HEADING + ROWS * step - GAP, len(data.class_names) * step - GAP, 3), 255, dtype=np.uint8)
    for label in range(len(data.class_names)):
        for row, picture in enumerate(data.test.x[data.test.y == label][:ROWS]):
            top, left = HEADING + row * step, label * step
            canvas[top : top + SIDE, left : left + SIDE] = picture
    return canvas


def main() -> None:
    """Write the names of the classes over the pictures, and the file."""
    image = Image.fromarray(montage())
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=16)
    for label, name in enumerate(CLASS_NAMES):
        draw.text((label * (SIDE + GAP) + SIDE // 2, 2), name.replace("_", " "), fill="black", font=font, anchor="ma")
    image.save(paths.results_folder() / FILE, quality=88)


if __name__ == "__main__":
    main()
