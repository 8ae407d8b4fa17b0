"""Run the experiments that lessons show recorded; of first-edition lessons, publish what a full run has recorded."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from course_utils import files, lessons
from course_utils.tooling.catalogue import Lesson

__all__ = ["CLAIMS", "RECORDED", "NothingRecorded", "RecordingFailed", "name_of", "publish", "run_script", "scripts"]

# The claims of the full profile, by id, with the data that they were measured on.
CLAIMS = "claims_full.json"
# In the place of each notebook of a run: what it has recorded.
RECORDED = "recorded"


class NothingRecorded(RuntimeError):
    """There is no report of a full run."""


class RecordingFailed(RuntimeError):
    """An experiment did not come to its end."""


def scripts(chosen: Iterable[Lesson]) -> list[Path]:
    """The long experiments of lessons: each `recorded_*.py` beside a `lesson.py`, in order."""
    return [script for lesson in chosen for script in sorted(lesson.source.parent.glob("recorded_*.py"))]


def name_of(script: Path) -> str:
    """What a script's record is called: "05_curve" for lesson_05_name/recorded_curve.py."""
    return f"{script.parent.name.split('_')[1]}_{script.stem.removeprefix('recorded_')}"


def run_script(script: Path, folder: Path, *, tiny: bool = False) -> Path:
    """Run one experiment in a process of its own, which writes its record when it has come to its end.

    Args:
        script: a lesson's `recorded_*.py`. Its function `main` takes ordinary numbers by name, whose defaults are those
            of the record, and returns the arguments of `recorded.save` by name; `TINY` holds values for a trial.
        folder: gets the record, a JSON file.
        tiny: with the values of TINY.

    Returns:
        The file of the record.

    Raises:
        RecordingFailed: the script ended with an error, which it has printed; an older record stays.
    """
    module = f"{lessons.PACKAGE}.{script.parent.name}.{script.stem}"
    command = [
        sys.executable,
        "-m",
        "course_utils.tooling.one_recording",
        module,
        name_of(script),
        str(folder.absolute()),
    ]
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as place:
        status = subprocess.run([*command, *(["--tiny"] if tiny else [])], cwd=place).returncode
    if status != 0:
        raise RecordingFailed(f"{script.parent.name}/{script.name} ended with status {status}. Nothing was recorded.")
    return folder / f"{name_of(script)}.json"


def publish(folder: Path, published: Path, names: Collection[str]) -> list[str]:
    """Copy the recorded figures and merge the claims of the first-edition notebooks that passed.

    Claims of notebooks that this run did not contain stay as they were, so that lessons can be recorded one by one.

    Args:
        folder: what `course run --profile full` was given as --out. The figures are those that this run recorded.
        published: data/results.
        names: of the notebooks of the first edition that are asked for.

    Returns:
        The names of the files written.

    Raises:
        NothingRecorded: there is no such report, it is of another profile, or no notebook passed.
    """
    report = folder / "report" / "report.json"
    if not report.is_file():
        raise NothingRecorded(f"There is no {report.name} of a run. Run: course run --profile full")
    run = json.loads(report.read_text(encoding="utf-8"))
    asked = [notebook for notebook in run["notebooks"] if notebook["name"] in names]
    passed = [notebook for notebook in asked if notebook["status"] == "passed"]
    if run["profile"] != "full" or not passed:
        raise NothingRecorded(
            f"Only notebooks that passed in the full profile are published. The last run: profile {run['profile']}, "
            f"{len(passed)} of {len(asked)} passed."
        )
    published.mkdir(parents=True, exist_ok=True)
    target = published / CLAIMS
    claims = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    for notebook in passed:
        claims.update({claim["id"]: _kept(claim, notebook) for claim in notebook["claims"]})
    files.write_text(target, json.dumps(dict(sorted(claims.items())), indent=1, ensure_ascii=False) + "\n")
    places = [(folder / "run" / notebook["name"] / RECORDED, notebook["name"][:2]) for notebook in passed]
    figures = [file for place, number in places for file in sorted(place.glob(f"{number}_*.json"))]
    for file in figures:
        files.write_bytes(published / file.name, file.read_bytes())
    return [CLAIMS, *(file.name for file in figures)]


def _kept(claim: dict[str, Any], notebook: dict[str, Any]) -> dict[str, Any]:
    keys = ("statement", "measured", "bound", "direction", "holds", "unit")
    return {key: claim[key] for key in keys} | {"data": notebook["data"]}
