"""The reference programs against `training.fit_fast`: the runs in their order, their figures, a table and a picture."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from course_utils import plots
from course_utils.tooling.benchmark import measuring, running
from course_utils.tooling.benchmark.measuring import Pair
from course_utils.tooling.benchmark.running import Runs, spread

__all__ = ["compare"]

KINDS = {"reference": "reference program", "share": "fit_fast, share of the time", "full": "fit_fast, the same time"}


def compare(pair: Pair, seeds: Sequence[int], *, split: str, folder: Path | None, say: Callable[[str], None]) -> str:
    """Measure a pair and write bench_NAME.json and its picture.

    For each seed come the reference, ours in its share of that time, ours in all of it, and the speeds of both.

    Args:
        pair: what is compared.
        seeds: one run of each kind for every seed.
        split: "test", or "validation" while choices are still open.
        folder: where to; data/results by default.
        say: called with a line for each measurement before it begins.

    Returns:
        The figures as a table, and what was written.

    Raises:
        CourseError: a measurement ended with an error, or with Ctrl-C after the first seed; what is kept is said.
    """

    def measure(seed: int) -> dict[str, dict[str, Any]]:
        def run(name: str, measurement: Callable[..., Any], **options: Any) -> dict[str, Any]:
            say(f"{pair.name}: {name}, seed {seed}")
            return running.measured_alone(measurement, pair, seed=seed, **options)

        theirs = run("reference", measuring.reference, split=split)
        seconds = theirs["seconds"]  # they decide what ours gets
        return {
            "reference": theirs,
            "share": run("share", measuring.ours, split=split, seconds=pair.share * seconds),
            "full": run("full", measuring.ours, split=split, seconds=seconds),
            "speed": run("speed", measuring.speed),
        }

    def write(runs: Runs, done: Sequence[int], place: Path) -> str:
        found, data = _figures(pair, runs), runs["reference"][0]["data"]
        title = f"{data}; {split} images, seeds {', '.join(map(str, done))}"
        points = {way: [[(run["seconds"], run["accuracy"])] for run in runs[kind]] for kind, way in KINDS.items()}
        picture = plots.race(points, y_label=f"accuracy on {split} images of {data}")
        written = running.publish(f"bench_{pair.name}", found, picture, data=data, seeds=done, folder=place)
        return f"{_table(title, found)}\n{written}"

    return running.in_turn(seeds, measure, write, folder=folder)


def _figures(pair: Pair, runs: Runs) -> dict[str, Any]:
    """The figures of a pair, each as `spread` gives it over the seeds, beside the measurements themselves."""
    speed, pairs = runs["speed"], list(zip(runs["reference"], runs["share"], strict=True))
    summary = {}
    for kind in KINDS:
        summary[f"{kind}: accuracy"] = spread(run["accuracy"] for run in runs[kind])
        summary[f"{kind}: seconds"] = spread(run["seconds"] for run in runs[kind])
        summary[f"{kind}: peak memory, MB"] = spread(run["megabytes"] for run in runs[kind])
        summary[f"{kind}: images a second"] = spread(run[kind]["images a second"] for run in speed)
        summary[f"{kind}: share of the matrix peak"] = spread(run[kind]["share of peak"] for run in speed)
    for kind in ("share", "full"):
        summary[f"{kind}: share of the data path"] = spread(run[kind]["share of the data path"] for run in speed)
    gained = [ours["accuracy"] - theirs["accuracy"] for theirs, ours in pairs]
    summary["share: ratio of times"] = spread(theirs["seconds"] / ours["seconds"] for theirs, ours in pairs)
    summary["share: accuracy above the reference's"] = spread(gained)
    return {
        "pair": {"reference": pair.reference, "epochs": pair.epochs, "batch": pair.batch, "share": pair.share},
        "reached the reference's accuracy": [gain >= 0 for gain in gained],
        "summary": summary,
        "matrix peak": {kind: spread(run["matrix peak"][kind] for run in speed) for kind in speed[0]["matrix peak"]},
        "arithmetic": speed[0]["arithmetic"],
        "measurements": runs,
    }


def _table(title: str, found: dict[str, Any]) -> str:
    """The summary as text, a line for each figure."""
    lines = [f"{title:44s} {'min':>9s} {'median':>9s} {'max':>9s}"]
    for key, values in found["summary"].items():
        shown = [f"{_shown(values[part]):>9s}" for part in ("min", "median", "max") if values]
        lines.append(f"{key:44s} {' '.join(shown) or 'not measured'}")
    reached = found["reached the reference's accuracy"]
    lines.append(f"reached the reference's accuracy in its share of the time: {sum(reached)} of {len(reached)} seeds")
    peaks = ", ".join(f"{kind} {values['median'] / 1e9:.0f}" for kind, values in found["matrix peak"].items())
    lines.append(f"matrix peak in GFLOP/s: {peaks}; ours computes in {found['arithmetic']}")
    return "\n".join(lines)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.4f}"
