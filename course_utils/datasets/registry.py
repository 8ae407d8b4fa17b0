"""Which data sets there are, their cards, and where each is kept."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from course_utils import files, paths
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.dataset import Card
from course_utils.datasets.errors import DataError

__all__ = ["FOLDER", "MADE", "card", "check_name", "is_available", "names", "remedy", "stored_path", "unknown"]

FOLDER = "folder:"  # what the names of the reader's own folders and archives begin with
MADE = {"shapes": "ShapePainter", "cutouts": "CutoutPainter"}  # package in this one -> what paints its images
_BUILT_IN = ("digits", *MADE, "photographs")
_OWN = """Pictures of your own, one class a folder.

- Origin: given by the user.
- Licence: whatever holds for the pictures; the course knows nothing about it.
- Known flaws:
  - Unchecked: look for near duplicates between the splits, and for what betrays the class."""


def names() -> tuple[str, ...]:
    """The names that `load` knows: built in, the benchmarks, and what was imported into the data home."""
    known = (*_BUILT_IN, *BENCHMARKS)
    home = paths.data_home()
    try:
        imported = sorted(path.stem for path in home.glob("[!.]*.npz") if files.is_file(path))
    except OSError:  # a data home that may not be looked into holds nothing for this user
        imported = []
    return (*known, *(name for name in imported if name not in known))


def card(name: str) -> Card:
    """The card of a data set: its section of data/README.md, with origin, licence, checksums, known flaws.

    Args:
        name: one of `names()`, or "folder:PATH".

    Raises:
        DataError: there is no data set of that name.
        TypeError: the name is no text.
    """
    if not isinstance(name, str):
        how = f' Write "{FOLDER}{name}".' if isinstance(name, Path) else ""
        raise TypeError(f"name is a text such as 'digits' or 'folder:PATH'. Received: {name!r}.{how}")
    if name.startswith(FOLDER):
        return Card("folder", f"Pictures in {Path(name.removeprefix(FOLDER)).name}", _OWN)
    if name not in names():
        raise DataError(unknown(name))
    page = (paths.data_folder() / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^<!-- card: {re.escape(name)} -->\n## `.+`: (.+)\n\n([\s\S]+?)\n+(?=<!--)", page, re.MULTILINE)
    return Card(name, found[1], found[2]) if found else Card(name, f"Imported pictures: {name}", _OWN)


def is_available(name: str) -> bool:
    """Whether `load` finds the data of one of `names()` without fetching it first."""
    return name in _BUILT_IN or files.is_file(stored_path(name))


def stored_path(name: str) -> Path:
    """Where a benchmark or an imported set is kept."""
    return paths.data_home() / f"{name}.npz"


def remedy(name: str) -> str:
    """The sentence that says how to bring a data set into the data home (again)."""
    if name in BENCHMARKS:
        return f"Run: course data fetch {name} (or import a copy: course data import PATH --name {name})."
    return f"Import the pictures: course data import PATH --name {name}."


def unknown(name: str) -> str:
    """The line about a name that stands for no data set."""
    return (
        f"There is no data set called {name!r}. Choose {', '.join(names())} or folder:PATH, "
        f"or import pictures: course data import PATH --name NAME."
    )


def check_name(name: str) -> str:
    """A name for imported pictures, in Unicode's composed form.

    Raises:
        DataError: the name cannot be a file name on every system, or is taken by what needs no import.
    """
    name = unicodedata.normalize("NFC", name)
    if not name.replace("-", "_").isidentifier() or len(name) > 60 or name in (*_BUILT_IN, "folder"):
        raise DataError(
            "A name is at most 60 letters, digits, hyphens and underscores, starts with a letter, and is none of "
            f"{', '.join(_BUILT_IN)} and folder. Received: {name!r}. Choose another with --name."
        )
    return name
