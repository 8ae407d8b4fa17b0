"""What an exercise is, what the verdicts are, and how an answer is judged."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from course_utils.exercises import guard

__all__ = [
    "CannotBeChecked",
    "Check",
    "Exercise",
    "NotAttempted",
    "Solution",
    "Verdict",
    "Wrong",
    "computed",
    "judge",
    "written",
]


class Wrong(Exception):
    """Raised by a check: what was expected on which input, and what came."""


class NotAttempted(Exception):
    """Raised by a check: the placeholder is still there."""


class CannotBeChecked(Exception):
    """Raised by a check of an open question; the message is the model answer."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of a check, apart from how it is shown.

    Attributes:
        status: "correct", "wrong", "not attempted" or "cannot be checked".
        message: what was expected and what came; the model answer of an open question; what is still to be filled in;
            else "".
        printed: what the answer printed while it was tried.
    """

    status: str
    message: str = ""
    printed: str = ""


@dataclass(frozen=True)
class Check:
    """What is done with an answer, together with the wrong answers for which it has words of their own.

    Attributes:
        examine: takes the answer; returns nothing, or raises Wrong, NotAttempted or CannotBeChecked.
        mistakes: pairs of a wrong answer and what it is told.
    """

    examine: Callable[[Any], None]
    mistakes: tuple[tuple[Any, str], ...] = ()

    def __call__(self, answer: Any) -> None:
        self.examine(answer)


@dataclass(frozen=True)
class Solution:
    """Code that solves an exercise.

    Attributes:
        source: what stands in the cell above the check call.
        name: the variable or function that is handed to the check.
        make: gives the answer itself.
    """

    source: str
    name: str
    make: Callable[[], Any]


@dataclass(frozen=True)
class Exercise:
    """One exercise of the course.

    Attributes:
        id: lesson and number, "04.2".
        title: a few words.
        stub: what stands in the learner's cell above the check call.
        check: takes the answer; see `Check`. A plain function will do where it has no list of mistakes.
        hints: from a nudge to nearly the answer; two at least.
        solution: see `Solution`.
        right: other answers that are right.
        wrong: pairs of a wrong answer and a part of the message that it must get; none that the check states itself.
        seconds: the time limit for trying an answer.
        needs_keras: whether Keras is imported before the clock starts.
    """

    id: str
    title: str
    stub: str
    check: Callable[[Any], None]
    hints: tuple[str, ...]
    solution: Solution
    right: tuple[Any, ...] = ()
    wrong: tuple[tuple[Any, str], ...] = ()
    seconds: float | None = None
    needs_keras: bool = False


def written(function: Callable[..., Any]) -> Solution:
    """A solution whose answer is a function: the cell holds its definition, without type hints and imports."""
    lines, node = _parsed(function)
    # The notebook has its imports at the top; here they stand inside so that the module loads without them.
    first = next(part for part in node.body if not isinstance(part, (ast.Import, ast.ImportFrom)))
    head = f"def {node.name}({', '.join(argument.arg for argument in node.args.args)}):"
    source = "\n".join([head, *lines[first.lineno - 1 :]]).rstrip()
    return Solution(source, function.__name__, lambda: function)


def computed(function: Callable[[], Any]) -> Solution:
    """A solution whose answer is a value: the cell holds the function's body, without imports and `return name`.

    Raises:
        ValueError: the body does not end with `return name`.
    """
    lines, node = _parsed(function)
    last = node.body[-1]
    if not (isinstance(last, ast.Return) and isinstance(last.value, ast.Name)):
        raise ValueError(f"A computed solution ends with `return name`. Received: {function.__name__}.")
    first = next(part for part in node.body if not isinstance(part, (ast.Import, ast.ImportFrom)))
    code = lines[first.lineno - 1 : last.lineno - 1]
    return Solution(textwrap.dedent("\n".join(code)).rstrip(), last.value.id, function)


def matched(name: str, right: Mapping[str, str]) -> dict[str, Any]:
    """Stub and solution of an exercise that asks for one option for each key, as `Exercise(**matched(...))`.

    Args:
        name: of the dictionary in the cell.
        right: the right option for each key.
    """

    def cell(values: Iterable[str]) -> str:
        rows = (f'    "{key}": {value},' for key, value in zip(right, values, strict=True))
        return "\n".join([f"{name} = {{", *rows, "}"])

    solution = Solution(cell(f'"{value}"' for value in right.values()), name, lambda: dict(right))
    return {"stub": cell(["..."] * len(right)), "solution": solution}


def _parsed(function: Callable[..., Any]) -> tuple[list[str], ast.FunctionDef]:
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    node = ast.parse("\n".join(lines)).body[0]
    if not isinstance(node, ast.FunctionDef):
        raise ValueError(f"A solution is a function written with def. Received: {function!r}.")
    return lines, node


def judge(exercise: Exercise, answer: object) -> Verdict:
    """Try an answer and say what it is worth; nothing that the answer does gets through as an error.

    Args:
        exercise: what was asked.
        answer: anything at all.
    """
    if _holds_placeholder(answer):
        return Verdict("not attempted", _still_to_do(answer))
    if exercise.needs_keras:
        import keras  # noqa: F401 - outside the time limit: the first import takes seconds

    outcome = guard.run(lambda: exercise.check(answer), exercise.seconds)
    status, message = _judgement(outcome, exercise.seconds or guard.SECONDS)
    return Verdict(status, message, outcome.printed.strip())


def _judgement(outcome: guard.Outcome, limit: float) -> tuple[str, str]:
    error = outcome.error
    if outcome.timed_out:
        where = f"\nInput: {outcome.trying}" if outcome.trying else ""
        if not outcome.still_running and not isinstance(error, guard.TimeIsUp):  # it came to an end by itself, late
            return "wrong", f"It took {outcome.seconds:.1f} s; the limit is {limit:g} s. Is there a shorter way?{where}"
        stuck = " It could not be stopped: restart the kernel before you go on." if outcome.still_running else ""
        return "wrong", f"It was still running after {limit:g} seconds. Does a loop never end?{stuck}{where}"
    if error is None:
        return "correct", ""
    if isinstance(error, NotAttempted):
        return "not attempted", ""
    if isinstance(error, CannotBeChecked):
        return "cannot be checked", str(error)
    if isinstance(error, Wrong):
        return "wrong", str(error)
    # An object that raises when it is looked at: its own fault, so a verdict and no traceback.
    return "wrong", f"The answer could not be examined: looking at it raised {type(error).__name__}."


def _still_to_do(answer: object) -> str:
    """The keys of a dictionary that still hold `...`, where others are filled in already; else ""."""
    if not isinstance(answer, dict):
        return ""
    left = [f'"{key}"' for key, value in dict.items(answer) if value is ... and type(key) is str]
    return f"Still to fill in: {', '.join(left)}." if len(left) < len(answer) else ""


def _holds_placeholder(answer: object) -> bool:
    """Whether the answer is `...`, or a plain container in which `...` is left."""
    if isinstance(answer, dict):
        return any(value is ... for value in dict.values(answer))
    if type(answer) in (list, tuple):
        return any(value is ... for value in answer)
    return answer is ...
