"""Runs the measurements of a pair one after another, each in a process of its own, and keeps what is finished.

What is kept is taken for the same measurement only while all that it rests on is the same: the pair and its settings,
the course's code, the versions of the packages, the data and the machine.
"""

import datetime
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from course_utils import files, paths, recorded
from course_utils.datasets import registry
from course_utils.errors import CourseError
from course_utils.tooling.benchmark.arriving import WAYS
from course_utils.tooling.benchmark.pairs import Pair

__all__ = ["Outcomes", "digest_of_code", "measure", "race"]

Outcomes = dict[str, list[dict[str, Any]]]

# What a child process does: one measurement, described and answered as a line of JSON.
CHILD = """
import json, sys
from course_utils import startup
startup.load_keras()
from course_utils.tooling.benchmark.measuring import MEASUREMENTS
from course_utils.tooling.benchmark.pairs import Pair
order = json.loads(sys.argv[1])
result = MEASUREMENTS[order["kind"]](Pair(**order["pair"]), **order["arguments"])
print("RESULT" + json.dumps(result))
"""
# The part of the package that no measurement runs, and the modules of it that measurements do run.
NOT_MEASURED = "tooling"
MEASURED = ("tooling/benchmark/measuring.py", "tooling/benchmark/arriving.py")


def measure(pair: Pair, seeds: Sequence[int], *, split: str, folder: Path, say: Callable[[str], None]) -> Outcomes:
    """Measure a pair: for each seed the reference, ours in its share of that time, ours in all of it, and the speeds.

    A finished measurement is kept as a file, and found there when an interrupted benchmark is started again.

    Args:
        pair: what is compared.
        seeds: one run of each kind for every seed; growth is measured for the first only.
        split: "test", or "validation" while choices are still open.
        folder: for finished measurements.
        say: called with a line for each measurement before it begins.

    Returns:
        Name of the kind of run ("reference", "share", "full", "speed", "growth") to its outcomes, one a seed, each with
        the "date" of its measuring.

    Raises:
        CourseError: a run ended with an error; those before it are kept.
    """
    found: Outcomes = {name: [] for name in ("reference", "share", "full", "speed", "growth")}

    def outcome_of(seed: int, kind: str, name: str, **arguments: Any) -> dict[str, Any]:
        say(f"{pair.name}: {name}, seed {seed}")
        found[name].append(_finished_or_measured(pair, kind, name, {"seed": seed, **arguments}, folder))
        return found[name][-1]

    for seed in seeds:  # what the reference took decides what ours gets
        seconds = outcome_of(seed, "reference", "reference", split=split)["seconds"]
        outcome_of(seed, "ours", "share", split=split, seconds=pair.share * seconds)
        outcome_of(seed, "ours", "full", split=split, seconds=seconds)
        outcome_of(seed, "speed", "speed")
        if seed == seeds[0]:
            outcome_of(seed, "growth", "growth")
    return found


def race(pair: Pair, seeds: Sequence[int], *, limit: float, folder: Path, say: Callable[[str], None]) -> Outcomes:
    """Train in each way until it has arrived, or until its time is over; the ways take turns.

    Args:
        pair: a folder of photographs.
        seeds: one run of each way for every seed, which says which photographs are held out.
        limit: seconds that a way gets.
        folder: for finished measurements.
        say: as for `measure`.

    Returns:
        Name of the way to its outcomes, one a seed.

    Raises:
        CourseError: as for `measure`.
    """
    found: Outcomes = {way: [] for way in WAYS}
    for seed in seeds:
        for way in WAYS:
            say(f"{pair.name}: {way}, seed {seed}")
            name = way.replace(", rate ", "_").replace(" ", "_")
            arguments = {"seed": seed, "way": way, "limit": limit}
            found[way].append(_finished_or_measured(pair, "arrival", name, arguments, folder))
    return found


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


def _finished_or_measured(pair: Pair, kind: str, name: str, arguments: dict[str, Any], folder: Path) -> dict[str, Any]:
    order = json.dumps({"kind": kind, "pair": asdict(pair), "arguments": arguments})
    # The file's name tells all that matters, so that a change of it, and only that, is measured anew.
    code = hashlib.sha256((order + json.dumps(_surroundings(pair.data))).encode()).hexdigest()[:10]
    file = folder / f"{pair.name}_{name}_{arguments['seed']}_{code}.json"
    if file.is_file():
        return json.loads(file.read_text(encoding="utf-8"))
    child = subprocess.run(
        [sys.executable, "-c", CHILD, order], cwd=paths.project_root(), capture_output=True, text=True
    )
    _, found, result = child.stdout.rpartition("RESULT")
    if child.returncode != 0 or not found:
        raise CourseError(
            f"{pair.name}: {name} with seed {arguments['seed']} ended with status {child.returncode}. "
            f"What is finished is kept; start the same command again. Its last lines:\n{child.stderr[-1500:]}"
        )
    outcome = json.loads(result) | {"date": datetime.date.today().isoformat()}
    files.write_text(file, json.dumps(outcome) + "\n")
    return outcome
