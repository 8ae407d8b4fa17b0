"""The parameters of a notebook: which it has, of which type, and whether what was given fits."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from course_utils import profiles
from course_utils.tooling.dependencies import python_of
from course_utils.tooling.pairing import PROFILES
from course_utils.tooling.run_results import RunRefused

__all__ = ["Parameter", "check_parameters", "declared_parameters", "profile_parameters"]

TYPES = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "tuple": tuple, "dict": dict}
UNKNOWN = object()


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell, `name: type = value`.

    Attributes:
        name: what is assigned.
        types: names of the types that it takes, "None" among them where it may be None; empty where they are unknown.
    """

    name: str
    types: tuple[str, ...]


def declared_parameters(notebook: NotebookNode) -> dict[str, Parameter]:
    """The parameters of a notebook, read from the cell tagged `parameters` without running it.

    papermill's own reader passes over lines with two equals signs and annotations with a bar, so the cell is read as
    the Python that it is.

    Raises:
        RunRefused: the cell cannot be parsed.
    """
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if not cells:
        return {}
    try:
        statements = ast.parse(python_of(cells[0].source)).body
    except SyntaxError as error:
        raise RunRefused(f"The cell tagged parameters cannot be parsed: {error.msg}, line {error.lineno}.") from error
    found = {}
    for statement in statements:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = Parameter(statement.target.id, _types_of(statement.annotation))
        elif isinstance(statement, ast.Assign):
            types = _types_of_value(statement.value)
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            found.update({name: Parameter(name, types) for name in names})
    return found


def profile_parameters(notebook: NotebookNode, profile: str) -> dict[str, Any]:
    """What a profile sets in a notebook: nothing in quick, whose values stand in the parameters cell as defaults.

    The values of smoke and full stand in the notebook's metadata.

    Raises:
        RunRefused: the metadata hold another profile, or something else than values by name.
    """
    sets = notebook.metadata.get(PROFILES, {})
    named = [name for name in profiles.NAMES if name != profiles.DEFAULT]
    if not isinstance(sets, dict) or not all(name in named and isinstance(sets[name], dict) for name in sets):
        raise RunRefused(f"{PROFILES} holds values by name under {' and '.join(named)}. Received: {sets!r}.")
    return dict(sets.get(profile, {}))


def check_parameters(given: Mapping[str, Any], declared: Mapping[str, Parameter], name: str) -> dict[str, Any]:
    """Values of the right types for one notebook.

    Args:
        given: values by name; text, as it comes from a command line, is turned into the declared type.
        declared: from `declared_parameters`.
        name: the notebook's, for the message.

    Raises:
        RunRefused: a parameter is unknown, or its value has another type.
    """
    checked = {}
    for key, value in given.items():
        if key not in declared:
            known = ", ".join(declared) or "none"
            raise RunRefused(f"Notebook {name} has no parameter {key!r}. It has: {known}.")
        types = declared[key].types
        fitting = _fit(value, types)
        if fitting is UNKNOWN:
            raise RunRefused(f"Parameter {key} of notebook {name} takes {' or '.join(types)}. Received: {value!r}.")
        checked[key] = fitting
    return checked


def _types_of(annotation: ast.expr) -> tuple[str, ...]:
    """The names of the types in an annotation; () where one of them is not known here."""
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        left, right = _types_of(annotation.left), _types_of(annotation.right)
        return (*left, *right) if left and right else ()
    if isinstance(annotation, ast.Subscript):
        return _types_of(annotation.value)
    if isinstance(annotation, ast.Constant):
        return ("None",) if annotation.value is None else ()
    return (annotation.id,) if isinstance(annotation, ast.Name) and annotation.id in TYPES else ()


def _types_of_value(value: ast.expr) -> tuple[str, ...]:
    try:
        default = ast.literal_eval(value)
    except ValueError:
        return ()
    name = type(default).__name__
    return (name,) if name in TYPES else ()


def _fit(value: Any, types: tuple[str, ...]) -> Any:
    """The value in the type that it has already, else in the first that takes it; UNKNOWN where none does."""
    if not types:
        return _literal(value)
    if isinstance(value, str) and "str" in types:
        read = UNKNOWN if types == ("str",) else _fit(_literal(value), tuple(name for name in types if name != "str"))
        return value if read is UNKNOWN else read
    value = _literal(value)
    if value is None and "None" in types:
        return None
    for name in sorted(types, key=lambda name: TYPES.get(name) is not type(value)):  # its own first, the rest in order
        if name == "float" and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        # A bool is an int to Python, but `epochs=True` is a mistake.
        if name != "None" and isinstance(value, TYPES[name]) and (name == "bool" or not isinstance(value, bool)):
            return value
    return UNKNOWN


def _literal(value: Any) -> Any:
    """Text as the Python value that it spells, `true` and `false` in any case; itself where it spells none."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value
