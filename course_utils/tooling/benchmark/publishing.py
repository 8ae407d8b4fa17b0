"""The benchmark's files: figures as the course records them, and a picture with its words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from course_utils import files, paths, plots, recorded
from course_utils.plots.picture import Picture
from course_utils.tooling.benchmark import summary
from course_utils.tooling.benchmark.arriving import TARGETS
from course_utils.tooling.benchmark.pairs import Pair
from course_utils.tooling.benchmark.running import Outcomes

__all__ = ["publish_pair", "publish_race"]


def publish_pair(pair: Pair, outcomes: Outcomes, split: str, seeds: Sequence[int], folder: Path | None) -> str:
    """Write NAME.json and NAME.png of a pair.

    Args:
        pair: what was compared.
        outcomes: as `running.measure` returns them.
        split: "test" or "validation".
        seeds: the seeds.
        folder: where to; data/results by default.

    Returns:
        The figures as a table, and what was written.
    """
    found = summary.figures(pair, outcomes)
    data = outcomes["reference"][0]["data"]
    title = f"{data}; {split} images, seeds {', '.join(map(str, seeds))}"
    written = _publish(pair, found, _compared(data, found), data, seeds, folder)
    return f"{summary.table(title, found)}\n{written}"


def publish_race(pair: Pair, outcomes: Outcomes, limit: float, seeds: Sequence[int], folder: Path | None) -> str:
    """The same for ways of training on a folder: when each arrived.

    Args:
        pair: a folder of photographs.
        outcomes: as `running.race` returns them.
        limit: seconds that each way had.
        seeds: the seeds.
        folder: where to; data/results by default.
    """
    found = summary.arrival_figures(outcomes, limit)
    courses = {way: [run["course"] for run in runs] for way, runs in outcomes.items()}
    picture = plots.race(courses, target=max(TARGETS), y_label=f"held-out photographs of {pair.title}")
    written = _publish(pair, found, picture, pair.title, seeds, folder)
    return f"{summary.arrival_table(pair.title, found)}\n{written}"


def _publish(
    pair: Pair, found: dict[str, Any], picture: Picture, data: str, seeds: Sequence[int], folder: Path | None
) -> str:
    """Write figures and picture; the date is that of the first measurement, as figures are no newer than that."""
    name, target = f"bench_{pair.name}", folder or paths.results_folder()
    date = min(outcome["date"] for runs in found["measurements"].values() for outcome in runs)
    target.mkdir(parents=True, exist_ok=True)
    recorded.save(name, found | {"picture": picture.alt}, data=data, seeds=seeds, date=date, folder=target)
    content, kind = picture.file()
    files.write_bytes(target / f"{name}.{kind}", content)
    return f"Written, as measured on {date}: {name}.json, {name}.{kind}"


def _compared(name: str, found: dict[str, Any]) -> Picture:
    """Accuracy by time, and how the time of an epoch grows."""
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
