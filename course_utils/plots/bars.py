"""Bars with their numbers, and histograms."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["bars", "histograms"]

HATCHES = ("", "//", "..", "xx", "\\\\", "oo")  # a second sign beside the colour


def bars(
    values: Mapping[str, float] | Mapping[str, Mapping[str, float]],
    *,
    label: str = "accuracy",
    intervals: Mapping[str, tuple[float, float]] | None = None,
    chance: float | None = None,
    caption: str = "",
) -> Picture:
    """Lying bars with their numbers behind them, the first at the top.

    Args:
        values: name to its value; or, for bars in groups, name of a group to the values of its members.
        label: what the values are, with their unit.
        intervals: for bars without groups, name to the lowest and the highest value that fit the data, drawn as a line.
        chance: what guessing gives, drawn as a dotted line, or None.
        caption: what to notice.

    Raises:
        ValueError: there are no values, or the groups have different members.
    """
    grouped = any(isinstance(value, Mapping) for value in values.values())
    groups = {name: dict(inner) if grouped else {"": inner} for name, inner in values.items()}
    members = list(next(iter(groups.values()), {}))
    if not members or any(list(inner) != members for inner in groups.values()):
        raise ValueError(f"Expected values, with the same members in every group. Received: {dict(values)}.")
    if intervals and grouped:
        raise ValueError("Intervals belong to bars without groups. Received: both.")
    thick = 0.8 / len(members)
    figure, axis = canvas(width=7, height=(0.22 + 0.2 * len(members)) * len(groups) + 0.9)
    for place, member in enumerate(members):
        rows = np.arange(len(groups)) - 0.4 + thick * (place + 0.5)
        widths = [inner[member] for inner in groups.values()]
        drawn = axis.barh(rows, widths, 0.92 * thick, label=member, hatch=HATCHES[place % 6], edgecolor="white")
        if not intervals:
            axis.bar_label(drawn, [f"{width:.3g}" for width in widths], padding=4, fontsize=9)
    for row, (name, inner) in enumerate(groups.items() if intervals else ()):
        high = inner[""]
        if name in intervals:
            low, high = intervals[name]
            axis.plot([low, high], [row, row], color="black", linewidth=1.5, marker="|", markersize=9)
        axis.text(max(high, inner[""]), row, f"   {inner['']:.3g}", va="center", fontsize=9)
    if chance is not None:
        axis.axvline(chance, linestyle=":", color="black", label="chance")
    axis.set_yticks(range(len(groups)), list(groups))
    axis.set_ylim(len(groups) - 0.5, -0.5)
    axis.set_xlabel(label)
    axis.margins(x=0.16 if grouped or chance is not None else 0.12)  # room for the numbers, clear of a legend
    axis.grid(False, axis="y")
    if grouped or chance is not None:
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = "; ".join(f"{name}: {_members(inner)}{_range(intervals, name)}" for name, inner in groups.items())
    return picture(figure, alt=f"Bars of {label}. {words}.", caption=caption)


def histograms(
    values: Mapping[str, Sequence[float] | np.ndarray],
    *,
    x_label: str,
    bins: int | Sequence[float] | np.ndarray = 30,
    caption: str = "",
) -> Picture:
    """How often each value occurs, one outline a name, on common bins.

    Args:
        values: name to its values, (n,).
        x_label: what the values are, with their unit.
        bins: how many intervals of equal width; or their edges, for values that come in steps.
        caption: what to notice.

    Raises:
        ValueError: a name has no values, or a value is not finite.
    """
    arrays = {name: np.asarray(some, dtype=float).ravel() for name, some in values.items()}
    if not arrays or not all(some.size and np.isfinite(some).all() for some in arrays.values()):
        raise ValueError(f"Expected finite values for each name. Received: {', '.join(arrays) or 'no name'}.")
    edges = np.histogram_bin_edges(np.concatenate(list(arrays.values())), bins=bins)
    figure, axis = canvas(width=7, height=3.2)
    for style, (name, some) in zip(("-", "--", "-.", ":") * len(arrays), arrays.items(), strict=False):
        counts, _ = np.histogram(some, edges)
        axis.stairs(counts, edges, label=name, linestyle=style, linewidth=2, fill=len(arrays) == 1, alpha=0.9)
    axis.set_xlabel(x_label)
    axis.set_ylabel("how many")
    if len(arrays) > 1:
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    words = "; ".join(f"{name}: {some.size:,} values, half of them {_middle(some)}" for name, some in arrays.items())
    return picture(figure, alt=f"Histogram of {x_label}. {words}.", caption=caption)


def _middle(values: np.ndarray) -> str:
    low, high = np.quantile(values, [0.25, 0.75])
    return f"from {low:.3g} to {high:.3g}"


def _members(inner: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3g}".strip() for name, value in inner.items())


def _range(intervals: Mapping[str, tuple[float, float]] | None, name: str) -> str:
    if intervals is None or name not in intervals:
        return ""
    low, high = intervals[name]
    return f" (from {low:.3g} to {high:.3g})"
