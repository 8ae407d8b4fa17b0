"""A learner's function: called, with a result or one sentence on what went wrong, whatever it does; or read unrun."""

import copy
import dis
import inspect
import types
from typing import Any

from course_utils.exercises import guard
from course_utils.exercises.comparing import kind_of, same_object, shown
from course_utils.exercises.exercise import NotAttempted, Wrong

__all__ = ["Raised", "attempt", "inputs_shown", "is_empty", "reads_variables", "unused_argument"]

# What is left of a body without statements, in Python 3.11 to 3.13.
DOING_NOTHING = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "COPY_FREE_VARS"}


class Raised(Wrong):
    """The answer is a function that raised an error of its own."""


def attempt(function: Any, *inputs: Any, names: tuple[str, ...] = ()) -> Any:
    """Call a learner's function on copies of the inputs.

    Returns:
        What it returned.

    Raises:
        Wrong: it is no function, raised an error, changed its input, or returned nothing although it has a body.
        NotAttempted: its body is `...`, or it returned `...`.
    """
    if not callable(function) or isinstance(function, type):
        raise Wrong(f"Expected a function. Received: {kind_of(function)}.")
    copies = copy.deepcopy(inputs)
    where = f"\n{inputs_shown(names, inputs)}" if inputs else ""
    guard.trying(where.removeprefix("\nInput: "))
    try:
        result = function(*copies)
    except RecursionError:
        raise Wrong(f"The function calls itself without an end.{where}") from None
    except (Exception, SystemExit) as error:
        if is_empty(function):  # a stub with other arguments than ours is still a stub
            raise NotAttempted from None
        raise Raised(f"The function raised {type(error).__name__}: {_message_of(error)}{where}") from None
    if result is ...:
        raise NotAttempted
    if result is None:
        if is_empty(function):
            raise NotAttempted
        raise Wrong(f"The function returned None. Is `return` missing?{where}")
    if not same_object(inputs, copies):
        raise Wrong(f"The function changed its input. Make a new value instead of writing into the one given.{where}")
    return result


def inputs_shown(names: tuple[str, ...], inputs: tuple[Any, ...]) -> str:
    """The inputs of a call with their names, in one line."""
    names = names or tuple(f"argument {place}" for place in range(1, len(inputs) + 1))
    return "Input: " + "; ".join(f"{name} = {shown(value)}" for name, value in zip(names, inputs, strict=False))


def _message_of(error: BaseException) -> str:
    try:
        message = str(error)[:300] or "(no message)"
        return message + "\nTwo shapes differ. Print both of them." * ("could not be broadcast" in message)
    except Exception:
        return "(its message cannot be shown)"


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
