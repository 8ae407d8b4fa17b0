"""What storing asks of the kernel that runs a lesson: values that the prose quotes, names that change their kind."""

import json
from collections.abc import Sequence
from typing import Any

from IPython import get_ipython

__all__ = ["report", "start"]

_kinds: dict[str, str] = {}
_changes: list[str] = []


def start() -> None:
    """Look at the notebook's names after each cell, from now on."""
    shell = get_ipython()
    own = set(shell.user_ns)

    def look(_result: object) -> None:
        for name, value in list(shell.user_ns.items()):
            kind = _kind(value)
            if name.startswith("_") or name in own or kind is None:
                continue
            before = _kinds.setdefault(name, kind)
            if before != kind:
                _changes.append(f"{name} was {before} and becomes {kind}")
                _kinds[name] = kind

    shell.events.register("post_run_cell", look)


def report(quoted: Sequence[str]) -> None:
    """Print as JSON what is known at the end: {"values": {place: text}, "errors": {place: error}, "changes": [...]}.

    Args:
        quoted: places of the prose, an expression with an optional format, "accuracy:.0%".
    """
    namespace = get_ipython().user_ns
    values, errors = {}, {}
    for place in quoted:
        try:
            values[place] = eval(f"f'''{{{place}}}'''", namespace)
        except Exception as error:  # whatever the author's expression does
            errors[place] = f"{type(error).__name__}: {error}"
    print(json.dumps({"values": values, "errors": errors, "changes": _changes}))


def _kind(value: Any) -> str | None:
    """A word for what a value is; None where it says nothing yet: None and the dots of an open answer."""
    if value is None or value is ...:
        return None
    kind = type(value)
    if kind in (int, float) or (kind.__module__ == "numpy" and getattr(value, "ndim", 1) == 0):
        return "a number"
    if callable(value) and kind.__name__ in ("function", "builtin_function_or_method", "type", "method"):
        return "a function"
    return f"a {kind.__name__}"
