"""Checks for what was computed by hand: a table of numbers, or a dictionary of numbers and lists."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.comparing import (
    FLOAT32,
    as_number,
    as_sequence,
    difference,
    kind_of,
    plain,
    shown,
    under_keys,
)
from course_utils.exercises.exercise import Check, Wrong

__all__ = ["numbers_are", "table_is"]


def _rows(answer: Any) -> list[list[float]]:
    """A table of numbers given as a list of lists or as an array."""
    rows = [as_sequence(row) for row in as_sequence(answer) or [answer]]
    if any(row is None for row in rows):
        raise Wrong(f"Expected a list of rows, such as [[1, 2, 3], [4, 5, 6]]. Received: {kind_of(answer)}.")
    return [[_number(value) for value in row] for row in rows if row is not None]


def _number(value: Any) -> float:
    number = as_number(value)
    if isinstance(number, str):
        raise Wrong(number)
    return float(number)


def _agree(expected: Any, received: Any) -> bool:
    return difference(expected, received, tolerance=FLOAT32) is None


def table_is(right: list[list[int]], mistakes: Sequence[tuple[list[list[int]], str]]) -> Check:
    """A check for a small table that was computed by hand."""

    def check(answer: Any) -> None:
        rows = _rows(answer)
        if _agree(right, rows):
            return
        for mistake, message in mistakes:
            if _agree(mistake, rows):
                raise Wrong(message)
        shape, received = (len(right), len(right[0])), [len(row) for row in rows]
        if received != [shape[1]] * shape[0]:
            raise Wrong(f"Expected {shape[0]} rows of {shape[1]} numbers. Received: rows of {received}.")
        place = next(
            (i, j) for i, row in enumerate(right) for j, value in enumerate(row) if not _agree(value, rows[i][j])
        )
        raise Wrong(f"Row {place[0]}, column {place[1]} (from 0) is another number. Received: {shown(answer)}.")

    return Check(check, tuple(mistakes))


def numbers_are(
    right: Mapping[str, float | list[float]], mistakes: Sequence[tuple[str, float | list[float], str]]
) -> Check:
    """A check for a dictionary of numbers, or of lists of numbers; mistakes are (key, wrong value, what to say)."""

    def check(answer: Any) -> None:
        values = under_keys(answer, right)
        if values is None:
            raise Wrong(f"Expected a dictionary with the keys {list(right)}. Received: {kind_of(answer)}.")
        for key, value in right.items():
            received = _list(values[key], key, value) if isinstance(value, list) else _number(values[key])
            for other, mistake, message in mistakes:
                if other == key and _agree(mistake, received):
                    raise Wrong(f'"{key}": {message}')
            if not _agree(value, received):
                raise Wrong(
                    f'"{key}" is another number.' if not isinstance(value, list) else _place(key, received, value)
                )

    return Check(check, tuple(({**right, key: mistake}, message) for key, mistake, message in mistakes))


def _list(value: Any, key: str, right: list[float]) -> list[float]:
    parts = as_sequence(value)
    if parts is None or any(part is ... for part in parts):
        raise Wrong(f'"{key}": expected a list of numbers. Received: {kind_of(value)}.')
    parts = [plain(part) for part in parts]
    if set(right) <= {0, 1}:  # bits, for which True and False are as good
        parts = [int(part) if isinstance(part, bool | np.bool_) else part for part in parts]
    return [_number(part) for part in parts]


def _place(key: str, received: list[float], right: list[float]) -> str:
    if len(received) != len(right):
        return f'"{key}": expected {len(right)} numbers. Received: {len(received)}.'
    place = next(i for i, value in enumerate(right) if not _agree(value, received[i]))
    return f'"{key}": value {place} (from 0) is another number. Received: {shown(received)}.'
