"""How well sentences fit pictures, and errors over amounts with a forecast: the two figures of lesson 20."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, NullFormatter

from course_utils.plots.images import as_images, show_image
from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["forecasts", "similarities"]

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1)  # of an error


def similarities(
    images: np.ndarray | Sequence[np.ndarray], sentences: Sequence[str], values: np.ndarray, *, caption: str = ""
) -> Picture:
    """A table of how similar each sentence (row) is to each image (column), the largest of a column framed.

    Args:
        images: as in `image_grid`, n of them.
        sentences: m of them.
        values: shape (m, n), from -1 to 1.

    Raises:
        ValueError: the values have another shape.
    """
    images, values = as_images(images), np.asarray(values, dtype=float)
    rows, columns = len(sentences), len(images)
    if values.shape != (rows, columns):
        shape = f"shape {(rows, columns)}. Received: {values.shape}"
        raise ValueError(f"Expected one value for each sentence and image, {shape}.")
    figure, axes = canvas(2, columns, width=2.6 + 0.62 * columns, height=0.75 + 0.36 * rows, height_ratios=[1.6, rows])
    for axis, image in zip(axes[0], images, strict=True):
        show_image(axis, image)
        axis.axis("off")
    for axis in axes[1]:
        axis.remove()
    table = figure.add_subplot(axes[0, 0].get_gridspec()[1, :])
    table.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto")
    best = values.argmax(axis=0)
    for (row, column), value in np.ndenumerate(values):
        look = {"color": "w" if abs(value) > 0.6 else "k", "weight": "bold" if row == best[column] else "normal"}
        table.text(column, row, f"{value.round(1) + 0.0:.1f}", ha="center", va="center", size=9, **look)
    for column, row in enumerate(best):
        table.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=2))
    table.set_yticks(range(rows), list(sentences), fontsize=9)
    table.set_xticks([])
    table.grid(visible=False)
    words = "; ".join(f"{column + 1}: {sentences[row]}" for column, row in enumerate(best))
    alt = f"Similarities of {rows} sentences and {columns} images. The most similar sentence of each image: {words}."
    return picture(figure, alt=alt, caption=caption)


def forecasts(
    curves: Mapping[str, tuple[Sequence[float], np.ndarray, Sequence[float] | None]], *, y_label: str, caption: str = ""
) -> Picture:
    """Errors over amounts on logarithmic axes, a straight line through all means but the last, and its forecast.

    Args:
        curves: what the amounts are, to (amounts, errors, forecast): n amounts, errors of shape (n, seeds), and the
            forecast for the last amount with the low and the high end of its band, as `power_laws.forecast` gives it.
            With None in its place only the dots before the last amount are drawn, to look at before there is one.
        y_label: what the errors are.
    """
    figure, axes = canvas(1, len(curves), width=3.1 * len(curves), height=3.4, sharey=True, squeeze=False)
    words, every = [], []
    for axis, (name, (amounts, errors, forecast)) in zip(axes[0], curves.items(), strict=True):
        amounts, means = np.asarray(amounts, dtype=float), np.mean(errors, axis=1)
        dots = np.ravel(errors[:-1])
        axis.plot(np.repeat(amounts[:-1], np.shape(errors)[1]), dots, "o", color="black", markersize=3)
        every += dots.tolist()
        if forecast is None:
            words.append(f"{name}: means from {means[0]:.3f} to {means[-2]:.3f}")
        else:
            middle, low, high = forecast
            slope, height = np.polyfit(np.log(amounts[:-1]), np.log(means[:-1]), 1)
            axis.plot(amounts, np.exp(height) * amounts**slope, "--", color=COLOURS[0], label="line through the dots")
            band = {"linewidth": 8, "alpha": 0.35, "solid_capstyle": "butt"}  # it ends where the band ends
            axis.plot([amounts[-1]] * 2, [low, high], color=COLOURS[0], label="forecast band", **band)
            axis.plot(amounts[-1], means[-1], "D", color=COLOURS[1], markersize=8, label="measured")
            words.append(f"{name}: forecast {middle:.3f}, band {low:.3f} to {high:.3f}, measured {means[-1]:.3f}")
            every += [*np.ravel(errors[-1]), *forecast]
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel(name)
        shown = [float(f"{amount:.1g}") for amount in amounts[[0, len(amounts) // 2, -1]]]  # round numbers
        axis.set_xticks(shown, [f"{amount:,.0f}" for amount in shown], minor=False)
        axis.minorticks_off()
        axis.set_yticks(TICKS)
        axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
        axis.yaxis.set_minor_formatter(NullFormatter())
    axes[0, 0].set_ylim(0.85 * min(every), 1.15 * max(every))
    axes[0, 0].set_ylabel(y_label)
    if axes[0, 0].get_legend_handles_labels()[1]:
        axes[0, 0].legend(fontsize=8, loc="lower left")
    return picture(figure, alt=f"{y_label} over amounts. {'; '.join(words)}.", caption=caption)
