"""What a learner's function does, read from its code without calling it."""

import dis
import inspect
import types
from typing import Any

__all__ = ["is_empty", "reads_variables", "unused_argument"]

# What is left of a body without statements, in Python 3.11 to 3.13.
DOING_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS"}


def unused_argument(function: Any) -> str | None:
    """The first argument that a function's code never reads; None where it reads all, or has no code to look at."""
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    steps = [step for step in dis.get_instructions(code) if step.opname.startswith("LOAD")]
    read = {name for step in steps for name in (step.argval if isinstance(step.argval, tuple) else (step.argval,))}
    return next((name for name in code.co_varnames[: code.co_argcount] if name not in read), None)


def reads_variables(function: types.FunctionType) -> bool:
    """Whether a function reads a variable from outside that is neither a module nor something to call."""
    read = inspect.getclosurevars(function)
    values = [*read.nonlocals.values(), *read.globals.values()]
    return any(not callable(value) and not isinstance(value, types.ModuleType) for value in values)


def is_empty(function: Any) -> bool:
    """Whether a function's body is `...`, `pass` or a docstring: it does nothing but return None or `...`."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    returned = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return all(step.opname in DOING_NOTHING for step in steps) and all(value in (None, ...) for value in returned)
