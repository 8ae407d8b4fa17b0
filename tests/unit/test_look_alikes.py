"""What looks like a right answer and is none: one table of look-alikes, made from the right answer of every exercise.

A learner who leaves an argument aside, who gives one result for everything, or who is right on one example only,
gets through a check that does not try enough inputs. So does a value that is nearly right.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from course_utils import exercises
from course_utils.exercises import judge

# Two open questions, which any words pass; and a pipeline of tf.data, which no change below fits: its check runs it,
# and its wrong answers try the rest.
WITHOUT = {"read the learning curves", "twenty beautiful shoes", "mend a pipeline"}
EVERY = [exercise for exercise in exercises.all_exercises() if exercise.title not in WITHOUT]
# Drawn at random: any order of the same pairs is right as well.
ANY_ORDER = {"shuffle together", "who trains", "your own part"}

every_exercise = pytest.mark.parametrize("exercise", EVERY, ids=lambda exercise: exercise.id)


def is_function(answer: Any) -> bool:
    return callable(answer) and not isinstance(answer, type) and hasattr(answer, "__code__")


def as_numpy(result: Any) -> Any:
    tensor = hasattr(type(result), "__array__") and not isinstance(result, np.generic)
    return np.asarray(result) if tensor else result


def calls_of(exercise: Any) -> list[tuple[tuple, Any]]:
    """What the check calls the solution with, and what the solution gives."""
    function, calls = exercise.solution.make(), []

    def remembering(*inputs: Any) -> Any:
        calls.append((copy.deepcopy(inputs), as_numpy(function(*inputs))))
        return calls[-1][1]

    assert judge(exercise, remembering).status == "correct"
    return calls


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def one_off(value: Any) -> Any:
    """The last number a thousandth off, the last whole number one off: far beyond what float32 loses."""
    if is_number(value):
        return value + 1 if float(value).is_integer() else value * 1.001
    if isinstance(value, np.ndarray):
        near = value.copy()
        place = (-1,) * near.ndim
        near[place] = near[place] + 1 if near.dtype.kind in "iu" else near[place] + max(1, abs(near[place])) / 1000
        return near
    if isinstance(value, (list, tuple)):
        return type(value)([*value[:-1], one_off(value[-1])])
    return f"{value}s"


def same(one: Any, other: Any) -> bool:
    if isinstance(one, (list, tuple)):
        return isinstance(other, (list, tuple)) and len(one) == len(other) and all(map(same, one, other))
    return np.shape(one) == np.shape(other) and bool(np.all(np.asarray(one) == np.asarray(other)))


def each_part(change: Callable[[np.ndarray], Any]) -> Callable[[Any], Any]:
    """A change of arrays, made to every array of a result; other parts stay."""

    def changed(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return change(value)
        return type(value)(map(changed, value)) if isinstance(value, (list, tuple)) else value

    return changed


CHANGED_RESULTS: dict[str, Callable[[Any], Any]] = {
    "one value off": one_off,
    "zeros": each_part(np.zeros_like),
    "ones": each_part(np.ones_like),
    "reversed": each_part(lambda values: values[::-1]),
    "sorted": each_part(lambda values: np.sort(values, axis=None).reshape(values.shape)),
    "as long as the right one": each_part(lambda values: np.arange(values.size).reshape(values.shape)),
    "the mean everywhere": each_part(lambda values: np.full_like(values, values.mean())),
    "rounded": each_part(np.round),
    "one axis more": each_part(lambda values: values[np.newaxis]),
    "nested": lambda value: [value],
}


def functions_like(exercise: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    right, calls = exercise.solution.make(), calls_of(exercise)
    (first, result), *_ = calls
    yield "one result for everything", lambda *_: result
    seen = []

    def right_once(*inputs: Any) -> Any:
        seen.append(inputs)
        return right(*inputs) if len(seen) % len(calls) == 1 else result

    if len(calls) > 1:
        yield "right on the first input only", right_once
    for place in range(len(first)):

        def leaves_aside(*inputs: Any, place: int = place) -> Any:
            return right(*inputs[:place], copy.deepcopy(first[place]), *inputs[place + 1 :])

        yield f"leaves argument {place} aside", leaves_aside
    for name, change in CHANGED_RESULTS.items():
        changed = [change(result) for _, result in calls if isinstance(result, (np.ndarray, list, tuple, int, float))]
        if changed and not all(map(same, changed, [result for _, result in calls])):
            yield name, lambda *inputs, change=change: change(as_numpy(right(*inputs)))


def values_like(answer: Any) -> Iterator[tuple[str, Any]]:
    if is_number(answer):
        others = {"negative": -answer, "in per cent": 100 * answer, "ten times": 10 * answer, "ten more": answer + 10}
        yield from ((name, other) for name, other in others.items() if other != answer)
        yield "as text", str(answer)
        yield "in a list", [answer]
    elif isinstance(answer, str):
        yield "another word", f"not {answer}"
    elif isinstance(answer, np.ndarray):
        for name, change in CHANGED_RESULTS.items():
            if not same(change(answer), answer):
                yield name, change(answer)
    elif isinstance(answer, (list, tuple)):
        if not same(answer, answer[::-1]):
            yield "the other way round", answer[::-1]
        yield "one too few", answer[:-1]
        yield "one too many", type(answer)([*answer, answer[0]])
        for place, part in enumerate(answer):
            for name, other in values_like(part):
                yield f"value {place} {name}", type(answer)([*answer[:place], other, *answer[place + 1 :]])
    elif isinstance(answer, dict):
        for key, value in answer.items():
            yield f"without {key}", {other: answer[other] for other in answer if other != key}
            for other in answer.values():
                if not same(value, other):
                    yield f"{key} as {other}", answer | {key: other}
            for name, other in values_like(value):
                yield f"{key} {name}", answer | {key: other}


@every_exercise
def test_what_only_looks_right_is_wrong(exercise):
    answer = exercise.solution.make()
    accepted = []
    for name, like in functions_like(exercise) if is_function(answer) else values_like(answer):
        if exercise.title in ANY_ORDER and name in ("reversed", "sorted"):
            continue
        if judge(exercise, like).status != "wrong":
            accepted.append(name)
    assert accepted == []
