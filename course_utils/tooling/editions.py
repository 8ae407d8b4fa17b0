"""Editions of a notebook for other readers: pure functions from notebook to notebook, and a writer of solved ones."""

import ast
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path

from nbformat import NotebookNode

from course_utils import exercises
from course_utils.tooling.notebook_files import read_notebook, write_notebook

__all__ = ["check_call", "solved", "write_solved"]


def solved(notebook: NotebookNode, *, keep_stubs: bool = False) -> NotebookNode:
    """The edition in which every exercise holds its solution.

    In each cell tagged `exercise` everything between its imports and the final `exercises.check(...)` gives way to the
    solution's code.

    Args:
        notebook: left as it is.
        keep_stubs: leave each exercise's cell as it is and put the solved one behind it, for tests: one run then shows
            what an untouched exercise does and what a solved one does.

    Returns:
        A copy without outputs, since these belonged to the stubs.

    Raises:
        ValueError: a cell tagged `exercise` does not end with a call of `exercises.check`.
        LookupError: there is no exercise of that id.
    """
    result = deepcopy(notebook)
    result.metadata.pop("course", None)  # it describes the stored outputs
    cells, result.cells = result.cells, []
    for cell in cells:
        result.cells.append(cell)
        if cell.cell_type != "code":
            continue
        cell.update(outputs=[], execution_count=None)
        if "exercise" in cell.metadata.get("tags", []):
            if keep_stubs:
                cell = deepcopy(cell)
                cell.id = f"{cell.id}-solved"
                result.cells.append(cell)
            identity, line = check_call(cell.source)
            check = "\n".join(cell.source.splitlines()[line - 1 :])
            parts = [_imports(cell.source), exercises.get(identity).solution.source.rstrip(), check]
            cell.source = "\n\n".join(filter(None, parts))
    return result


def write_solved(notebooks: Iterable[Path], folder: Path, *, keep_stubs: bool = False) -> list[Path]:
    """Write the solved edition of stored notebooks.

    Args:
        notebooks: the files; they are only read.
        folder: made if it is not there; the new files bear the same names.
        keep_stubs: as for `solved`.

    Returns:
        The new files, in the same order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for notebook in notebooks:
        written.append(folder / notebook.name)
        write_notebook(solved(read_notebook(notebook), keep_stubs=keep_stubs), written[-1])
    return written


def check_call(source: str) -> tuple[str, int]:
    """The exercise's id in a cell's final `exercises.check("04.2", answer)`, and the line, from 1, on which it begins.

    Raises:
        ValueError: the last statement is no such call.
    """
    try:
        last = ast.parse(source).body[-1]
        call = last.value
        if ast.unparse(call.func) == "exercises.check" and isinstance(call.args[0].value, str):
            return call.args[0].value, last.lineno
    except (SyntaxError, IndexError, AttributeError):
        pass
    raise ValueError(f'A cell tagged exercise ends with exercises.check("04.2", answer). Received: {source[-80:]!r}.')


def _imports(source: str) -> str:
    lines = source.splitlines()
    found = [one for one in ast.parse(source).body if isinstance(one, ast.Import | ast.ImportFrom)]
    return "\n".join("\n".join(lines[one.lineno - 1 : one.end_lineno]) for one in found)
