"""Along a clock: what took how long, and how good a network was by when."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plots.bars import HATCHES
from course_utils.plots.lines import STYLES
from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["race", "time_line"]

Block = tuple[str, float, float]


def time_line(rows: Mapping[str, Sequence[Block]], *, caption: str = "") -> Picture:
    """Blocks along a clock, each kind of work with a colour and a hatch of its own.

    Args:
        rows: name of a row, the first at the top, to its blocks: what is done, when it begins, and how long it takes,
            both in milliseconds.

    Example:
        >>> plots.time_line({"one step": [("read", 0, 80), ("train", 80, 12)]})
    """
    kinds = list(dict.fromkeys(kind for row in rows.values() for kind, _, _ in row))
    figure, axis = canvas(width=7.5, height=0.55 * len(rows) + 1.3)
    named: set[str] = set()
    words = []
    for place, (name, row) in enumerate(rows.items()):
        sums, end = Counter(), 0.0
        for kind, start, length in row:
            number = kinds.index(kind)
            look = {"color": COLOURS[number % 8], "hatch": HATCHES[number % 6], "edgecolor": "white"}
            axis.barh(place, length, left=start, height=0.6, label=None if kind in named else kind, **look)
            named.add(kind)
            sums[kind] += length
            end = max(end, start + length)
        each = ", ".join(f"{kind} {value:.3g} ms" for kind, value in sums.items())
        words.append(f"{name}: {each}, over after {end:.3g} ms")
    axis.set_yticks(range(len(rows)), list(rows))
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.set_xlabel("ms")
    axis.grid(False, axis="y")
    axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=min(4, len(kinds)))
    return picture(figure, alt=f"What took how long. {'; '.join(words)}.", caption=caption)


def race(
    courses: Mapping[str, Sequence[Sequence[Sequence[float]]]],
    *,
    target: float | None = None,
    y_label: str = "accuracy on new pictures",
    caption: str = "",
) -> Picture:
    """How good each way of training was by when, on a clock whose equal steps are equal factors.

    Args:
        courses: name to its runs; a run is a row of points, (points, 2): seconds above 0, and the accuracy reached
            by then.
        target: what is to be reached, drawn as a dotted line, or None.
        y_label: what was reached.
    """
    tables = {name: [np.asarray(run, dtype=float) for run in runs] for name, runs in courses.items()}
    figure, axis = canvas(width=7.5, height=4)
    words = []
    for number, (name, runs) in enumerate(tables.items()):
        look = {"color": COLOURS[number % 8], "markersize": 4, "linewidth": 1.3}
        for run in runs:
            axis.plot(*run.T, STYLES[number % 8], label=None if run is not runs[0] else name, **look)
        best = max(runs, key=lambda run: run[:, 1].max())
        words.append(f"{name}: {best[0, 1]:.3g} after {best[0, 0]:.3g} s, at most {best[:, 1].max():.3g}")
    if target is not None:
        axis.axhline(target, linestyle=":", color="black", label=f"{100 * target:g} %")
    axis.set_xscale("log")
    seconds = np.concatenate([run[:, 0] for runs in tables.values() for run in runs])
    low, high = seconds.min(), seconds.max()
    ticks = [tick * 10.0**power for power in range(-3, 5) for tick in (1, 2, 5)]
    axis.set_xticks([tick for tick in ticks if low * 0.99 <= tick <= high * 1.01] or [low])
    axis.xaxis.set_major_formatter("{x:g}")
    axis.minorticks_off()
    axis.set_xlabel("seconds (equal steps are equal factors)")
    axis.set_ylabel(y_label)
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return picture(figure, alt=f"{y_label} against seconds. {'; '.join(words)}.", caption=caption)
