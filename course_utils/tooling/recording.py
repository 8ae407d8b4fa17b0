"""Run the experiments that lessons show recorded."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from course_utils import lessons
from course_utils.tooling.catalogue import Lesson

__all__ = ["RecordingFailed", "name_of", "run_script", "scripts"]


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
