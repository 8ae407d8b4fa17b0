"""Small diagrams with numbers in their cells, for sums that can be checked by hand; and a kernel on its way."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["number_grids", "sliding"]

LARGEST = 12  # rows or columns; more cannot be read


def number_grids(
    parts: Mapping[str, np.ndarray | Sequence],
    *,
    signs: str = "",
    marked: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    row_names: Sequence[str] = (),
    caption: str = "",
) -> Picture:
    """Grids of numbers in a row, with signs such as "*" and "=" between them.

    Args:
        parts: title to a small array, (rows, columns) or (columns,), of numbers; a cell that holds nan stays empty.
        signs: what stands between two neighbours, one character for each gap, "*=" for three grids; or nothing.
        marked: title of a grid to the cells (row, column) that are coloured, such as those under the kernel.
        row_names: what stands left of each row of the first grid; or nothing.

    Raises:
        ValueError: an array has more than two axes, or more than 12 rows or columns; or there are not as many signs
            as gaps.

    Example:
        >>> window, kernel = np.array([[0, 1], [3, 4]]), np.array([[0, 1], [2, 3]])
        >>> products = window * kernel
        >>> number_grids({"window": window, "kernel": kernel, "products": products}, signs="*=")  # doctest: +SKIP
    """
    grids = {name: np.atleast_2d(part) for name, part in parts.items()}
    for name, grid in grids.items():
        if grid.ndim != 2 or max(grid.shape) > LARGEST:
            raise ValueError(f"Expected at most {LARGEST} rows and columns of numbers. Received {name}: {grid.shape}.")
    signs = signs or " " * (len(grids) - 1)
    widths = [0.6] * (2 * len(grids) - 1)  # grids and, between them, signs
    widths[::2] = [max(grid.shape[1], 1.6) for grid in grids.values()]
    tallest = max(grid.shape[0] for grid in grids.values())
    cell = min(0.55, 8.5 / sum(widths))
    size = (cell * sum(widths) + 0.15 * len(widths), cell * tallest + 0.5)
    figure, axes = canvas(1, len(widths), width=size[0], height=size[1], width_ratios=widths, squeeze=False)
    for axis in axes[0]:
        axis.axis("off")
    for axis, (name, grid) in zip(axes[0, ::2], grids.items(), strict=True):
        _draw_grid(axis, grid, set(map(tuple, (marked or {}).get(name, ()))))
        axis.set_title(name, fontsize=10, fontweight="normal")
    for axis, sign in zip(axes[0, 1::2], signs, strict=True):
        axis.text(0.5, 0.5, sign, ha="center", va="center", fontsize=18, transform=axis.transAxes)
    for row, name in enumerate(row_names):
        axes[0, 0].text(-0.15, -row - 0.5, name, ha="right", va="center", fontsize=11)
    said = [f"{name} [{_in_words(grid)}]" for name, grid in grids.items()]
    if row_names:
        said[0] = f"rows {', '.join(row_names)}: {said[0]}"
    words = " ".join(part for pair in zip(said, [*signs, ""], strict=True) for part in pair if part.strip())
    return picture(figure, alt=f"Numbers in cells: {words}.", caption=caption)


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
    _draw_grid(axes[1], kernel, set(), size=min(12, 2 + 36 // kernel.shape[1]))
    for axis, title in zip(axes, ("in", "kernel", "out"), strict=True):
        axis.axis("off")
        axis.set_title(title, fontsize=11, fontweight="normal")
    alt = f"A picture, the kernel [{_in_words(kernel)}], and {rows} of {len(output)} rows of what comes out."
    return picture(figure, alt=alt, caption=caption)


def _draw_grid(axis: plt.Axes, grid: np.ndarray, marked: set[tuple[int, int]], *, size: int | None = None) -> None:
    """Draw a grid of numbers, of this size in points, into an axis, with some of its cells coloured."""
    size = size or (12 if max(grid.shape) <= 6 else 10)
    for (row, column), value in np.ndenumerate(grid):
        face = "#FFE08A" if (row, column) in marked else "white"
        axis.add_patch(Rectangle((column, -row - 1), 1, 1, facecolor=face, edgecolor="#555555", linewidth=1))
        axis.text(column + 0.5, -row - 0.5, _written(value), ha="center", va="center", fontsize=size, color="black")
    axis.set_xlim(-0.05, grid.shape[1] + 0.05)
    axis.set_ylim(-grid.shape[0] - 0.05, 0.05)
    axis.set_aspect("equal")


def _written(value: float) -> str:
    """At most three digits; -0 is 0, and what is not there yet is nothing."""
    return "" if np.isnan(value) else f"{value + 0.0:.3g}"


def _in_words(grid: np.ndarray) -> str:
    """The rows of a grid, as its text alternative has them."""
    return "; ".join(" ".join(_written(value) for value in row) for row in grid)
