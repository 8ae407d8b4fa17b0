"""From percent text to a notebook, with cell ids that stay the same while the author edits."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from jupytext.combine import map_outputs_to_inputs
from nbformat import NotebookNode

from course_utils import files
from course_utils.errors import CourseError
from course_utils.tooling import quoting

__all__ = ["KERNEL", "LANGUAGE", "PROFILES", "lesson_metadata", "read_notebook", "to_notebook", "write_notebook"]

# papermill refuses a notebook whose metadata name no kernel and language.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
# What the profiles smoke and full set, by parameter; in the head of the source and in the notebook's metadata.
PROFILES = "course_profiles"


def to_notebook(
    text: str, previous: NotebookNode | None = None, values: Mapping[str, str] | None = None
) -> NotebookNode:
    """Make a notebook, without outputs, from percent text.

    Args:
        text: the source, in jupytext's percent format. Tags and other metadata stand in the cells' headers.
        previous: the notebook made from an earlier version of the text; its cells, changed or not, keep their ids.
        values: measured values that the prose quotes; without them it keeps their names, `{{accuracy:.0%}}`.

    Raises:
        CourseError: a quoted value is not among those given.
    """
    read = jupytext.reads(text, fmt="py:percent")
    notebook = nbformat.v4.new_notebook(cells=read.cells, metadata=lesson_metadata(read))
    if values is not None:
        notebook = quoting.fill(notebook, values)
    if previous:
        for cell, partner in zip(notebook.cells, map_outputs_to_inputs(notebook.cells, previous.cells), strict=True):
            if partner is not None:
                cell["id"] = previous.cells[partner]["id"]
    nbformat.validate(notebook)
    return notebook


def lesson_metadata(notebook: NotebookNode) -> dict[str, Any]:
    """The metadata that a lesson keeps through every conversion: kernel, language and profiles.

    No pairing configuration: with one, saving in JupyterLab would rewrite the source with the learner's answers.
    """
    profiles = {PROFILES: notebook.metadata[PROFILES]} if PROFILES in notebook.metadata else {}
    return {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE), **deepcopy(profiles)}


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook file in the current format.

    Raises:
        CourseError: the file holds something else.
    """
    try:
        return nbformat.read(path, as_version=4)
    except (ValueError, AttributeError, KeyError) as error:
        raise CourseError(
            f"{path.name} is not a notebook that can be read. Bring the stored one back with git, or delete it."
        ) from error


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook so that the file is either the old one or the new one, whatever happens meanwhile."""
    files.write_text(path, nbformat.writes(notebook) + "\n")
