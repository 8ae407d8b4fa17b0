"""Checks for what was computed by hand: a table of numbers, or a dictionary of numbers and lists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.comparing import as_number, kind_of, shown
from course_utils.exercises.exercise import Wrong

__all__ = ["numbers_are", "table_is"]


def _rows(answer: Any) -> list[list[float]]:
    """A table of numbers given as a list of lists or as an array."""
    if isinstance(answer, np.ndarray) and answer.ndim == 2:
        answer = answer.tolist()
    if type(answer) not in (list, tuple) or not all(type(row) in (list, tuple) for row in answer):
        raise Wrong(f"Expected a list of rows, such as [[1, 2, 3], [4, 5, 6]]. Received: {kind_of(answer)}.")
    return [[_number(value) for value in row] for row in answer]


def _number(value: Any) -> float:
    number = as_number(value)
    if isinstance(number, str):
        raise Wrong(number)
    return float(number)


def table_is(right: list[list[int]], mistakes: Sequence[tuple[list[list[int]], str]]) -> Callable[[Any], None]:
    """A check for a small table that was computed by hand."""

    def check(answer: Any) -> None:
        rows = _rows(answer)
        if rows == right:
            return
        for mistake, message in mistakes:
            if rows == mistake:
                raise Wrong(message)
        shape, received = (len(right), len(right[0])), [len(row) for row in rows]
        if received != [shape[1]] * shape[0]:
            raise Wrong(f"Expected {shape[0]} rows of {shape[1]} numbers. Received: rows of {received}.")
        place = next((i, j) for i, row in enumerate(right) for j, value in enumerate(row) if rows[i][j] != value)
        raise Wrong(f"Row {place[0]}, column {place[1]} (from 0) is another number. Received: {shown(answer)}.")

    return check


def numbers_are(
    right: Mapping[str, float | list[float]], mistakes: Sequence[tuple[str, float | list[float], str]]
) -> Callable[[Any], None]:
    """A check for a dictionary of numbers, or of lists of numbers; mistakes are (key, wrong value, what to say)."""

    def check(answer: Any) -> None:
        if type(answer) is not dict or set(answer) != set(right):
            raise Wrong(f"Expected a dictionary with the keys {list(right)}. Received: {kind_of(answer)}.")
        for key, value in right.items():
            received = _value(answer[key], key, isinstance(value, list))
            for other, mistake, message in mistakes:
                if other == key and received == mistake:
                    raise Wrong(f'"{key}": {message}')
            if received != value:
                raise Wrong(
                    f'"{key}" is another number.' if not isinstance(value, list) else _place(key, received, value)
                )

    return check


def _value(value: Any, key: str, is_list: bool) -> float | list[float]:
    if not is_list:
        return _number(value)
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = value.tolist()
    if type(value) not in (list, tuple) or any(item is ... for item in value):
        raise Wrong(f'"{key}": expected a list of numbers. Received: {kind_of(value)}.')
    return [_number(item) for item in value]


def _place(key: str, received: list[float], right: list[float]) -> str:
    if len(received) != len(right):
        return f'"{key}": expected {len(right)} numbers. Received: {len(received)}.'
    place = next(i for i, value in enumerate(right) if received[i] != value)
    return f'"{key}": value {place} (from 0) is another number. Received: {shown(received)}.'
