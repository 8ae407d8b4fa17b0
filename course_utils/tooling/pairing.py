"""From percent text to a notebook and back, with cell ids that stay the same while the author edits."""

import difflib
import hashlib
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from course_utils import files
from course_utils.tooling import quoting

__all__ = [
    "KERNEL",
    "LANGUAGE",
    "PROFILES",
    "NotANotebook",
    "lesson_metadata",
    "read_notebook",
    "same_contents",
    "to_notebook",
    "to_source",
    "write_notebook",
]

# papermill refuses a notebook whose metadata name no kernel and language.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
# What the profiles smoke and full set, by parameter; in the head of the source and in the notebook's metadata.
PROFILES = "course_profiles"
# Below this likeness (0 to 1) a changed cell counts as a new one.
SAME_CELL = 0.5
ID_LENGTH = 12


class NotANotebook(ValueError):
    """The file holds no notebook that can be read."""


def to_notebook(
    text: str, previous: NotebookNode | None = None, values: Mapping[str, str] | None = None
) -> NotebookNode:
    """Make a notebook, without outputs, from percent text.

    The ids are a function of the text and of the previous notebook alone. A cell that is in the previous notebook,
    unchanged or changed a little, keeps its id; a new cell gets one from a hash of its contents.

    Args:
        text: the source, in jupytext's percent format. Tags and other metadata stand in the cells' headers.
        previous: the notebook made from an earlier version of the text.
        values: measured values that the prose quotes; without them it keeps their names, `{{accuracy:.0%}}`.

    Raises:
        quoting.NotMeasured: a quoted value is not among those given.
    """
    read = jupytext.reads(text, fmt="py:percent")
    notebook = nbformat.v4.new_notebook(cells=read.cells, metadata=lesson_metadata(read))
    if values is not None:
        notebook = quoting.fill(notebook, values)
    ids = _assign_ids(notebook.cells, previous.cells if previous else [])
    for cell, identity in zip(notebook.cells, ids, strict=True):
        cell["id"] = identity
    nbformat.validate(notebook)
    return notebook


def to_source(notebook: NotebookNode) -> str:
    """Percent text of a notebook: cells and their metadata, no outputs, and the same header for every lesson."""
    metadata = {**lesson_metadata(notebook), "jupytext": {"notebook_metadata_filter": PROFILES}}
    bare = nbformat.v4.new_notebook(cells=notebook.cells, metadata=metadata)
    text = jupytext.writes(bare, fmt="py:percent")
    # The versions of the format and of jupytext would change every file on every update; pyproject.toml has the filter.
    left_out = r"^# +(format_version|jupytext_version|notebook_metadata_filter): .*\n"
    return re.sub(left_out, "", text, flags=re.MULTILINE)


def lesson_metadata(notebook: NotebookNode) -> dict[str, Any]:
    """The metadata that a lesson keeps through every conversion: kernel, language and profiles.

    No pairing configuration: with one, saving in JupyterLab would rewrite the source with the learner's answers.
    """
    profiles = {PROFILES: notebook.metadata[PROFILES]} if PROFILES in notebook.metadata else {}
    return {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE), **deepcopy(profiles)}


def same_contents(one: NotebookNode, other: NotebookNode) -> bool:
    """Whether two notebooks hold the same profiles and cells: type, text and metadata. Ids and outputs do not count."""
    same_profiles = one.metadata.get(PROFILES) == other.metadata.get(PROFILES)
    return same_profiles and _contents(one) == _contents(other)


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook file in the current format.

    Raises:
        NotANotebook: the file holds something else.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, KeyError) as error:
        raise NotANotebook(
            f"{path.name} is not a notebook that can be read. Bring the stored one back with git, or delete it."
        ) from error


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook so that the file is either the old one or the new one, whatever happens meanwhile."""
    files.write_text(path, nbformat.writes(notebook) + "\n")


def _contents(notebook: NotebookNode) -> list[tuple[str, str, dict]]:
    return [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in notebook.cells]


def _assign_ids(cells: Sequence[NotebookNode], previous: Sequence[NotebookNode]) -> list[str]:
    """One id for each cell; see `to_notebook`."""
    partner = _match(cells, [cell for cell in previous if cell.get("id")])
    taken = {identity for identity in partner if identity}
    ids = []
    for cell, kept in zip(cells, partner, strict=True):
        identity = kept or _fresh_id(cell, taken)
        taken.add(identity)
        ids.append(identity)
    return ids


def _match(cells: Sequence[NotebookNode], previous: Sequence[NotebookNode]) -> list[str | None]:
    """For each cell the id of the earlier cell that it continues, or None: equal cells first, then similar ones."""
    new, old = ([(cell.cell_type, cell.source) for cell in some] for some in (cells, previous))
    found: list[str | None] = [None] * len(new)
    free = set(range(len(old)))

    def pair(j: int, i: int) -> None:
        found[j] = previous[i]["id"]
        free.discard(i)

    for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            pair(block.b + step, block.a + step)
    for j in range(len(new)):  # equal, but moved to another place
        moved = min((i for i in free if old[i] == new[j]), default=None)
        if found[j] is None and moved is not None:
            pair(j, moved)
    likeness = [
        (-difflib.SequenceMatcher(None, old[i][1], new[j][1], autojunk=False).ratio(), j, i)
        for j in range(len(new))
        for i in free
        if found[j] is None and old[i][0] == new[j][0]
    ]
    for ratio, j, i in sorted(likeness):
        if -ratio >= SAME_CELL and found[j] is None and i in free:
            pair(j, i)
    return found


def _fresh_id(cell: NotebookNode, taken: set[str]) -> str:
    """An id from the cell's contents; a second cell with the same contents gets a number behind it."""
    stem = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:ID_LENGTH]
    identity, count = stem, 1
    while identity in taken:
        count += 1
        identity = f"{stem}-{count}"
    return identity
