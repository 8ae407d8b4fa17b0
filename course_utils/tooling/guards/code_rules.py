"""Rules for the code of a notebook."""

import ast
import symtable

from nbformat import NotebookNode

from course_utils import exercises
from course_utils.tooling.editions import check_call
from course_utils.tooling.guards.finding import Breaches, code_cells, tags, trees

__all__ = ["exercise_cells", "independent_of_answers", "no_warning_filters", "plain_python"]


def plain_python(notebook: NotebookNode) -> Breaches:
    """No magics, shell commands or question marks: nbval passes over an unknown one without a word."""
    for place, cell in code_cells(notebook):
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield place, f"is not plain Python, line {error.lineno}: {(error.text or error.msg).strip()}"


def no_warning_filters(notebook: NotebookNode) -> Breaches:
    """A warning is mended at its cause."""
    for place, _, tree in trees(notebook):
        for node in ast.walk(tree):
            name = node.attr if isinstance(node, ast.Attribute) else ""
            if name in ("filterwarnings", "simplefilter", "catch_warnings"):
                yield place, f"calls {name}"


def exercise_cells(notebook: NotebookNode) -> Breaches:
    """A cell tagged `exercise` ends with its check, and a check stands in such a cell."""
    for place, cell, tree in trees(notebook):
        calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if "exercise" in tags(cell):
            try:
                check_call(cell.source)
            except ValueError as error:
                yield place, str(error)
        elif "exercises.check" in calls:
            yield place, "checks an exercise but has no tag exercise"


def independent_of_answers(notebook: NotebookNode) -> Breaches:
    """No later cell uses a name that an exercise's cell or its solution sets.

    So an open answer breaks nothing, and a given one changes nothing.
    """
    answers: set[str] = set()
    for place, cell, _ in trees(notebook):
        bound, used = _names(cell.source)
        if "exercise" in tags(cell):
            answers |= bound | _bound_by_solution(cell.source)
            continue
        for name in sorted((used & answers) - bound):
            yield place, f"uses {name}, which an exercise sets"
        answers -= bound


def _bound_by_solution(source: str) -> set[str]:
    """The names that the solution of an exercise's cell sets; `exercise_cells` reports a cell without a check."""
    try:
        return _names(exercises.get(check_call(source)[0]).solution.source)[0]
    except (LookupError, ValueError):
        return set()


def _names(source: str) -> tuple[set[str], set[str]]:
    """The names that some code sets in the notebook, and those that it reads from there; a function's own stay out."""
    table = symtable.symtable(source, "cell", "exec")
    bound = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    used = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    inner = list(table.get_children())
    while inner:
        scope = inner.pop()
        inner += scope.get_children()
        used |= {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
    return bound, used
