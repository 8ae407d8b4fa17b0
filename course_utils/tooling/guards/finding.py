"""What a rule finds, and how rules look at a notebook's cells."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from course_utils.tooling.dependencies import python_of

__all__ = ["Finding", "code_cells", "prose", "prose_cells", "tags", "trees"]


@dataclass(frozen=True)
class Finding:
    """One breach of a rule.

    Attributes:
        rule: the rule's name.
        place: which cell, such as "code cell 3"; "" where the whole notebook is meant.
        message: what is expected and what is there.
    """

    rule: str
    place: str
    message: str

    def text(self) -> str:
        """The finding on one line."""
        return f"{self.rule}: {self.place + ': ' if self.place else ''}{self.message}"


def code_cells(notebook: NotebookNode) -> list[tuple[str, NotebookNode]]:
    """The code cells, each with its place in words, counted as the learner counts them."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(f"code cell {number}", cell) for number, cell in enumerate(cells, start=1)]


def prose_cells(notebook: NotebookNode) -> list[str]:
    """The text of the markdown cells."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def prose(notebook: NotebookNode) -> str:
    """All markdown text."""
    return "\n\n".join(prose_cells(notebook))


def tags(cell: NotebookNode) -> list[str]:
    """The cell's tags."""
    return cell.metadata.get("tags", [])


def trees(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode, ast.Module]]:
    """Each code cell that can be parsed, with its place and its syntax tree; `parses` reports the others."""
    for place, cell in code_cells(notebook):
        try:
            yield place, cell, ast.parse(python_of(cell.source))
        except SyntaxError:
            continue
