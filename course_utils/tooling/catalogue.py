"""The lessons of the course: number, title and minutes, read from their sources without running anything."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.errors import WrongUse

__all__ = ["SHELVES", "Lesson", "choose", "lessons", "on_shelves", "stored"]

LESSON_FOLDER = re.compile(r"lesson_\d\d_\w+")
# What comes first is the course, complete in itself; from the shelves a reader takes what is needed.
SHELVES = {
    "The course": ("00", "01", "02", "03", "04", "05", "21"),
    "Projects": ("06", "07", "08"),
    "Trust": ("09", "10", "11"),
    "Other networks and tools": ("12", "13", "14", "15", "16", "17"),
    "Frontier": ("18", "19", "20"),
}
OPENING_CELLS = 10  # a lesson shows something before it says how long it takes


@dataclass(frozen=True)
class Lesson:
    """One notebook of the course.

    Attributes:
        name: file name without its ending.
        title: the first heading.
        minutes: what the opening says, for instance {"run": 3.0, "study": 45.0}.
        notebook: where the stored notebook is, or will be.
        source: the percent text, `lesson.py` in the lesson's folder.
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
    """Every lesson, in order.

    Args:
        folder: the folder of the notebooks; the project's own by default. The lessons' folders are in its `source`.
    """
    folder = folder or paths.notebooks_folder()
    sources = sorted((folder / "source").glob("lesson_*/lesson.py"))
    return [_lesson(source, folder) for source in sources if LESSON_FOLDER.fullmatch(source.parent.name)]


def on_shelves(given: Sequence[Lesson]) -> dict[str, list[Lesson]]:
    """Lessons in the order in which they are offered: the course, then each shelf that holds one of them."""
    by_number = {lesson.number: lesson for lesson in given}
    shelves = {shelf: [by_number[n] for n in numbers if n in by_number] for shelf, numbers in SHELVES.items()}
    return {shelf: there for shelf, there in shelves.items() if there}


def choose(wanted: Sequence[str], folder: Path | None = None) -> list[Lesson]:
    """The lessons that are asked for by number, name or file, "00,04" and "00 04" alike; all where nothing is.

    Raises:
        WrongUse: one of them does not exist.
    """
    every, words = lessons(folder), " ".join(wanted).replace(",", " ").split()
    chosen = set()
    for word in words:
        stem = Path(word).stem
        names = [lesson.name for lesson in every if stem == lesson.name or stem.zfill(2) == lesson.number]
        if not names:
            known = ", ".join(lesson.number for lesson in every) or "none yet"
            raise WrongUse(f"A notebook is named by its number ({known}) or its name. Received: {word!r}.")
        chosen.update(names)
    return [lesson for lesson in every if lesson.name in chosen or not words]


def stored(wanted: Sequence[str] = ()) -> list[Lesson]:
    """Those of the lessons that are asked for that have a stored notebook.

    Raises:
        WrongUse: none has.
    """
    found = [lesson for lesson in choose(wanted) if lesson.notebook.is_file()]
    if not found:
        raise WrongUse("There is no stored notebook yet. Make them first: course store.")
    return found


def _lesson(source: Path, folder: Path) -> Lesson:
    name, opening = source.parent.name.removeprefix("lesson_"), _opening(source)
    found = re.search(r"^# +(.+)$", opening, re.MULTILINE)
    title = found[1].strip() if found else ""
    spent = {word: re.search(rf"(\d+(?:\.\d+)?) minutes?\s+to\s+{word}\b", opening) for word in ("run", "study")}
    minutes = {word: float(match[1]) for word, match in spent.items() if match}
    needs = _paragraph(opening, r"\*\*Before you start:\*\*\s*")
    first = re.split(r"(?<=[.?!])\s+", _paragraph(opening, r"# [^\n]+\n+"))[0]
    question = "" if title.endswith("?") else first
    return Lesson(name, title, minutes, folder / f"{name}.ipynb", source, question, needs)


def _paragraph(opening: str, before: str) -> str:
    """The paragraph of an opening behind a mark, on one line; "" where the mark is missing."""
    found = re.search(rf"^{before}(.+?)(?:\n\s*\n|\Z)", opening, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def _opening(source: Path) -> str:
    """The prose of a lesson's first cells; in percent text it stands behind number signs."""
    cells = re.split(r"^# %%", source.read_text(encoding="utf-8"), flags=re.MULTILINE)[1 : OPENING_CELLS + 1]
    prose = [text for header, _, text in (cell.partition("\n") for cell in cells) if "[markdown]" in header]
    return re.sub(r"^# ?", "", "\n".join(prose), flags=re.MULTILINE)
