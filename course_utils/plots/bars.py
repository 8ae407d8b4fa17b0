"""Bars with their numbers, histograms, and variants side by side with every seed shown."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["bars", "comparison", "histograms"]

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

    Raises:
        ValueError: there are no values, or the groups have different members.
    """
    grouped = any(isinstance(value, Mapping) for value in values.values())
    groups = {name: dict(inner) if grouped else {"": inner} for name, inner in values.items()}
    members = list(next(iter(groups.values()), {}))
    if not members or any(list(inner) != members for inner in groups.values()):
        raise ValueError(f"Expected values, with the same members in every group. Received: {dict(values)}.")
    intervals = intervals or {}
    thick = 0.8 / len(members)
    figure, axis = canvas(width=7, height=(0.22 + 0.2 * len(members)) * len(groups) + 0.9)
    for place, member in enumerate(members):
        rows = np.arange(len(groups)) - 0.4 + thick * (place + 0.5)
        widths = [inner[member] for inner in groups.values()]
        drawn = axis.barh(rows, widths, 0.92 * thick, label=member, hatch=HATCHES[place % 6], edgecolor="white")
        if not intervals:
            axis.bar_label(drawn, [f"{width:.3g}" for width in widths], padding=4, fontsize=9)
    for row, (name, inner) in enumerate(groups.items() if intervals else ()):
        low, high = intervals.get(name, (inner[""],) * 2)
        if name in intervals:
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
    words = "; ".join(f"{name}: {_in_words(inner, intervals.get(name))}" for name, inner in groups.items())
    return picture(figure, alt=f"Bars of {label}. {words}.", caption=caption)


def _in_words(inner: Mapping[str, float], interval: tuple[float, float] | None) -> str:
    """The values of a group, and what one that stands alone may be as well."""
    words = ", ".join(f"{name} {value:.3g}".strip() for name, value in inner.items())
    return words if interval is None else f"{words} (from {interval[0]:.3g} to {interval[1]:.3g})"


def histograms(
    values: Mapping[str, Sequence[float] | np.ndarray],
    *,
    x_label: str,
    bins: int | Sequence[float] | np.ndarray = 30,
    caption: str = "",
) -> Picture:
    """How often each value occurs, one outline a name, on common bins.

    Args:
        values: name to its values, finite ones, (n,).
        x_label: what the values are, with their unit.
        bins: how many intervals of equal width; or their edges, for values that come in steps.
    """
    arrays = {name: np.asarray(some, dtype=float).ravel() for name, some in values.items()}
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


def comparison(
    scores: Mapping[str, Sequence[float]], *, label: str = "accuracy", chance: float | None = None, caption: str = ""
) -> Picture:
    """One row a variant, the first at the top: a dot for each seed and a bar at the mean.

    Args:
        scores: name of a variant to its figures, one a seed.
        label: what the figures are, with their unit.
        chance: what guessing gives, drawn as a dotted line, or None.

    Raises:
        ValueError: a variant has no figure.
    """
    if missing := [name for name, values in scores.items() if len(values) == 0]:
        raise ValueError(f"Expected a value for each variant. Received none for: {', '.join(missing)}.")
    figure, axis = canvas(width=7, height=0.42 * len(scores) + 1)
    words = []
    for row, (name, values) in enumerate(scores.items()):
        mean = float(np.mean(values))
        axis.plot(values, [row] * len(values), "o", color=COLOURS[0], alpha=0.7, markersize=6)
        axis.plot([mean, mean], [row - 0.3, row + 0.3], color=COLOURS[1], linewidth=3)
        words.append(f"{name} {mean:.3f} (from {min(values):.3f} to {max(values):.3f})")
    if chance is not None:
        axis.axvline(chance, linestyle=":", color="black", label="chance")
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    axis.set_yticks(range(len(scores)), list(scores))
    axis.set_ylim(len(scores) - 0.5, -0.5)
    axis.set_xlabel(f"{label} (dots: seeds, bar: mean)")
    return picture(figure, alt=f"{label} of {len(scores)} variants: {'; '.join(words)}.", caption=caption)
