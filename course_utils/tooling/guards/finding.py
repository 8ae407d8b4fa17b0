"""What a rule finds, and how rules look at a notebook's cells."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

__all__ = ["Breaches", "Finding", "code_cells", "outputs", "prose", "tags", "trees"]

# What a rule gives for each breach: the place, such as "code cell 3", "" where the whole notebook is meant; and what is
# expected and what is there.
Breaches = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Finding:
    """One breach of a rule."""

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


def outputs(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """The outputs of the code cells, each with the place of its cell."""
    for place, cell in code_cells(notebook):
        for output in cell.outputs:
            yield place, output


def prose(notebook: NotebookNode) -> str:
    """All markdown text."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def tags(cell: NotebookNode) -> list[str]:
    """The cell's tags."""
    return cell.metadata.get("tags", [])


def trees(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode, ast.Module]]:
    """Each code cell with its place and its syntax tree; `plain_python` reports one that has none."""
    for place, cell in code_cells(notebook):
        try:
            yield place, cell, ast.parse(cell.source)
        except SyntaxError:
            continue
