"""What a notebook's code stands on: the modules of the package that it imports, and fingerprints of both."""

import ast
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from course_utils import paths

__all__ = ["code_fingerprint", "imported_names", "package_files", "package_fingerprint"]

PACKAGE = "course_utils"
# Of a lesson's files: its text is made into the notebook, and of experiments the notebook sees the figures alone.
NOT_READ = ("lesson.py", "recorded_")
PACKAGE_FOLDER = Path(__file__).resolve().parent.parent


@cache  # by the text, not by the path: a file may change while a run goes on
def imported_names(code: str, within: str = "") -> frozenset[str]:
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
    return frozenset(names)


def package_files(code: str) -> list[Path]:
    """The package's own files that some code imports, directly or through one another, sorted."""
    reached: set[Path] = set()
    waiting = list(_files(imported_names(code)))
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            within = ".".join(path.relative_to(PACKAGE_FOLDER.parent).parent.parts)
            text = path.read_text(encoding="utf-8")
            waiting.extend(_files(imported_names(text, within)))
            if path.name == "__init__.py" and "\ndef __getattr__(" in text:  # its parts are imported at their first use
                waiting.extend(path.parent.rglob("*.py"))
    return sorted(reached)


def code_fingerprint(notebook: dict[str, Any]) -> str:
    """A hash of the code cells' text; prose, metadata and outputs leave it as it is."""
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


def package_fingerprint(notebook: dict[str, Any], lesson: Path | None = None) -> str:
    """A hash of what a notebook stands on beside its own cells.

    That is the package code that it imports, without comments and docstrings; in the lesson's own folder everything
    but the text of the notebook: exercises with the code that these import, questions, claims; and the recorded
    figures that either of them names.

    Args:
        notebook: its code cells count.
        lesson: the lesson's folder; None for a notebook that is no lesson.

    Raises:
        SyntaxError: a code cell is not Python.
    """
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    own = _lesson_files(lesson) if lesson else []
    codes = [code, *(path.read_text(encoding="utf-8") for path in own if path.suffix == ".py")]
    known = {file for text in codes for file in package_files(text)}
    parts = [f"{path.relative_to(PACKAGE_FOLDER).as_posix()}\n{_bare_code(path)}" for path in sorted(known)]
    strings = {match[2] for text in codes for match in re.finditer(r"""(["'])(\w+)\1""", text)}
    named = [path for path in sorted(paths.results_folder().glob("*.json")) if path.stem in strings]
    parts += [f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in (*own, *named)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _lesson_files(folder: Path) -> list[Path]:
    """What lies in a lesson's folder for the notebook to read, nothing where there is no folder."""
    return [
        path
        for path in sorted(folder.glob("*"))
        if path.suffix in (".py", ".json") and not path.name.startswith(NOT_READ)
    ]


def _files(names: Iterable[str]) -> set[Path]:
    """The files behind dotted names of the package; names of anything else have none."""
    found = set()
    for name in names:
        parts = name.split(".")
        if parts[0] == PACKAGE:
            place = PACKAGE_FOLDER.joinpath(*parts[1:])
            found.update(path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file())
    return found


def _bare_code(path: Path) -> str:
    return _without_docstrings(path.read_text(encoding="utf-8"))


@cache
def _without_docstrings(code: str) -> str:
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(
            node, clean=False
        ):
            node.body[0] = ast.Pass()
    return ast.unparse(tree)
