"""Rules for the code of a notebook."""

import ast
import symtable

from nbformat import NotebookNode

from course_utils.tooling.dependencies import imported_names, python_of
from course_utils.tooling.editions import check_call, solution_of
from course_utils.tooling.guards.finding import Finding, code_cells, tags, trees

__all__ = [
    "exercise_cells",
    "independent_of_answers",
    "known_magics",
    "no_floor_5",
    "no_installs",
    "no_star_imports",
    "no_warning_filters",
    "parses",
]

# Nothing else is needed to learn, and nbval passes over a cell with an unknown magic without a word.
KNOWN_MAGICS = ("%timeit", "%%timeit", "%time", "%%time")


def known_magics(notebook: NotebookNode) -> list[Finding]:
    """Only the few magics that the course uses; no shell commands and no question marks."""
    findings = []
    for place, cell in code_cells(notebook):
        if python_of(cell.source) == cell.source:
            continue  # plain Python: a line that begins with % is part of an expression
        for line in cell.source.splitlines():
            word = line.split(maxsplit=1)[0] if line.strip() else ""
            if word.startswith(("%", "!", "?")) and word not in KNOWN_MAGICS:
                known = ", ".join(KNOWN_MAGICS)
                findings.append(Finding("known_magics", place, f"{word} is not one of {known}"))
    return findings


def parses(notebook: NotebookNode) -> list[Finding]:
    """Every code cell is Python, apart from magics."""
    findings = []
    for place, cell in code_cells(notebook):
        try:
            ast.parse(python_of(cell.source))
        except SyntaxError as error:
            findings.append(Finding("parses", place, f"{error.msg} in line {error.lineno}"))
    return findings


def no_floor_5(notebook: NotebookNode) -> list[Finding]:
    """A notebook imports nothing from the authors' tooling."""
    return [
        Finding("no_floor_5", place, f"imports {name}, which is the authors' tooling")
        for place, cell, _ in trees(notebook)
        for name in sorted(imported_names(python_of(cell.source)))
        if name == "course_utils.tooling" or name.startswith(("course_utils.tooling.", "course_utils.__main__"))
    ]


def no_star_imports(notebook: NotebookNode) -> list[Finding]:
    """Where a name comes from is visible at the call."""
    return [
        Finding("no_star_imports", place, f"imports everything from {node.module}")
        for place, _, tree in trees(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]


def no_installs(notebook: NotebookNode) -> list[Finding]:
    """What a notebook needs is in requirements.txt."""
    return [
        Finding("no_installs", place, f"holds {words!r}; name the package in pyproject.toml")
        for place, cell in code_cells(notebook)
        for words in ("pip install", "conda install")
        if words in cell.source
    ]


def no_warning_filters(notebook: NotebookNode) -> list[Finding]:
    """A warning is mended at its cause."""
    filters = ("filterwarnings", "simplefilter", "catch_warnings")
    return [
        Finding("no_warning_filters", place, f"calls {node.attr}")
        for place, _, tree in trees(notebook)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in filters
    ]


def exercise_cells(notebook: NotebookNode) -> list[Finding]:
    """A cell tagged `exercise` ends with its check, and a check stands in such a cell."""
    findings = []
    for place, cell, tree in trees(notebook):
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        checks = [node for node in calls if ast.unparse(node.func) == "exercises.check"]
        if "exercise" in tags(cell):
            try:
                check_call(cell.source)
            except ValueError as error:
                findings.append(Finding("exercise_cells", place, str(error)))
        elif checks:
            findings.append(Finding("exercise_cells", place, "checks an exercise but has no tag exercise"))
    return findings


def independent_of_answers(notebook: NotebookNode) -> list[Finding]:
    """No later cell uses a name that an exercise's cell or its solution sets.

    So an open answer breaks nothing, and a given one changes nothing.
    """
    findings: list[Finding] = []
    answers: set[str] = set()
    for place, cell, _ in trees(notebook):
        bound, used = _names(python_of(cell.source))
        if "exercise" in tags(cell):
            answers |= bound | _bound_by_solution(cell.source)
            continue
        findings += [
            Finding("independent_of_answers", place, f"uses {name}, which an exercise sets")
            for name in sorted((used & answers) - bound)
        ]
        answers -= bound
    return findings


def _bound_by_solution(source: str) -> set[str]:
    """The names that the solution of an exercise's cell sets; `exercise_cells` reports a cell without a check."""
    try:
        return _names(solution_of(check_call(source)[0]))[0]
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
