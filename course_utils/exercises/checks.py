"""Checks to build exercises from: each one takes an answer, and returns or raises a verdict."""

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.calling import Raised, attempt, inputs_shown, reads_variables, unused_argument
from course_utils.exercises.comparing import (
    FLOAT32,
    as_array,
    as_number,
    difference,
    kind_of,
    plain,
    shown,
    under_keys,
)
from course_utils.exercises.exercise import CannotBeChecked, Check, Wrong

__all__ = [
    "array_is",
    "choice_is",
    "function_matches",
    "keras_model_satisfies",
    "matching_is",
    "number_is",
    "open_question",
]

LEAST_WORDS = 12  # of an answer in the learner's own words


def number_is(
    value: float, tolerance: float = FLOAT32, *, mistakes: Mapping[float, str] | None = None, otherwise: str = ""
) -> Check:
    """A check for a number.

    Args:
        value: the right one.
        tolerance: how far an answer may lie from it; what float32 loses is allowed in any case.
        mistakes: wrong numbers that people arrive at, each with what to say.
        otherwise: what to say of any other, where "too small" and "too large" would lead to the right one by halving.
    """

    known = dict(mistakes or {})

    def agrees(number: float, other: float) -> bool:
        return abs(number - other) <= max(tolerance, FLOAT32 * abs(other))

    def check(answer: Any) -> None:
        number = as_number(answer)
        if isinstance(number, str):
            raise Wrong(number)
        if agrees(number, value):
            return
        for mistake, message in known.items():
            if agrees(number, mistake):
                raise Wrong(f"{message}\nReceived: {shown(number)}.")
        size = f"That is too {'small' if number < value else 'large'}."
        raise Wrong(f"{otherwise or size}\nReceived: {shown(number)}.")

    return Check(check, tuple(known.items()))


def array_is(
    expected: np.ndarray,
    tolerance: float = FLOAT32,
    *,
    mistakes: Sequence[tuple[np.ndarray | float, str]] = (),
    otherwise: str | None = None,
) -> Check:
    """A check for an array.

    Args:
        expected: the right one.
        tolerance: how far numbers may lie apart.
        mistakes: pairs of a wrong array, or a number that came in its place, and what to say.
        otherwise: what to say of any other wrong numbers; with it the right ones are not shown.
    """

    def check(answer: Any) -> None:
        problem = difference(expected, answer, tolerance=tolerance)
        if problem is None:
            return
        received = as_array(answer)
        hidden = otherwise is not None and isinstance(received, np.ndarray) and received.shape == expected.shape
        shows = f"Received: {shown(received)}" if hidden else problem
        for mistake, message in mistakes:
            if difference(mistake, answer, tolerance=tolerance) is None:
                raise Wrong(f"{message}\n{shows}")
        raise Wrong(f"{otherwise}\n{shows}" if hidden else problem)

    return Check(check, tuple(mistakes))


def choice_is(right: Any, *, feedback: Mapping[Any, str], form: str = "one of the options") -> Check:
    """A check for one of several options.

    Args:
        right: the right option: a text, or a tuple of texts.
        feedback: for each wrong option what to say.
        form: what an answer looks like, for answers that are no option at all.
    """
    options = [right, *feedback]

    def check(answer: Any) -> None:
        if difference(right, answer, tolerance=0) is None:
            return
        for option in options[1:]:
            if difference(option, answer, tolerance=0) is None:
                raise Wrong(feedback[option])
        listed = "" if form != "one of the options" else f": {', '.join(shown(o) for o in sorted(options))}"
        raise Wrong(f"Expected {form}{listed}. Received: {shown(answer)}.")

    return Check(check, tuple(feedback.items()))


def matching_is(right: Mapping[str, str], *, options: Sequence[str], feedback: Mapping[tuple[str, str], str]) -> Check:
    """A check for a dictionary that gives each key one of the options.

    Args:
        right: the right option for each key.
        options: what the values may be.
        feedback: what to say for a key with a wrong option.
    """

    def check(answer: Any) -> None:
        if not isinstance(answer, dict):
            raise Wrong(f"Expected a dictionary with the keys of the cell. Received: {kind_of(answer)}.")
        values = under_keys(answer, right)
        if values is None:
            raise Wrong(f"Expected the keys of the cell. {_other_keys(answer, right)}")
        for key, value in right.items():
            given = next((option for option in options if difference(option, values[key], tolerance=0) is None), None)
            if given is None:
                raise Wrong(f'For "{key}": expected one of {list(options)}. Received: {shown(values[key])}.')
            if given != value:
                said = feedback.get((key, given), "another option fits.")
                raise Wrong(f'For "{key}": {said}\nReceived: "{given}".')

    others = tuple((dict(right) | {key: option}, message) for (key, option), message in feedback.items())
    return Check(check, others)


def function_matches(
    reference: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    *,
    tolerance: float = FLOAT32,
    dtype: str | None = None,
    also: Sequence[Callable[..., Any]] = (),
    mistakes: Sequence[tuple[Callable[..., Any], str]] = (),
) -> Check:
    """A check for a function: it has to give what the reference gives, on every case.

    One that raises an error on arrays of one axis, and is right on the same numbers in lists, passes as well: an
    example that shows lists promises that `.count` is there.

    Args:
        reference: the right function. The names of its arguments are used in the messages.
        cases: tuples of positional arguments. Small and asymmetric, so that no wrong function agrees by chance.
        tolerance: how far numbers may lie apart.
        dtype: required of arrays.
        also: other functions whose results count as right, such as a library's own with another rounding.
        mistakes: pairs of a wrong function and what to say to an answer that agrees with it on all cases.
    """

    names = tuple(inspect.signature(reference).parameters)

    def right_on_lists(answer: Any) -> bool:
        for inputs in cases:
            given = [value.tolist() if isinstance(value, np.ndarray) else value for value in inputs]
            try:
                result = attempt(answer, *given, names=names)
            except Wrong:
                return False
            if difference(reference(*inputs), result, tolerance=tolerance):
                return False
        return True

    def check(answer: Any) -> None:
        received: list[Any] = []
        problem = ""
        for inputs in cases:
            try:
                result = attempt(answer, *inputs, names=names)
            except Raised:
                if dtype is None and _of_one_axis(cases) and right_on_lists(answer):
                    return
                raise
            received.append(result)
            found = difference(reference(*inputs), result, tolerance=tolerance, dtype=dtype)
            if found and not problem:
                problem = f"{found}\n{inputs_shown(names, inputs)}"
        if not problem or any(_agrees(one, cases, received, tolerance, dtype is not None) for one in also):
            return
        for mistake, message in mistakes:
            if _agrees(mistake, cases, received, tolerance, dtype is not None):
                raise Wrong(f"{message}\n{problem}")
        raise Wrong(f"{_unused(answer)}{problem}")

    return Check(check, tuple(mistakes))


def keras_model_satisfies(*requirements: Callable[..., None], cases: Sequence[tuple[Any, ...]]) -> Check:
    """A check for a function that builds a Keras model.

    Args:
        *requirements: each takes the model and what it was built with, and raises Wrong where it does not satisfy.
        cases: tuples of positional arguments; a model is built with each, so that no argument can be left aside.
    """

    def check(answer: Any) -> None:
        import keras

        if isinstance(answer, keras.Model):
            raise Wrong("That is a model. Give the function that builds it, its name without brackets.")
        for arguments in cases:
            model = attempt(answer, *arguments)
            if not isinstance(model, keras.Model):
                raise Wrong(f"Expected a Keras model. Received: {kind_of(model)}.")
            for requirement in requirements:
                requirement(model, *arguments)

    return Check(check)


def open_question(model_answer: str) -> Check:
    """A check for an answer in the learner's own words: it asks for a few words, then shows a model answer."""

    def check(answer: Any) -> None:
        answer = plain(answer)
        if type(answer) is not str:
            raise Wrong(f"Expected a text between quotation marks. Received: {kind_of(answer)}.")
        words = len(answer.split())
        if not words:
            raise Wrong("The text is empty. Write down what you think before you look at a model answer.")
        if words < LEAST_WORDS:
            raise Wrong(f"Expected a few sentences, at least {LEAST_WORDS} words. Received: {words}.")
        raise CannotBeChecked(model_answer)

    return Check(check)


def _unused(answer: Any) -> str:
    """A line about an argument that is never read; "" where all are."""
    unused = unused_argument(answer)
    instead = " Does it read a variable of the notebook instead?" if unused and reads_variables(answer) else ""
    return f"It never uses its argument `{unused}`.{instead}\n" if unused else ""


def _other_keys(answer: dict, right: Mapping[str, str]) -> str:
    """Which keys are missing, and which came in their place."""
    given = list(dict.keys(answer))
    missing = [f'"{key}"' for key in right if all(difference(key, one, tolerance=0) for one in given)]
    strange = [shown(one) for one in given if all(difference(key, one, tolerance=0) for key in right)]
    if not missing and not strange:
        return "One of them stands there twice."
    told = [f"Missing: {', '.join(missing)}."] if missing else []
    return " ".join([*told, f"Not among them: {', '.join(strange)}."] if strange else told)


def _of_one_axis(cases: Sequence[tuple[Any, ...]]) -> bool:
    """Whether there are arrays among the inputs, all of one axis: those that a list can stand for."""
    arrays = [value for inputs in cases for value in inputs if isinstance(value, np.ndarray)]
    return bool(arrays) and all(array.ndim == 1 for array in arrays)


def _agrees(mistake: Callable[..., Any], cases: Sequence[tuple], received: list, tolerance: float, typed: bool) -> bool:
    """Whether all that came is what a known mistake gives."""
    for inputs, result in zip(cases, received, strict=True):
        wrong = _finite(mistake(*copy.deepcopy(inputs)))
        dtype = str(wrong.dtype) if typed and isinstance(wrong, np.ndarray) else None
        if difference(wrong, _finite(result), tolerance=tolerance, dtype=dtype) is not None:
            return False
    return True


def _finite(value: Any) -> Any:
    """Floats with large numbers for nan and infinity: else a mistake that gives these would agree with nothing."""
    if type(value) in (float, np.float32, np.float64, np.ndarray) and np.asarray(value).dtype.kind == "f":
        return np.nan_to_num(value, nan=1e30, posinf=2e30, neginf=-2e30)
    return value
