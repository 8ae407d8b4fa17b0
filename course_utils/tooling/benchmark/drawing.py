"""The figures of the benchmark: accuracy by time, and how the time of an epoch grows."""

from typing import Any

from course_utils import plots
from course_utils.plots.picture import Picture
from course_utils.tooling.benchmark.arriving import TARGETS
from course_utils.tooling.benchmark.pairs import Pair

__all__ = ["ablated", "compared", "raced"]


def compared(name: str, found: dict[str, Any]) -> Picture:
    """Draw a pair's figures.

    Args:
        name: of the data set, for the title.
        found: as `summary.figures` returns them.
    """
    runs = found["measurements"]
    figure, axes = plots.canvas(1, 3, width=11, height=3.4)
    for kind, marker, label in (
        ("reference", "s", f"program {found['pair']['reference'][-1].upper()}"),
        ("share", "o", "fit_fast, share of the time"),
        ("full", "D", "fit_fast, the same time"),
    ):
        seconds, accuracy = ([run[key] for run in runs[kind]] for key in ("seconds", "accuracy"))
        axes[0].plot(seconds, accuracy, marker, label=label, markersize=7, alpha=0.7)
    axes[0].set(xscale="log", xlabel="seconds of training, compiling included", ylabel="accuracy", title=name)
    axes[0].legend(fontsize=8)
    growth = runs["growth"][0]
    for axis, (kind, unit, words) in zip(
        axes[1:],
        (("by number", "images", "training images"), ("by size", "side", "side of the image in pixels")),
        strict=True,
    ):
        points = growth[kind]
        for key, style, label in (("reference", "s-", "reference"), ("ours", "o--", "fit_fast")):
            axis.plot([p[unit] for p in points], [p[key] for p in points], style, label=label)
        axis.set(xlabel=words, ylabel="seconds of one epoch", ylim=(0, None))
        axis.legend(fontsize=8)
    middle = {key: values["median"] for key, values in found["summary"].items()}
    alt = (
        f"{name}: the reference reaches {middle['reference: accuracy']:.3f} in "
        f"{middle['reference: seconds']:.0f} s; fit_fast reaches {middle['share: accuracy']:.3f} in "
        f"{middle['share: seconds']:.1f} s and {middle['full: accuracy']:.3f} in {middle['full: seconds']:.0f} s "
        f"(medians over seeds). Beside it, the seconds of one epoch: {_ends(growth, 'by number', 'images')}; "
        f"{_ends(growth, 'by size', 'side')}."
    )
    return plots.picture(figure, alt=alt)


def _ends(growth: dict[str, Any], kind: str, unit: str) -> str:
    """The first and the last point of a curve in words."""
    first, last = growth[kind][0], growth[kind][-1]
    return (
        f"from {unit} {first[unit]:,} to {last[unit]:,} the reference goes from {first['reference']:.1f} to "
        f"{last['reference']:.1f} s, fit_fast from {first['ours']:.1f} to {last['ours']:.1f} s"
    )


def ablated(pair: Pair, scores: dict[str, list[float]]) -> Picture:
    """Draw what each part of the recipe is worth: a row for each variant, a dot for each seed."""
    return plots.comparison(scores, label=f"validation accuracy after {pair.ablation_seconds:g} s, {pair.data}")


def raced(name: str, outcomes: dict[str, list[dict[str, Any]]]) -> Picture:
    """Draw how accurate each way was by when, with the highest target."""
    courses = {way: [run["course"] for run in runs] for way, runs in outcomes.items()}
    return plots.race(courses, target=max(TARGETS), y_label=f"held-out photographs of {name}")
