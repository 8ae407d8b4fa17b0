"""Call a learner's function: whatever it does, there is a result or one sentence that says what went wrong."""

import copy
from typing import Any

from course_utils.exercises import guard
from course_utils.exercises.bytecode import is_empty
from course_utils.exercises.comparing import kind_of, same_object, shown
from course_utils.exercises.exercise import NotAttempted, Wrong

__all__ = ["Raised", "attempt", "inputs_shown"]


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
    where = inputs_shown(names, inputs)
    guard.trying(where.removeprefix("Input: "))
    try:
        result = function(*copies)
    except RecursionError:
        raise Wrong(f"The function calls itself without an end.\n{where}") from None
    except (Exception, SystemExit) as error:
        if is_empty(function):  # a stub with other arguments than ours is still a stub
            raise NotAttempted from None
        raise Raised(f"The function raised {type(error).__name__}: {_message_of(error)}\n{where}") from None
    if result is ...:
        raise NotAttempted
    if result is None:
        if is_empty(function):
            raise NotAttempted
        raise Wrong(f"The function returned None. Is `return` missing?\n{where}")
    if not same_object(inputs, copies):
        raise Wrong(f"The function changed its input. Make a new value instead of writing into the one given.\n{where}")
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
