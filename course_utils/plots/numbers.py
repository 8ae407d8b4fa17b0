"""Small diagrams with numbers in their cells, for sums that can be checked by hand."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["number_grids"]

LARGEST = 12  # rows or columns; more cannot be read


def number_grids(
    parts: Mapping[str, np.ndarray | str],
    *,
    marked: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    caption: str = "",
) -> Picture:
    """Grids of numbers in a row, with signs such as "*" and "=" between them.

    Args:
        parts: title to a small array, (rows, columns) or (columns,); a str stands between two grids as a sign.
        marked: title of a grid to the cells (row, column) that are coloured, such as those under the kernel.
        caption: what to notice.

    Raises:
        ValueError: an array has more than two axes, or more than 12 rows or columns.

    Example:
        >>> window, kernel = np.array([[0, 1], [3, 4]]), np.array([[0, 1], [2, 3]])
        >>> number_grids({"window": window, "": "*", "kernel": kernel})  # doctest: +SKIP
    """
    grids = {name: np.atleast_2d(part) for name, part in parts.items() if not isinstance(part, str)}
    for name, grid in grids.items():
        if grid.ndim != 2 or max(grid.shape) > LARGEST:
            raise ValueError(f"Expected at most {LARGEST} rows and columns of numbers. Received {name}: {grid.shape}.")
    widths = [0.6 if isinstance(part, str) else grids[name].shape[1] for name, part in parts.items()]
    tallest = max(grid.shape[0] for grid in grids.values())
    cell = min(0.55, 8.5 / sum(widths))
    figure, axes = canvas(
        1,
        len(parts),
        width=cell * sum(widths) + 0.3 * len(parts),
        height=cell * tallest + 0.5,
        width_ratios=widths,
        squeeze=False,
    )
    for axis, (name, part) in zip(axes[0], parts.items(), strict=True):
        axis.axis("off")
        if isinstance(part, str):
            axis.text(0.5, 0.5, part, ha="center", va="center", fontsize=18, transform=axis.transAxes)
        else:
            _draw(axis, grids[name], set(map(tuple, (marked or {}).get(name, ()))))
            axis.set_title(name, fontsize=10, fontweight="normal")
    words = " ".join(_in_words(name, part, grids) for name, part in parts.items())
    return picture(figure, alt=f"Numbers in cells: {words}.", caption=caption)


def _draw(axis: object, grid: np.ndarray, marked: set[tuple[int, int]]) -> None:
    from matplotlib.patches import Rectangle

    size = 12 if max(grid.shape) <= 6 else 9
    for (row, column), value in np.ndenumerate(grid):
        face = "#FFE08A" if (row, column) in marked else "white"
        axis.add_patch(Rectangle((column, -row - 1), 1, 1, facecolor=face, edgecolor="#555555", linewidth=1))
        axis.text(column + 0.5, -row - 0.5, f"{value:.3g}", ha="center", va="center", fontsize=size, color="black")
    axis.set_xlim(-0.05, grid.shape[1] + 0.05)
    axis.set_ylim(-grid.shape[0] - 0.05, 0.05)
    axis.set_aspect("equal")


def _in_words(name: str, part: np.ndarray | str, grids: Mapping[str, np.ndarray]) -> str:
    if isinstance(part, str):
        return part
    rows = "; ".join(" ".join(f"{value:.3g}" for value in row) for row in grids[name])
    return f"{name} [{rows}]"
