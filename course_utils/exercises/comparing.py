"""Compare what came with what was expected, in any of the usual forms, trusting nothing about what came."""

import math
import reprlib
from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = [
    "FLOAT32",
    "as_array",
    "as_number",
    "as_sequence",
    "difference",
    "kind_of",
    "plain",
    "same_object",
    "shown",
    "under_keys",
]

FLOAT32 = 1e-6  # relative; about ten roundings of float32, whose last digit is worth 1.2e-7
LONGEST = 400  # characters of a value shown in a message
MOST_ITEMS = 12  # of a container shown in a message


def difference(expected: Any, received: Any, *, tolerance: float, dtype: str | None = None) -> str | None:
    """Why the two differ, in one sentence, or None where they agree.

    The form does not count: a tensor, a list or a tuple is as good as an array (where no dtype is asked for), a list,
    an array or a tensor as good as a tuple, a NumPy scalar as good as a number, capitals and spaces as good as none.

    Args:
        expected: a number, text, None, bool, NumPy array, or a tuple or list of these.
        received: anything.
        tolerance: how far numbers may lie apart, absolute, and relative to the expected number.
        dtype: required of arrays, such as "float32"; None accepts any numeric type, and lists.
    """
    received = plain(received)
    if isinstance(expected, np.ndarray):
        return _array_difference(expected, received if dtype else as_array(received), tolerance, dtype)
    if isinstance(expected, (tuple, list)):
        return _sequence_difference(expected, received, tolerance, dtype)
    if expected is None:
        return None if received is None else f"Expected None. Received: {kind_of(received)}."
    if isinstance(expected, (bool, np.bool_)):
        same = type(received) in (bool, np.bool_) and bool(received) == bool(expected)
        return None if same else f"Expected {bool(expected)}. Received: {shown(received)}."
    if isinstance(expected, str):
        if type(received) is not str:
            return f"Expected a text (str). Received: {kind_of(received)}."
        return None if _word(received) == _word(expected) else f'Expected "{expected}". Received: {shown(received)}.'
    value = as_number(received)
    if isinstance(value, str):
        return value
    allowed = tolerance * max(1.0, abs(float(expected)))
    if isinstance(expected, (int, np.integer)):
        allowed = min(allowed, 0.5)  # a large count is not right when it is one off
    return None if abs(value - expected) <= allowed else f"Expected {shown(expected)}. Received: {shown(value)}."


def plain(received: Any) -> Any:
    """The same value as Python and NumPy have it: a tensor as an array, an array without axes as its scalar.

    Subclasses of arrays and texts lose what they say about themselves. Tensors of every framework answer
    `__array__`, so none is imported for them. What cannot be turned is given back as it is.
    """
    if isinstance(received, str):
        return str.__str__(received)
    if not isinstance(received, (np.ndarray, np.generic)) and hasattr(type(received), "__array__"):
        try:
            received = np.asarray(received)
        except Exception:
            return received
    if isinstance(received, np.ndarray):
        received = np.ndarray.view(received, np.ndarray)
        return plain(received[()]) if received.shape == () else received
    return received


def as_array(received: Any) -> Any:
    """An array where one came, or a tensor, or rows of numbers in lists and tuples; else what came, see `plain`."""
    received = plain(received)
    if isinstance(received, (list, tuple)):
        try:
            array = np.array(received)
        except Exception:  # rows of different lengths, or objects that raise when they are looked at
            return received
        return array if array.dtype.kind in "biuf" else received
    return received


def as_sequence(received: Any) -> list | None:
    """The parts of a list, a tuple, an array or a tensor; None for anything else."""
    received = plain(received)
    return list(received) if isinstance(received, (list, tuple, np.ndarray)) else None


def under_keys(received: Any, keys: Iterable[str]) -> dict[str, Any] | None:
    """The values of a dictionary under the expected keys; None where it is no dictionary, or has other keys."""
    if not isinstance(received, dict):
        return None
    expected = {_word(key): key for key in keys}
    given = {_word(key): value for key, value in dict.items(received) if isinstance(key, str)}
    if len(given) != len(received) or set(given) != set(expected):
        return None
    return {key: given[word] for word, key in expected.items()}


def as_number(received: Any) -> float | int | str:
    """The number that came, or a sentence that says why it is none."""
    received = plain(received)
    if isinstance(received, np.ndarray) and received.size == 1:
        received = received.reshape(())[()]  # a sum over one output has the shape (1,), and is a number all the same
    if type(received) in (bool, np.bool_):
        return f"Expected a number. Received: {shown(received)}, a yes or no."
    if type(received) is int:
        if abs(received) > 10**300:
            return "Expected a number of a reasonable size. Received: an integer of more than 300 digits."
        return received
    if type(received) is not float and not _is_numpy_number(received):
        return f"Expected a number. Received: {kind_of(received)}."
    value = float(received)
    if math.isnan(value):
        return "Expected a finite number. Received: nan, which is, for example, the mean of no numbers."
    return value if math.isfinite(value) else f"Expected a finite number. Received: {value}."


def same_object(before: Any, after: Any) -> bool:
    """Whether an input is still what it was, exactly."""
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        same_form = before.shape == after.shape and before.dtype == after.dtype
        return bool(same_form and np.array_equal(before, after, equal_nan=before.dtype.kind == "f"))
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(same_object, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(same_object, before.values(), after.values()))
    if isinstance(before, (str, int, float, type(None))):
        return before == after
    return same_object(vars(before), vars(after)) if hasattr(before, "__dict__") else True


def kind_of(value: Any) -> str:
    """The type of a value with its article, and its shape where it has one."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if value is None:
        return "None"
    name = type(value).__name__
    return f"{name} {shown(value)}" if type(value).__module__ in ("builtins", "numpy") else f"an object of type {name}"


def shown(value: Any) -> str:
    """A short text for any value, even one whose own text is broken or endless."""
    if type(value) is np.ndarray and value.dtype != object:
        with np.printoptions(precision=4, suppress=True, threshold=60, edgeitems=3, linewidth=100):
            text = np.array2string(value, separator=", ")
        if "\n" in text:
            text = "\n" + text
        text = f"{text}  shape {value.shape}, {value.dtype}"
    elif isinstance(value, np.generic):
        text = f"{value.item()!r}"
    else:
        try:
            text = _short_repr(value)
        except Exception:
            text = f"<an object of type {type(value).__name__} that cannot be shown>"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def _short_repr(value: Any) -> str:
    shortener = reprlib.Repr()
    shortener.maxlevel, shortener.maxstring, shortener.maxother = 4, 80, 120
    shortener.maxlist = shortener.maxtuple = shortener.maxdict = shortener.maxset = MOST_ITEMS
    return shortener.repr(value)


def _word(text: str) -> str:
    """What counts of a text that is compared: not its capitals, nor how many spaces stand between and around."""
    return " ".join(str.__str__(text).split()).casefold()


def _is_numpy_number(value: Any) -> bool:
    real = isinstance(value, (np.integer, np.floating))
    return real and type(value).__module__ == "numpy"  # a subclass could lie about its value


def _array_difference(expected: np.ndarray, received: Any, tolerance: float, dtype: str | None) -> str | None:
    if not isinstance(received, np.ndarray):
        return f"Expected a NumPy array of shape {expected.shape}. Received: {kind_of(received)}."
    if received.shape != expected.shape:
        return f"Expected an array of shape {expected.shape}. Received: shape {received.shape}."
    if dtype is not None and received.dtype != np.dtype(dtype):
        return f"Expected an array of dtype {dtype}. Received: dtype {received.dtype}."
    if received.dtype.kind not in "biuf":
        return f"Expected an array of real numbers. Received: dtype {received.dtype}."
    values = received.astype("float64")
    if not np.isfinite(values).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        return f"Expected finite numbers. Received: {values[place]} at index {list(place)}."
    wanted = expected.astype("float64")
    apart = np.abs(values - wanted) > tolerance * np.maximum(1.0, np.abs(wanted))
    if not apart.any():
        return None
    if expected.size > 12:
        place = tuple(int(i) for i in np.argwhere(apart)[0])
        first = f"the first at index {list(place)}: expected {wanted[place]:.6g}, received {values[place]:.6g}"
        return f"{int(apart.sum())} of {expected.size} values differ, {first}."
    return f"Expected: {shown(expected)}\nReceived: {shown(received)}"


def _sequence_difference(expected: Any, received: Any, tolerance: float, dtype: str | None) -> str | None:
    kind = type(expected).__name__
    parts = as_sequence(received)
    if parts is None:
        return f"Expected a {kind} of {len(expected)} values. Received: {kind_of(received)}."
    if len(parts) != len(expected):
        came = kind_of(received) if isinstance(received, np.ndarray) else f"{len(parts)} values"
        return f"Expected a {kind} of {len(expected)} values. Received: {came}."
    for place, (one, other) in enumerate(zip(expected, parts, strict=True), start=1):
        problem = difference(one, other, tolerance=tolerance, dtype=dtype)
        if problem:
            return f"Value {place} of {len(expected)}: {problem}"
    return None
