"""From single measurements to figures: minimum, median and maximum over the seeds, and a table."""

import statistics
from collections.abc import Iterable
from typing import Any

from course_utils.tooling.benchmark.pairs import Pair

__all__ = ["ablation_table", "figures", "table"]


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


def ablation_table(pair: Pair, scores: dict[str, list[float]]) -> str:
    """Each variant's accuracies and its distance from the recipe, as text."""
    whole = statistics.mean(next(iter(scores.values())))
    lines = [f"{pair.data}, {pair.ablation_seconds:g} s each, validation accuracy: mean, distance, each seed"]
    for name, values in scores.items():
        mean = statistics.mean(values)
        lines.append(f"{name:40s} {mean:.4f} {mean - whole:+.4f}  {', '.join(f'{value:.4f}' for value in values)}")
    return "\n".join(lines)


def spread(values: Iterable[float | None]) -> dict[str, float]:
    """Minimum, median and maximum; of figures that a system does not tell, nothing is left."""
    known = [value for value in values if value is not None]
    if not known:
        return {"min": 0.0, "median": 0.0, "max": 0.0}
    return {"min": min(known), "median": statistics.median(known), "max": max(known)}


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.4f}"
