"""The lessons of the course: number, title and minutes, read from the notebooks without running anything."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths

__all__ = ["SHELVES", "Lesson", "UnknownLesson", "choose", "lessons", "on_shelves", "read_minutes"]

LESSON_NAME = re.compile(r"\d\d_\w+")
# What comes first is the course, complete in itself; from the shelves a reader takes what is needed.
SHELVES = {
    "The course": ("00", "01", "02", "03", "04", "05", "21"),
    "Projects": ("06", "07", "08"),
    "Trust": ("09", "10", "11"),
    "Other networks and tools": ("12", "13", "14", "15", "16", "17"),
    "Frontier": ("18", "19", "20"),
}
OPENING_CELLS = 10  # a lesson shows something before it says how long it takes


class UnknownLesson(LookupError):
    """No lesson has that number or name."""


@dataclass(frozen=True)
class Lesson:
    """One notebook of the course.

    Attributes:
        name: file name without its ending.
        title: the first heading, "" where there is none yet.
        minutes: what the opening says, for instance {"run": 3.0, "study": 45.0}.
        notebook: where the stored notebook is, or will be.
        source: where the percent text is, or would be: `lesson.py` in the lesson's folder.
        question: what it answers, its first sentence; "" where the title asks already.
        needs: what a reader has to know or have done before; "" where the opening does not say.
    """

    name: str
    title: str
    minutes: dict[str, float]
    notebook: Path
    source: Path
    question: str = ""
    needs: str = ""

    @property
    def number(self) -> str:
        """The two digits in front, "04"."""
        return self.name[:2]


def lessons(folder: Path | None = None) -> list[Lesson]:
    """Every lesson that has a notebook or a source, in order.

    Args:
        folder: the folder of the notebooks; the project's own by default. The lessons' folders are in its `source`.
    """
    folder = folder or paths.notebooks_folder()
    stored = {path.stem for path in folder.glob("*.ipynb")}
    written = {path.parent.name.removeprefix("lesson_") for path in (folder / "source").glob("lesson_*/lesson.py")}
    return [_lesson(name, folder) for name in sorted(stored | written) if LESSON_NAME.fullmatch(name)]


def on_shelves(given: Sequence[Lesson]) -> dict[str, list[Lesson]]:
    """Lessons in the order in which they are offered: the course, then each shelf that holds one of them."""
    by_number = {lesson.number: lesson for lesson in given}
    shelves = {shelf: [by_number[n] for n in numbers if n in by_number] for shelf, numbers in SHELVES.items()}
    return {shelf: there for shelf, there in shelves.items() if there}


def choose(wanted: Sequence[str], folder: Path | None = None) -> list[Lesson]:
    """The lessons that are asked for by number, name or file; all of them where nothing is asked for.

    Raises:
        UnknownLesson: one of them does not exist.

    Example:
        >>> [lesson.name for lesson in choose(["4"])]  # doctest: +SKIP
        ['04_keras_code']
    """
    every = lessons(folder)
    if not wanted:
        return every
    chosen = set()
    for word in wanted:
        stem = Path(word).stem
        names = [lesson.name for lesson in every if stem == lesson.name or stem.zfill(2) == lesson.number]
        if not names:
            known = ", ".join(lesson.number for lesson in every) or "none yet"
            raise UnknownLesson(f"A notebook is named by its number ({known}) or its name. Received: {word!r}.")
        chosen.update(names)
    return [lesson for lesson in every if lesson.name in chosen]


def read_minutes(text: str) -> dict[str, float]:
    """The minutes that an opening states: to run with the lesson's own parameters, and to study.

    Example:
        >>> read_minutes("**Time:** 1 minute to run, 45 minutes to study.")
        {'run': 1.0, 'study': 45.0}
    """
    found = {word: re.search(rf"(\d+(?:\.\d+)?) minutes?\s+to\s+{word}\b", text) for word in ("run", "study")}
    return {word: float(match[1]) for word, match in found.items() if match}


def _lesson(name: str, folder: Path) -> Lesson:
    notebook, source = folder / f"{name}.ipynb", folder / "source" / f"lesson_{name}" / "lesson.py"
    opening = _opening_of_notebook(notebook) if notebook.is_file() else _opening_of_source(source)
    found = re.search(r"^# +(.+)$", opening, re.MULTILINE)
    title = found[1].strip() if found else ""
    needs = _paragraph(opening, r"\*\*Before you start:\*\*\s*")
    first = re.split(r"(?<=[.?!])\s+", _paragraph(opening, r"# [^\n]+\n+"))[0]
    question = "" if title.endswith("?") else first
    return Lesson(name, title, read_minutes(opening), notebook, source, question, needs)


def _paragraph(opening: str, before: str) -> str:
    """The paragraph of an opening behind a mark, on one line; "" where the mark is missing."""
    found = re.search(rf"^{before}(.+?)(?:\n\s*\n|\Z)", opening, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def _opening_of_notebook(path: Path) -> str:
    """The prose of the first cells; "" for a file that is no notebook, which `course check` reports."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"][:OPENING_CELLS]
        return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def _opening_of_source(path: Path) -> str:
    """The same from percent text, whose prose stands behind a number sign."""
    prose, within, cells = [], False, 0
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# %%"):
            within, cells = "[markdown]" in line, cells + 1
            prose.append("")
            if cells > OPENING_CELLS:
                break
        elif within:
            prose.append(line.removeprefix("#").removeprefix(" "))
    return "\n".join(prose)
