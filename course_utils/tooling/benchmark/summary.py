"""From single measurements to figures: minimum, median and maximum over the seeds, and a table."""

import statistics
from collections.abc import Iterable
from typing import Any

from course_utils.tooling.benchmark.arriving import TARGETS
from course_utils.tooling.benchmark.pairs import Pair

__all__ = ["arrival_figures", "arrival_table", "figures", "table"]

OURS = "features"


def figures(pair: Pair, outcomes: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The figures of a pair, each as {"min", "median", "max"} over the seeds, beside the measurements themselves.

    Args:
        pair: what was compared.
        outcomes: as `running.measure` returns them.
    """
    reference, shared, full, speed = (outcomes[name] for name in ("reference", "share", "full", "speed"))
    pairs = list(zip(reference, shared, strict=True))
    summary = {
        "reference: accuracy": spread(run["accuracy"] for run in reference),
        "reference: seconds": spread(run["seconds"] for run in reference),
        "reference: peak memory, MB": spread(run["megabytes"] for run in reference),
        "share: accuracy": spread(run["accuracy"] for run in shared),
        "share: seconds": spread(run["seconds"] for run in shared),
        "share: ratio of times": spread(theirs["seconds"] / run["seconds"] for theirs, run in pairs),
        "share: accuracy above the reference's": spread(run["accuracy"] - theirs["accuracy"] for theirs, run in pairs),
        "full: accuracy": spread(run["accuracy"] for run in full),
        "full: seconds": spread(run["seconds"] for run in full),
        "full: peak memory, MB": spread(run["megabytes"] for run in full),
    }
    for name in ("reference", "share", "full"):
        summary[f"{name}: images a second"] = spread(run[name]["images a second"] for run in speed)
        summary[f"{name}: share of the matrix peak"] = spread(run[name]["share of peak"] for run in speed)
    for name in ("share", "full"):
        summary[f"{name}: share of the data path"] = spread(run[name]["share of the data path"] for run in speed)
    return {
        "pair": {"reference": pair.reference, "epochs": pair.epochs, "batch": pair.batch, "share": pair.share},
        "reached the reference's accuracy": [run["accuracy"] >= theirs["accuracy"] for theirs, run in pairs],
        "summary": summary,
        "matrix peak": {kind: spread(run["matrix peak"][kind] for run in speed) for kind in speed[0]["matrix peak"]},
        "arithmetic": speed[0]["arithmetic"],
        "measurements": outcomes,
    }


def table(name: str, found: dict[str, Any]) -> str:
    """The summary as text, a line for each figure."""
    reached = found["reached the reference's accuracy"]
    lines = [f"{name:44s} {'min':>9s} {'median':>9s} {'max':>9s}"]
    lines += [
        f"{key:44s} " + " ".join(f"{_shown(values[part]):>9s}" for part in ("min", "median", "max"))
        for key, values in found["summary"].items()
    ]
    lines.append(f"reached the reference's accuracy in its share of the time: {sum(reached)} of {len(reached)} seeds")
    peaks = ", ".join(f"{kind} {values['median'] / 1e9:.0f}" for kind, values in found["matrix peak"].items())
    lines.append(f"matrix peak in GFLOP/s: {peaks}; ours computes in {found['arithmetic']}")
    growth = found["measurements"]["growth"][0]
    for kind, unit in (("by number", "images"), ("by size", "side")):
        points = "; ".join(f"{p[unit]:,}: {p['reference']:.1f} and {p['ours']:.1f}" for p in growth[kind])
        lines.append(f"seconds of an epoch {kind} ({unit}: reference and ours): {points}")
    return "\n".join(lines)


def arrival_figures(outcomes: dict[str, list[dict[str, Any]]], limit: float) -> dict[str, Any]:
    """When each way arrived at each target, and how many times sooner the features were than the soonest of the others.

    A way that has not arrived within the limit counts with the limit, and is marked by a None among its seconds.

    Args:
        outcomes: as `running.race` returns them.
        limit: seconds that each had.
    """
    found: dict[str, Any] = {"limit": limit, "ways": {}, "sooner": {}, "measurements": outcomes}
    for way, runs in outcomes.items():
        seconds = {f"{target}": [_arrived(run["course"], target, limit) for run in runs] for target in TARGETS}
        found["ways"][way] = {"seconds": seconds, "test accuracy": spread(run["test"] for run in runs)}
    for target in map(str, TARGETS):
        counted = {
            way: [limit if value is None else value for value in figures["seconds"][target]]
            for way, figures in found["ways"].items()
        }
        ours = counted[OURS]
        for name in ("fine-tuning", "from scratch"):
            rivals = [min(row) for row in zip(*(v for way, v in counted.items() if way.startswith(name)), strict=True)]
            times = spread(rival / own for rival, own in zip(rivals, ours, strict=True))
            found["sooner"][f"{target}: {name}"] = times
    return found


def arrival_table(name: str, found: dict[str, Any]) -> str:
    """Seconds of each way and run, and the ratios, as text."""
    lines = [f"{name}; seconds until so many of the held-out photographs are right, at most {found['limit']:g}"]
    for way, figures in found["ways"].items():
        for target, seconds in figures["seconds"].items():
            shown = ", ".join("not there" if value is None else f"{value:.1f}" for value in seconds)
            lines.append(f"{way:26s} {target:>5s}: {shown}")
        test = figures["test accuracy"]
        lines.append(f"{way:26s}  test: {test['min']:.3f} to {test['max']:.3f}")
    for what, times in found["sooner"].items():
        lines.append(f"features sooner, {what}: {times['min']:.1f} to {times['max']:.1f} times")
    return "\n".join(lines)


def _arrived(course: list[tuple[float, float]], target: float, limit: float) -> float | None:
    """The first second at which the target is reached, within the limit."""
    return next((seconds for seconds, accuracy in course if accuracy >= target and seconds <= limit), None)


def spread(values: Iterable[float | None]) -> dict[str, float]:
    """Minimum, median and maximum; of figures that a system does not tell, nothing is left."""
    known = [value for value in values if value is not None]
    if not known:
        return {"min": 0.0, "median": 0.0, "max": 0.0}
    return {"min": min(known), "median": statistics.median(known), "max": max(known)}


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.4f}"
