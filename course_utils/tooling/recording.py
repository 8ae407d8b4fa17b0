"""Run the experiments that lessons show recorded.

`python -m course_utils.tooling.recording MODULE NAME FOLDER [--tiny]` runs one and writes its record; `course record`
starts one such process for each.
"""

import importlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from course_utils import lessons, recorded
from course_utils.errors import CourseError
from course_utils.tooling.catalogue import Lesson

__all__ = ["main", "name_of", "run_script", "scripts"]


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
        CourseError: the script ended with an error, which it has printed; an older record stays.
    """
    name = name_of(script)
    module = f"{lessons.PACKAGE}.{script.parent.name}.{script.stem}"
    command = ["-m", "course_utils.tooling.recording", module, name, str(folder.absolute()), *["--tiny"] * tiny]
    with tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True) as place:
        status = subprocess.run([sys.executable, *command], cwd=place).returncode
    if status != 0:
        raise CourseError(f"{script.parent.name}/{script.name} ended with status {status}. Nothing was recorded.")
    return folder / f"{name}.json"


def main() -> None:
    """The command line of this module."""
    module, name, folder, *tiny = sys.argv[1:]
    script = importlib.import_module(module)
    record = script.main(**script.TINY) if tiny else script.main()
    recorded.save(name, **record, folder=Path(folder))


if __name__ == "__main__":
    main()
