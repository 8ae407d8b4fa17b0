"""Answers that are nearly right or nearly wrong: every kind of value, on both sides of its tolerance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_utils.exercises.comparing import (
    LONGEST,
    MOST_ITEMS,
    as_array,
    as_number,
    as_sequence,
    difference,
    kind_of,
    plain,
    same_object,
    shown,
    under_keys,
)

TOLERANCES = st.sampled_from([1e-9, 1e-6, 1e-3, 0.05])
NUMBERS = st.floats(-1e6, 1e6).filter(lambda number: number == 0 or abs(number) > 1e-6)
SHAPES = st.sampled_from([(1,), (7,), (13,), (3, 4), (2, 3, 4)])


def moved(number, share, tolerance):
    """A number that lies a share of what is allowed away from another; of 1 and less, the tolerance is absolute."""
    return number + share * tolerance * max(1.0, abs(number))


@given(NUMBERS, TOLERANCES, st.sampled_from([-1, 1]))
def test_a_number_counts_just_within_its_tolerance_and_not_just_outside(number, tolerance, side):
    assert difference(number, moved(number, 0.9 * side, tolerance), tolerance=tolerance) is None
    assert "Expected" in difference(number, moved(number, 1.1 * side, tolerance), tolerance=tolerance)


@given(NUMBERS, TOLERANCES, SHAPES, st.data())
def test_one_value_of_an_array_counts_like_a_number(number, tolerance, shape, data):
    expected = np.full(shape, number)
    place = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    for share, right in ((0.9, True), (-0.9, True), (1.1, False), (-1.1, False)):
        received = expected.copy()
        received[place] = moved(number, share, tolerance)
        assert (difference(expected, received, tolerance=tolerance) is None) == right


@given(NUMBERS, TOLERANCES, st.sampled_from([list, tuple]), st.integers(1, 3))
def test_a_value_inside_a_container_counts_like_a_number(number, tolerance, kind, place):
    expected = [1.0, np.array([2.0]), "three"]
    expected.insert(place - 1, number)
    for share, right in ((0.9, True), (1.1, False)):
        received = expected.copy()
        received[place - 1] = moved(number, share, tolerance)
        found = difference(kind(expected), kind(received), tolerance=tolerance)
        assert found is None if right else found.startswith(f"Value {place} of 4: Expected")


@pytest.mark.parametrize("count", [1, 3, 1_000_000, np.int64(20_000_000)])
def test_a_whole_number_is_wrong_when_it_is_one_off_however_large(count):
    for near in (count + 0.4, count - 0.4):
        assert difference(count, near, tolerance=0.5) is None
    for off in (count + 1, count - 1, float(count + 1), count + 0.6, count - 0.6):
        assert difference(count, off, tolerance=0.5) is not None
    assert difference(float(count), count + 1, tolerance=1.0) is None  # of a measured number the tolerance decides


@pytest.mark.parametrize(
    ("expected", "received", "message"),
    [
        (1.5, 2.5, "Expected 1.5. Received: 2.5."),
        (1.5, "1.5", "Expected a number. Received: str '1.5'."),
        (1.5, None, "Expected a number. Received: None."),
        (1.5, True, "Expected a number. Received: True, a yes or no."),
        (1.5, math.inf, "Expected a finite number. Received: inf."),
        (None, 0, "Expected None. Received: int 0."),
        (True, False, "Expected True. Received: False."),
        (np.True_, 1, "Expected True. Received: 1."),
        (False, None, "Expected False. Received: None."),
        ("cat", "dog", "Expected \"cat\". Received: 'dog'."),
        ("cat", 3, "Expected a text (str). Received: int 3."),
        ((1, 2), (1,), "Expected a tuple of 2 values. Received: 1 values."),
        (
            (1, 2),
            np.zeros((3, 2)),
            "Expected a tuple of 2 values. Received: an array of shape (3, 2) and dtype float64.",
        ),
        ([1, 2], [1, 3], "Value 2 of 2: Expected 2. Received: 3."),
        (np.zeros(2), np.zeros(3), "Expected an array of shape (2,). Received: shape (3,)."),
        (np.zeros(2), np.array([0, np.nan]), "Expected finite numbers. Received: nan at index [1]."),
        (np.zeros((1, 2)), np.array([[0, -np.inf]]), "Expected finite numbers. Received: -inf at index [0, 1]."),
        (np.zeros(2), np.zeros(2, "complex64"), "Expected an array of real numbers. Received: dtype complex64."),
        (np.zeros(2), "ab", "Expected a NumPy array of shape (2,). Received: str 'ab'."),
        ((1, 2), 3, "Expected a tuple of 2 values. Received: int 3."),
        ([1, 2], None, "Expected a list of 2 values. Received: None."),
    ],
)
def test_the_sentence_says_what_was_expected_and_what_came(expected, received, message):
    found = difference(expected, received, tolerance=1e-6)
    assert found == message


def test_of_a_large_array_the_first_difference_is_told_with_its_place_and_how_many_there_are():
    expected = np.arange(20.0).reshape(4, 5)
    received = expected.copy()
    received[1, 2], received[3, 4] = 7.25, -1
    assert difference(expected, received, tolerance=1e-6) == (
        "2 of 20 values differ, the first at index [1, 2]: expected 7, received 7.25."
    )


@pytest.mark.parametrize(("size", "told"), [(12, "Expected: "), (13, "1 of 13 values differ")])
def test_a_small_array_is_shown_whole_on_both_sides(size, told):
    expected = np.arange(float(size))
    found = difference(expected, expected + (expected == 0), tolerance=1e-6)
    assert found.startswith(told)
    if size == 12:
        assert found == f"Expected: {shown(expected)}\nReceived: {shown(expected + (expected == 0))}"


@pytest.mark.parametrize(("dtype", "right"), [(None, True), ("float64", True), ("float32", False)])
def test_a_type_of_number_counts_where_it_is_asked_for(dtype, right):
    for wrap in (lambda array: array, lambda array: (array, 1)):
        found = difference(wrap(np.zeros(2)), wrap(np.zeros(2)), tolerance=0, dtype=dtype)
        assert found is None if right else "Expected an array of dtype float32. Received: dtype float64." in found


@pytest.mark.parametrize("kind", ["bool", "int8", "uint64", "float16"])
def test_arrays_of_every_kind_of_real_number_are_compared(kind):
    assert difference(np.array([0.0, 1.0]), np.array([0, 1], kind), tolerance=0) is None
    assert difference(np.array([0.0, 1.0]), np.array([1, 1], kind), tolerance=0) is not None


@pytest.mark.parametrize(
    ("received", "number"),
    [
        (3, 3),
        (-0.5, -0.5),
        (np.float32(0.5), 0.5),
        (np.int8(-3), -3),
        (np.array(2.5), 2.5),
        (np.array([-2.0]), -2.0),  # as a slope of one output comes out of NumPy
        (np.array([[7]]), 7),
        (10**300, 10**300),
    ],
)
def test_numbers_in_all_their_forms_are_numbers(received, number):
    assert as_number(received) == number


@pytest.mark.parametrize(
    "received", [10**300 + 1, -(10**301), np.ones(2), np.ones(0), np.array([True]), [1.0], 1j, np.True_]
)
def test_what_is_no_number_is_said(received):
    assert as_number(received).startswith("Expected a number")


class Thing:
    def __init__(self, **fields):
        self.__dict__.update(fields)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-15])),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0], "float32")),
        (np.array([1.0, 2.0]), np.array([[1.0, 2.0]])),
        (np.array([1.0, np.nan]), np.array([1.0, 0.0])),
        (np.array(["a"]), np.array(["b"])),
        ([1, 2], [1, 3]),
        ([1, 2], [1, 2, 3]),
        ([1, 2], (1, 2)),
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"b": 1}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, 1.0),
        ("a", "b"),
        (Thing(a=[1]), Thing(a=[2])),
        (Thing(a=1), Thing(b=1)),
    ],
)
def test_an_input_that_was_changed_in_the_least_is_noticed(before, after):
    assert not same_object(before, after)


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, np.nan]),
        np.array(["a", "b"]),
        [1, (2.0, None), {"a": np.zeros(3)}],
        "a",
        Thing(a=[1]),
        Thing(),
        object(),
        slice(1, 2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_input_that_was_left_alone_is_the_same(value):
    assert same_object(value, value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (3, "int 3"),
        ([1, "a"], "list [1, 'a']"),
        (np.zeros((2, 3), "int8"), "an array of shape (2, 3) and dtype int8"),
        (np.float32(1.5), "float32 1.5"),
        (Thing(), "an object of type Thing"),
    ],
)
def test_the_kind_of_a_value_in_words(value, text):
    assert kind_of(value) == text


def test_values_are_shown_short():
    assert shown(np.float32(1.5)) == "1.5"
    assert shown(np.array([1.0, 0.123456])) == "[1.    , 0.1235]  shape (2,), float64"
    assert shown(np.eye(2, dtype="int8")) == "\n[[1, 0],\n [0, 1]]  shape (2, 2), int8"
    assert shown(np.array([1e-9, 1.0])) == "[0., 1.]  shape (2,), float64"
    assert "..." not in shown(np.arange(60)) and shown(np.arange(61)).startswith("[ 0,  1,  2, ..., 58, 59, 60]")
    for kind in (list, tuple, set):
        assert shown(kind(range(MOST_ITEMS))).count("...") == 0
        assert shown(kind(range(MOST_ITEMS + 1))).count("...") == 1
    assert shown(dict.fromkeys(range(MOST_ITEMS))).count("...") == 0
    assert shown(dict.fromkeys(range(MOST_ITEMS + 1))).count("...") == 1
    assert shown([[[[1]]]]) == "[[[[1]]]]" and shown([[[[[1]]]]]) == "[[[[[...]]]]]"
    assert shown("x" * 78) == repr("x" * 78) and len(shown("x" * 79)) == 80
    words = [["y" * 70] * MOST_ITEMS]
    assert shown(words).endswith(" ...") and len(shown(words)) == LONGEST + 4
    assert len(shown(range(10**150, 10**150 + 1))) <= 120


def test_what_cannot_be_shown_is_called_so():
    class Broken:
        def __repr__(self):
            raise RuntimeError

    assert shown(Broken()).startswith("<") and "Broken" in shown(Broken())
    posing = type("list", (), {"__len__": Broken.__repr__})  # reprlib goes by the name of the type
    assert shown(posing()) == "<an object of type list that cannot be shown>"


@pytest.mark.parametrize(
    ("received", "form"),
    [
        ([1, 2.5], np.array([1, 2.5])),
        (([True], [False]), np.array([[True], [False]])),
        (np.float32(3), np.float32(3)),
        ([1, "a"], [1, "a"]),
        (["a", "b"], ["a", "b"]),
        ([1j], [1j]),
        ([[1], [1, 2]], [[1], [1, 2]]),
        ([None], [None]),
        ("text", "text"),
    ],
)
def test_rows_of_real_numbers_become_an_array_and_all_else_stays(received, form):
    assert same_object(as_array(received), form)


def test_the_parts_of_whatever_has_parts():
    assert as_sequence((1, "a")) == [1, "a"] and as_sequence([1]) == [1] and as_sequence(np.array([1, 2])) == [1, 2]
    for other in ("ab", {"a": 1}, {1, 2}, range(3), 3, None, np.float32(3)):
        assert as_sequence(other) is None


def test_the_values_of_a_dictionary_under_the_keys_that_were_asked_for():
    keys = ["Cat", "big dog"]
    assert under_keys({" big  DOG": 2, "cat ": 1}, keys) == {"Cat": 1, "big dog": 2}
    assert list(under_keys({"big dog": 2, "cat": 1}, keys)) == keys
    for other in ({"cat": 1}, {"cat": 1, "big dog": 2, "emu": 3}, {"cat": 1, "dog": 2}, {"cat": 1, 2: 2}, {}):
        assert under_keys(other, keys) is None
    assert under_keys({"cat": 1, "CAT": 2, "big dog": 3}, keys) is None  # one key twice
    assert under_keys({"cat": 1, "bigdog": 2}, keys) is None
    for other in ([("cat", 1), ("big dog", 2)], "cat", None):
        assert under_keys(other, keys) is None


@pytest.mark.parametrize(
    ("word", "right"), [("Big DOG", True), ("big   dog ", True), ("bigdog", False), ("dog big", False)]
)
def test_capitals_and_spaces_do_not_count_in_a_text_and_letters_do(word, right):
    assert (difference("big dog", word, tolerance=0) is None) == right


class Tensor:
    """Answers `__array__`, as the tensors of every framework do."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        if self.values is None:
            raise RuntimeError("no numbers here")
        return np.array(self.values)


def test_values_are_made_plain():
    assert plain(np.array(2.5)) == 2.5 and type(plain(np.array(2.5))) is np.float64
    assert same_object(plain(Tensor([1, 2])), np.array([1, 2])) and plain(Tensor(3)) == 3
    broken = Tensor(None)
    assert plain(broken) is broken
    assert type(plain(np.str_("a"))) is str and type(plain(np.array("a"))) is str
    assert type(plain(np.ma.masked_array([1, 2]))) is np.ndarray
    for same in (None, 3, [1], {"a": 1}, np.float32(1)):
        assert plain(same) is same
    with_axes = np.zeros((1, 1))
    assert plain(with_axes).shape == (1, 1)


@pytest.mark.parametrize("kind", [bool, np.bool_])
@pytest.mark.parametrize("value", [True, False])
def test_only_the_same_truth_value_counts(kind, value):
    for right in (value, np.bool_(value), np.array(value)):
        assert difference(kind(value), right, tolerance=0.5) is None
    for wrong in (not value, np.bool_(not value), int(value), str(value), None, [value]):
        assert difference(kind(value), wrong, tolerance=0.5).startswith(f"Expected {value}. Received: ")


def test_only_none_counts_as_none():
    assert difference(None, None, tolerance=0.5) is None
    for wrong in (0, False, "None", [], np.zeros(0)):
        assert difference(None, wrong, tolerance=0.5).startswith("Expected None. Received: ")


def test_an_array_of_a_required_type_is_no_list():
    assert difference(np.ones(2, "float32"), [1.0, 1.0], tolerance=0) is None
    assert "Received: list" in difference(np.ones(2, "float32"), [1.0, 1.0], tolerance=0, dtype="float32")
