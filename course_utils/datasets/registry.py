"""Which data sets there are, their cards, and where each is kept."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

from course_utils import files, paths
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.cards import Card
from course_utils.datasets.errors import DataError

__all__ = ["card", "check_name", "is_available", "names", "remedy", "stored_path"]

_BUILT_IN = ("digits", "shapes", "cutouts", "photographs")
_FOLDER = "folder:"


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
    """The card of a data set: origin, licence, checksums, known flaws.

    Args:
        name: one of `names()`, or "folder:PATH".

    Raises:
        DataError: there is no data set of that name.
    """
    if name == "shapes":
        from course_utils.datasets import shapes

        return shapes.shapes_card()
    if name == "cutouts":
        from course_utils.datasets import cutouts

        return cutouts.cutouts_card()
    if name in BENCHMARKS or name in _BUILT_IN:
        from course_utils.datasets.catalogue import CARDS

        return CARDS[name]
    if name.startswith(_FOLDER):
        return own_images_card("folder", title=f"Pictures in {Path(name.removeprefix(_FOLDER)).name}")
    if name in names():
        return own_images_card(name, title=f"Imported pictures: {name}")
    raise DataError(unknown(name))


def own_images_card(name: str, *, title: str) -> Card:
    """The card of pictures that the user brought."""
    return Card(
        name=name,
        title=title,
        description="Pictures of your own, one class a folder.",
        origin="given by the user.",
        licence="whatever holds for the pictures; the course knows nothing about it.",
        known_flaws=("Unchecked: look for near duplicates between the splits, and for what betrays the class.",),
    )


def is_available(name: str) -> bool:
    """Whether `load(name)` finds its data without fetching or importing anything first.

    Raises:
        DataError: there is no data set of that name.
    """
    if name.startswith(_FOLDER):
        return Path(name.removeprefix(_FOLDER)).expanduser().exists()
    if name not in names():
        raise DataError(unknown(name))
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


def describe_copy(known: Card, note: str, copy: str) -> Card:
    """A card with what is special about the copy at hand."""
    return replace(known, notes=(*known.notes, *([note] if note else [])), copy=copy)
