"""The learner's working copies of the notebooks: made without outputs, refreshed and brought back."""

import contextlib
import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from course_utils import files, paths, renumbered, state
from course_utils.errors import CourseError
from course_utils.tooling import output_place
from course_utils.tooling.catalogue import Lesson, lessons

__all__ = ["refresh", "reset", "write_overview"]

OVERVIEW = "all_lessons.md"  # stands behind the notebooks in the list of files
RECORD = ".copies.json"  # notebook name -> fingerprint of the version that was copied


def refresh(every: list[Lesson] | None = None, folder: Path | None = None) -> list[str]:
    """Copy the course's notebooks into the working folder without touching what the learner has changed.

    A copy comes without outputs, so that no result stands there before the learner has made it.
    A copy counts as changed when its text differs from the version that was copied; having been run does not count.
    A missing copy is made, an unchanged one is brought up to date, a changed one stays. One of the first edition, whose
    lesson has another number now, makes room first.

    Args:
        every: the lessons; all of the course by default.
        folder: the working folder; notebooks/mine by default.

    Returns:
        A line for each notebook of which the learner should know something.
    """
    folder = output_place.check_own_folder(folder or paths.my_notebooks_folder())
    folder.mkdir(parents=True, exist_ok=True)
    record = _read_record(folder)
    said = _set_first_edition_aside(folder, record)
    for lesson in lessons() if every is None else every:
        if not lesson.notebook.is_file():
            continue
        copy, published = folder / lesson.notebook.name, _fingerprint(lesson.notebook)
        present = _fingerprint(copy) if copy.is_file() else ""
        if present in ("", record.get(lesson.name)) and present != published:
            _copy(lesson.notebook, copy)
            record[lesson.name] = published
            if present:
                said.append(f"{lesson.name}: brought up to date.")
        elif present == published:
            record[lesson.name] = published
        elif record.get(lesson.name) != published:
            said.append(
                f"{lesson.name}: your copy is kept as it is. A newer version is there: course reset {lesson.number}"
            )
    _write_record(folder, record)
    return said


def write_overview(every: list[Lesson] | None = None, folder: Path | None = None) -> Path:
    """Write a page for the working folder: every lesson with its question, its minutes and what the learner has done.

    Returns:
        The page; JupyterLab shows it with links.
    """
    from course_utils import progress  # half a second, which opening the laboratory does not wait for

    done = progress.shares(state.read()[0])
    lines = [
        f"# All lessons\n\nAs of {datetime.now():%Y-%m-%d %H:%M}, when JupyterLab was opened.\n",
        "| lesson | minutes to study | exercises done | questions done |",
        "| --- | --- | --- | --- |",
    ]
    for lesson in lessons() if every is None else every:
        minutes = f"{lesson.minutes['study']:g}" if "study" in lesson.minutes else ""
        shares = " | ".join(done.get(lesson.number, ("", "")))
        title = f"{lesson.number} {lesson.title or lesson.name}"
        lines.append(f"| [{title}]({lesson.notebook.name}) | {minutes} | {shares} |")
    page = (folder or paths.my_notebooks_folder()) / OVERVIEW
    files.write_text(page, "\n".join(lines) + "\n")
    return page


def reset(lesson: Lesson, folder: Path | None = None) -> str:
    """Replace the working copy of one notebook by the course's version; the old copy is kept under a dated name.

    Returns:
        A line that says what was done.

    Raises:
        CourseError: the course has no stored notebook of this lesson.
    """
    folder = output_place.check_own_folder(folder or paths.my_notebooks_folder())
    if not lesson.notebook.is_file():
        raise CourseError(f"{lesson.name} is not stored yet. Make it first: course store {lesson.number}.")
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / lesson.notebook.name
    said = f"{copy.name} is the course's version again."
    if copy.is_file():
        kept = _free_name(folder / f"{lesson.name}.{date.today().isoformat()}.ipynb")
        copy.replace(kept)
        said += f" Your old copy is kept as {kept.name}."
    _copy(lesson.notebook, copy)
    _write_record(folder, {**_read_record(folder), lesson.name: _fingerprint(lesson.notebook)})
    return said


def _copy(published: Path, copy: Path) -> None:
    """Copy a notebook without its outputs and what describes them."""
    notebook = json.loads(published.read_text(encoding="utf-8"))
    notebook["metadata"].pop("course", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    files.write_text(copy, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def _set_first_edition_aside(folder: Path, record: dict[str, Any]) -> list[str]:
    """Keep the learner's copies of lessons that were renumbered under the new number, which their calls get too.

    A copy that nobody has changed goes, since the lesson's new copy takes its place. Returns a line for each.
    """
    said = []
    for copy in sorted(folder.glob("*.ipynb")):
        new = renumbered.name_today(copy.name)
        if not new:
            continue
        old = copy.name.split(".")[0]
        if copy.stem == old and _fingerprint(copy) == record.get(old):
            copy.unlink()
            said.append(f"{old}: it is {new} now.")
            continue
        kept = _free_name(folder / f"{new}{copy.stem.removeprefix(old)}.first-edition.ipynb")
        _renumber_calls(copy)
        copy.replace(kept)
        said.append(f"{copy.stem}: it is {new} now. Your copy is kept as {kept.name}, its exercises renumbered.")
    for old in renumbered.NAMES:
        record.pop(old, None)
    return said


def _renumber_calls(copy: Path) -> None:
    """Write today's numbers into a copy's calls; a file that is no notebook stays as it is."""
    try:
        notebook = json.loads(copy.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["source"] = renumbered.text_today("".join(cell["source"])).splitlines(keepends=True)
    except (ValueError, KeyError, TypeError):
        return
    files.write_text(copy, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def _fingerprint(path: Path) -> str:
    """A hash of a notebook's text, cell by cell; of the whole file where it is no notebook."""
    raw = path.read_bytes()
    try:
        cells = json.loads(raw)["cells"]
        text = json.dumps([(cell["cell_type"], "".join(cell["source"])) for cell in cells])
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(raw).hexdigest()
    return hashlib.sha256(text.encode()).hexdigest()


def _free_name(path: Path) -> Path:
    """The path, with a number in it where a file has the name already."""
    count, free = 1, path
    while free.exists():
        count += 1
        free = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return free


def _read_record(folder: Path) -> dict[str, Any]:
    """What was copied; where the record is lost, every copy that differs counts as the learner's."""
    with contextlib.suppress(OSError, ValueError):
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        if isinstance(record, dict):
            return record
    return {}


def _write_record(folder: Path, record: dict[str, Any]) -> None:
    files.write_text(folder / RECORD, json.dumps(record, indent=1, sort_keys=True) + "\n")
