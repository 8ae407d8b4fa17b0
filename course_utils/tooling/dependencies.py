"""What a notebook's code stands on: the modules of the package that it imports, and fingerprints of both."""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["code_fingerprint", "imported_names", "package_files", "package_fingerprint", "python_of"]

PACKAGE = "course_utils"
PACKAGE_FOLDER = Path(__file__).resolve().parent.parent


def python_of(source: str) -> str:
    """A code cell as Python: a line that is a magic or a shell command becomes `pass`, so that the rest can be read."""
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        lines = source.splitlines()
        return "\n".join(
            line[: len(line) - len(line.lstrip())] + "pass" if line.lstrip().startswith(("%", "!", "?")) else line
            for line in lines
        )


def imported_names(code: str, within: str = "") -> set[str]:
    """Every dotted name that some code imports, anywhere in it, `from a import b` as "a" and "a.b".

    Args:
        code: Python source.
        within: the package in which the code stands, needed for imports that begin with a dot.

    Raises:
        SyntaxError: the code cannot be parsed.
    """
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = within.split(".")[: len(within.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            names.add(module)
            names.update(f"{module}.{alias.name}" for alias in node.names if alias.name != "*")
    return names


def package_files(code: str) -> list[Path]:
    """The package's own files that some code imports, directly or through one another, sorted."""
    reached: set[Path] = set()
    waiting = list(_files(imported_names(code)))
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting.extend(_imports_of(path))
    return sorted(reached)


def code_fingerprint(notebook: dict[str, Any]) -> str:
    """A hash of the code cells' text; prose, metadata and outputs leave it as it is."""
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


def package_fingerprint(notebook: dict[str, Any], folder: Path) -> str:
    """A hash of the package code on which a notebook stands, comments and docstrings apart, and of its lesson's files.

    Args:
        notebook: whose imports are followed.
        folder: the lesson's, with exercises, claims and questions; it need not be there.
    """
    code = "\n".join(python_of("".join(cell["source"])) for cell in notebook["cells"] if cell["cell_type"] == "code")
    parts = [f"{path.relative_to(PACKAGE_FOLDER).as_posix()}\n{_bare_code(path)}" for path in package_files(code)]
    beside = [folder / name for name in ("exercises.py", "claims.py", "quiz.json")]
    parts += [path.read_text(encoding="utf-8") for path in beside if path.is_file()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@cache
def _imports_of(path: Path) -> frozenset[Path]:
    folders = path.parent.relative_to(PACKAGE_FOLDER.parent).parts
    return frozenset(_files(imported_names(path.read_text(encoding="utf-8"), within=".".join(folders))))


def _files(names: Iterable[str]) -> set[Path]:
    """The files behind dotted names of the package; names of anything else have none."""
    found = set()
    for name in names:
        parts = name.split(".")
        if parts[0] == PACKAGE:
            place = PACKAGE_FOLDER.joinpath(*parts[1:])
            found.update(path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file())
    return found


@cache
def _bare_code(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            node.body[0] = ast.Pass()
    return ast.unparse(tree)
