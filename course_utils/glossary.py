"""The terms of the course: `glossary.term("stride")` shows what one means, and its Chinese name."""

import difflib
import functools
import json
from dataclasses import dataclass

from course_utils import paths
from course_utils.display import Panel, show

__all__ = ["Entry", "entries", "find", "term"]

SUGGESTIONS = 3


@dataclass(frozen=True)
class Entry:
    """One term.

    Attributes:
        term: its name, as the course writes it.
        definition: one or two sentences.
        chinese: its Chinese name.
        also: other names and forms under which it is found.
    """

    term: str
    definition: str
    chinese: str
    also: tuple[str, ...] = ()


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every term, in alphabetical order."""
    rows = json.loads((paths.data_folder() / "glossary.json").read_text(encoding="utf-8"))
    return tuple(Entry(**row | {"also": tuple(row.get("also", ()))}) for row in rows)


def find(name: str) -> Entry:
    """The entry for a term, one of its other names, or its plural. Upper and lower case are the same.

    Raises:
        LookupError: there is none; the message names similar terms.
    """
    index = _index()
    wanted = _key(name)
    for form in (wanted, wanted.removesuffix("s"), wanted.removesuffix("es")):
        if form in index:
            return index[form]
    near = difflib.get_close_matches(wanted, index, n=SUGGESTIONS)
    similar = dict.fromkeys(index[key].term for key in near)
    hint = f" Similar: {', '.join(similar)}." if similar else ""
    raise LookupError(f"The glossary has no term {name!r}.{hint}")


def term(name: str) -> None:
    """Show what a term means, such as "stride".

    Raises:
        LookupError: there is no such term; the message names similar ones.
    """
    entry = find(name)
    also = [f"Also: {', '.join(entry.also)}."] if entry.also else []
    show(Panel("≡", entry.term, entry.chinese, [entry.definition, *also], "note"))


def _key(name: str) -> str:
    return " ".join(str(name).lower().split())


@functools.cache
def _index() -> dict[str, Entry]:
    return {_key(name): entry for entry in entries() for name in (entry.term, *entry.also)}
