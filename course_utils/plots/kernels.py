"""A kernel on its way over a picture, and what part of a picture a number depends on."""

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.plots.images import as_images, show_image
from course_utils.plots.numbers import draw_grid, grid_in_words
from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["frames", "sliding"]


def sliding(
    image: np.ndarray, kernel: np.ndarray, output: np.ndarray, *, rows: int | None = None, caption: str = ""
) -> Picture:
    """A grey picture, a kernel with its numbers, and what comes out, as far as the kernel has come.

    Args:
        image: shape (height, width), from 0 to 1.
        kernel: shape (rows, columns).
        output: shape (height, width), a little smaller than the image. Where the kernel's numbers add up to 1, black
            is 0 and white is 1. Otherwise mid-grey is 0, and one place in a hundred is wholly black or white.
        rows: how many rows of the output are done; all by default, and where there are fewer.
    """
    rows = len(output) if rows is None else min(rows, len(output))
    keeps = np.isclose(kernel.sum(), 1)  # the brightness of an even surface
    strong = np.percentile(np.abs(output), 99)
    low, high = (0, 1) if keeps else (-strong, strong)
    done = np.where(np.arange(len(output))[:, np.newaxis] < rows, output, np.nan)
    figure, axes = canvas(1, 3, width=8.5, height=3.3, width_ratios=[1, 0.55, 1])
    for axis, shown, (black, white) in ((axes[0], image, (0, 1)), (axes[2], done, (low, high))):
        axis.imshow(shown, cmap="gray", vmin=black, vmax=white, interpolation="nearest")
    if rows < len(output):  # where the kernel has come to
        axes[0].axhspan(rows - 0.5, rows - 0.5 + len(kernel), color=COLOURS[4], alpha=0.7)
    draw_grid(axes[1], kernel, set(), size=min(12, 2 + 36 // kernel.shape[1]))
    for axis, title in zip(axes, ("in", "kernel", "out"), strict=True):
        axis.axis("off")
        axis.set_title(title, fontsize=11, fontweight="normal")
    alt = f"A picture, the kernel [{grid_in_words(kernel)}], and {rows} of {len(output)} rows of what comes out."
    return picture(figure, alt=alt, caption=caption)


def frames(image: np.ndarray, places: Mapping[str, tuple[int, int, int]], *, caption: str = "") -> Picture:
    """Squares drawn on a picture, each with its name.

    Args:
        image: shape (height, width) or (height, width, channels), as in `image_grid`.
        places: name to (first row, first column, side), in pixels; the square lies inside the picture.
    """
    figure, axis = canvas(width=5.5, height=3.6)
    show_image(axis, *as_images([image]))
    axis.axis("off")
    for colour, (name, (row, column, side)) in zip(COLOURS[1:] * len(places), places.items(), strict=False):
        corner = (column - 0.5, row - 0.5)  # pixels are drawn around their numbers
        style = {"fill": False, "edgecolor": colour, "linewidth": 2.5, "label": f"{name}: {side} by {side}"}
        axis.add_patch(Rectangle(corner, side, side, **style))
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = [f"{name}: {side} pixels from row {row}, column {column}" for name, (row, column, side) in places.items()]
    return picture(figure, alt=f"Squares on a picture. {'; '.join(words)}.", caption=caption)
