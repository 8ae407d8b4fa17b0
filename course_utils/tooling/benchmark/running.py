"""Runs the measurements of a pair one after another, each in a process of its own, and keeps what is finished.

What is kept is taken for the same measurement only while all that it rests on is the same: its settings, the course's
code, the versions of the packages, the data and the machine.
"""

import datetime
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from course_utils import files, paths, recorded
from course_utils.datasets import registry
from course_utils.tooling.benchmark.arriving import WAYS
from course_utils.tooling.benchmark.pairs import VARIANTS, Pair

__all__ = ["MeasurementFailed", "ablate", "digest_of_code", "measure", "oldest", "race"]

# What a child process does: one measurement, described and answered as a line of JSON.
CHILD = """
import json, sys
from course_utils import startup
startup.load_keras()
from course_utils.tooling.benchmark.measuring import MEASUREMENTS
from course_utils.tooling.benchmark.pairs import VARIANTS, Pair
order = json.loads(sys.argv[1])
result = MEASUREMENTS[order["kind"]](Pair(**order["pair"]), **order["arguments"])
print("RESULT" + json.dumps(result))
"""

# The settings of a pair on which each kind of measurement depends, besides the data.
MATTERS = {
    "reference": ("reference", "epochs", "batch"),
    "ours": (),
    "variant": (),
    "speed": ("reference", "batch"),
    "growth": ("reference", "batch", "counts", "sides"),
    "arrival": (),
}


# The part of the package that no measurement runs, and the modules of it that measurements do run.
NOT_MEASURED = "tooling"
MEASURED = tuple(f"tooling/benchmark/{name}.py" for name in ("measuring", "counting", "arriving"))


class MeasurementFailed(RuntimeError):
    """A measurement ended with an error."""


@dataclass(frozen=True)
class Order:
    """One measurement: its kind, and what it is called with besides the pair."""

    kind: str
    name: str
    arguments: dict[str, Any]


def measure(
    pair: Pair, seeds: Sequence[int], *, split: str, folder: Path, report: Callable[[str, int, int], None]
) -> dict[str, list[dict[str, Any]]]:
    """Measure a pair: for each seed the reference, ours in its share of that time, ours in all of it, and the speeds.

    A finished measurement is kept as a file, and found there when an interrupted benchmark is started again.

    Args:
        pair: what is compared.
        seeds: one run of each kind for every seed; growth is measured for the first only.
        split: "test", or "validation" while choices are still open.
        folder: for finished measurements.
        report: called with the name of each measurement, how many are done and how many there are.

    Returns:
        Name of the kind of run ("reference", "share", "full", "speed", "growth") to its outcomes, one a seed, each with
        the "date" of its measuring.

    Raises:
        MeasurementFailed: a run ended with an error; those before it are kept.
    """
    outcomes: dict[str, list[dict[str, Any]]] = {}
    total = 4 * len(seeds) + 1

    def outcome_of(kind: str, name: str, **arguments: Any) -> dict[str, Any]:
        report(f"{pair.name}: {name}, seed {arguments['seed']}", sum(map(len, outcomes.values())), total)
        outcome = _finished_or_measured(pair, Order(kind, name, arguments), folder)
        outcomes.setdefault(name, []).append(outcome)
        return outcome

    for seed in seeds:  # what the reference took decides what ours gets
        seconds = outcome_of("reference", "reference", seed=seed, split=split)["seconds"]
        outcome_of("ours", "share", seed=seed, split=split, seconds=pair.share * seconds)
        outcome_of("ours", "full", seed=seed, split=split, seconds=seconds)
        outcome_of("speed", "speed", seed=seed)
        if seed == seeds[0]:
            outcome_of("growth", "growth", seed=seed)
    report(f"{pair.name}: done", total, total)
    return outcomes


def ablate(
    pair: Pair, seeds: Sequence[int], *, seconds: float, folder: Path, report: Callable[[str, int, int], None]
) -> dict[str, list[dict[str, Any]]]:
    """Train with the recipe and with each of its variants for the same seconds.

    Args:
        pair: whose data set is trained on; scores are those of validation images.
        seeds: one run of each variant for every seed, seeds in the outer loop.
        seconds: of each training.
        folder: for finished measurements.
        report: as for `measure`.

    Returns:
        Name of the variant to its outcomes, one a seed, each with its "accuracy" and the "date" of its measuring.

    Raises:
        MeasurementFailed: as for `measure`.
    """
    outcomes: dict[str, list[dict[str, Any]]] = {name: [] for name in VARIANTS}
    runs = [(seed, name) for seed in seeds for name in VARIANTS]
    for done, (seed, name) in enumerate(runs):
        report(f"{pair.name}: {name}, seed {seed}", done, len(runs))
        order = Order("variant", "variant", {"seed": seed, "seconds": seconds, "changes": VARIANTS[name]})
        outcomes[name].append(_finished_or_measured(pair, order, folder))
    report(f"{pair.name}: done", len(runs), len(runs))
    return outcomes


def race(
    pair: Pair, seeds: Sequence[int], *, limit: float, folder: Path, report: Callable[[str, int, int], None]
) -> dict[str, list[dict[str, Any]]]:
    """Train in each way until it has arrived, or until its time is over; the ways take turns.

    Args:
        pair: a folder of photographs.
        seeds: one run of each way for every seed, which says which photographs are held out.
        limit: seconds that a way gets.
        folder: for finished measurements.
        report: as for `measure`.

    Returns:
        Name of the way to its outcomes, one a seed.

    Raises:
        MeasurementFailed: as for `measure`.
    """
    outcomes: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    runs = [(seed, way) for seed in seeds for way in WAYS]
    for done, (seed, way) in enumerate(runs):
        report(f"{pair.name}: {way}, seed {seed}", done, len(runs))
        order = Order(
            "arrival", way.replace(", rate ", "_").replace(" ", "_"), {"seed": seed, "way": way, "limit": limit}
        )
        outcomes[way].append(_finished_or_measured(pair, order, folder))
    report(f"{pair.name}: done", len(runs), len(runs))
    return outcomes


def oldest(outcomes: dict[str, list[dict[str, Any]]]) -> str:
    """The day of the first of some measurements, YYYY-MM-DD: figures that rest on all of them are no newer."""
    return min(outcome["date"] for runs in outcomes.values() for outcome in runs)


def digest_of_code(package: Path) -> str:
    """A digest of the part of the course's package that a measurement runs.

    Args:
        package: the folder of the package.
    """
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        name = file.relative_to(package).as_posix()
        if not name.startswith(f"{NOT_MEASURED}/") or name in MEASURED:
            digest.update(f"{name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _surroundings(data: str) -> dict[str, Any]:
    """All that a measurement rests on besides its settings."""
    kept = (registry.stored_path(data), paths.data_home() / f"{data}.tar")
    stored = next((path for path in kept if path.is_file()), None)
    status = stored and stored.stat()  # what is drawn or comes with a package is in no file
    return {
        "code": digest_of_code(Path(recorded.__file__).parent),
        "versions": recorded.versions(),
        "data": status and [status.st_size, status.st_mtime_ns],
        "machine": [platform.node(), platform.platform(), platform.processor(), os.cpu_count()],
    }


def _finished_or_measured(pair: Pair, order: Order, folder: Path) -> dict[str, Any]:
    described = asdict(pair)
    description = json.dumps({"kind": order.kind, "pair": described, "arguments": order.arguments})
    # The file's name tells all that matters, so that a change of it, and only that, is measured anew.
    settings = {key: described[key] for key in ("data", "knobs", *MATTERS[order.kind])} | order.arguments
    rests_on = json.dumps([settings, _surroundings(pair.data)], sort_keys=True)
    code = hashlib.sha256(rests_on.encode()).hexdigest()[:10]
    file = folder / f"{pair.name}_{order.name}_{order.arguments['seed']}_{code}.json"
    if file.is_file():
        return json.loads(file.read_text(encoding="utf-8"))
    child = subprocess.run(
        [sys.executable, "-c", CHILD, description],
        cwd=paths.project_root(),
        capture_output=True,
        text=True,
    )
    _, found, result = child.stdout.rpartition("RESULT")
    if child.returncode != 0 or not found:
        raise MeasurementFailed(
            f"{pair.name}: {order.name} with seed {order.arguments['seed']} ended with status {child.returncode}. "
            f"What is finished is kept; start the same command again. Its last lines:\n{child.stderr[-1500:]}"
        )
    outcome = json.loads(result) | {"date": datetime.date.today().isoformat()}
    folder.mkdir(parents=True, exist_ok=True)
    files.write_text(file, json.dumps(outcome) + "\n")
    return outcome
