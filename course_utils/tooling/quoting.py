"""Figures in the prose: a lesson's source names a value, `{{accuracy:.0%}}`, and storing writes what it measured.

So text and figure cannot part: whoever changes the code stores the notebook again, and with it the numbers in the text.
"""

import re
from collections.abc import Mapping
from copy import deepcopy

from nbformat import NotebookNode

from course_utils.errors import CourseError

__all__ = ["bare_figures", "fill", "quoted"]

PLACE = re.compile(r"\{\{(.+?)\}\}")
# A paragraph that says what a figure shows quotes the run; its numbers come from there.
SAYS_WHAT_IS_SEEN = re.compile(r"\*What you see\.?\*")
MEASURED = re.compile(r"\d+(?:[.,]\d+)*\s?%|\b\d+\.\d+\b|\b\d+ of (?:the )?\d+\b")
NOT_PROSE = re.compile(r"`[^`]*`|\$[^$\n]+\$|\]\([^)]*\)")


def quoted(notebook: NotebookNode) -> list[str]:
    """The distinct values that the prose of a source quotes, each with its format, "accuracy:.0%", in order."""
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return list(dict.fromkeys(place.strip() for text in texts for place in PLACE.findall(text)))


def fill(notebook: NotebookNode, values: Mapping[str, str]) -> NotebookNode:
    """A copy of a notebook whose prose holds the values in the place of their names.

    Args:
        notebook: made from a source.
        values: what `quoted` lists to the text that was measured.

    Raises:
        CourseError: a value is missing.
    """
    missing = [place for place in quoted(notebook) if place not in values]
    if missing:
        raise CourseError(f"The text quotes {', '.join(missing)}; the stored run does not hold it. Run: course store")
    filled = deepcopy(notebook)
    for cell in filled.cells:
        if cell.cell_type == "markdown":
            cell.source = PLACE.sub(lambda match: values[match[1].strip()], cell.source)
    return filled


def bare_figures(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Measured figures that a source's prose holds as typed digits: number of the text cell, and the figure.

    Only paragraphs that say *What you see* are read: other numbers, such as a date or a size, are no measurements.
    """
    found = []
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    for number, text in enumerate(texts, start=1):
        for paragraph in re.split(r"\n\s*\n", text):
            if SAYS_WHAT_IS_SEEN.search(paragraph):
                bare = NOT_PROSE.sub(" ", PLACE.sub(" ", paragraph))
                found += [(number, match[0]) for match in MEASURED.finditer(bare)]
    return found
