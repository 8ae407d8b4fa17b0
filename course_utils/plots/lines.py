"""Lines over a common axis, with bands where a figure has a spread."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["lines"]

STYLES = ("o-", "s--", "^-.", "D:", "v-", "P--", "X-.", "*:")


def lines(
    series: Mapping[str, Sequence[float] | np.ndarray],
    *,
    x: Sequence[float] | None = None,
    x_label: str,
    y_label: str,
    logarithmic: str = "",
    chance: float | None = None,
    caption: str = "",
) -> Picture:
    """One line a name.

    Args:
        series: name to its values, one for each place on the axis, (n,); or one row of values a seed, (seeds, n),
            drawn as their mean with a band from the lowest to the highest.
        x: the places; 1, 2, 3 and so on by default.
        x_label: what lies along the axis, with its unit.
        y_label: what the values are, with their unit.
        logarithmic: "x", "y" or "xy": the axes on which equal steps are equal factors.
        chance: what guessing gives, drawn as a dotted line, or None.
        caption: what to notice.

    Raises:
        ValueError: there is no series, or one has another number of values than there are places.
    """
    rows = {name: np.atleast_2d(np.asarray(values, dtype=float)) for name, values in series.items()}
    if not rows:
        raise ValueError("Expected at least one series to draw. Received: none.")
    places = np.arange(1, next(iter(rows.values())).shape[1] + 1) if x is None else np.asarray(x, dtype=float)
    for name, values in rows.items():
        if values.ndim != 2 or values.shape[1] != len(places):
            raise ValueError(f"Expected {len(places)} values in each series. Received {name}: {values.shape[-1]}.")
    figure, axis = canvas(width=7, height=3.6)
    for style, (name, values) in zip(STYLES * len(rows), rows.items(), strict=False):
        (line,) = axis.plot(places, values.mean(axis=0), style, label=name, markersize=4)
        if len(values) > 1:
            axis.fill_between(places, values.min(axis=0), values.max(axis=0), color=line.get_color(), alpha=0.2)
    if chance is not None:
        axis.axhline(chance, linestyle=":", color="black", label="chance")
    if "x" in logarithmic:
        axis.set_xscale("log")
        axis.set_xticks(places, [f"{place:g}" for place in places], minor=False)
        axis.minorticks_off()
    elif (places % 1 == 0).all():  # steps, epochs: no mark between two of them
        axis.locator_params(axis="x", integer=True)
    if "y" in logarithmic:
        axis.set_yscale("log")
    axis.set_xlabel(x_label)
    axis.set_ylabel(y_label)
    if len(rows) > 1 or chance is not None:
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = "; ".join(f"{name}: {_course(values.mean(axis=0), places)}" for name, values in rows.items())
    return picture(figure, alt=f"{y_label} against {x_label}. {words}.", caption=caption)


def _course(values: np.ndarray, places: np.ndarray) -> str:
    """Where a line begins and ends, and its turning point where it has one inside."""
    text = f"from {values[0]:.3g} at {places[0]:g} to {values[-1]:.3g} at {places[-1]:g}"
    for word, place in (("lowest", int(values.argmin())), ("highest", int(values.argmax()))):
        if 0 < place < len(values) - 1:
            text += f", {word} {values[place]:.3g} at {places[place]:g}"
    return text
