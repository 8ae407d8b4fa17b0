"""A right answer stays right in its other forms: one table of forms, applied to every exercise of the course."""

import functools
import inspect
from collections import OrderedDict, namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from course_utils import exercises
from course_utils.exercises import judge

# The task asks for the type itself, so other types are wrong there; a tensor of that type is right.
ASKS_FOR_THE_TYPE = {"pixels to float32", "mend a reader", "numbers in one byte"}
# The answer is code that Keras has to understand, and Keras takes a name only as it is written.
NAMES_FOR_KERAS = {"a loss that fits", "the activation at the end"}
# Open questions, which any words pass.
OPEN = {"read the learning curves", "twenty beautiful shoes"}

Pair = namedtuple("Pair", "first second")


def tensor(value: Any) -> Any:
    import tensorflow

    return tensorflow.constant(value)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    return is_number(value) and float(value) == int(value)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0


def is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def is_row(value: Any) -> bool:
    """A list or tuple that a NumPy array can hold: of numbers, of texts, or of rows of numbers."""
    if not is_sequence(value):
        return False
    return all(map(is_number, value)) or all(map(is_text, value)) or all(map(is_row, value))


def is_numeric_row(value: Any) -> bool:
    return is_row(value) and np.asarray(value).dtype.kind in "iuf"


def is_pair(value: Any) -> bool:
    return is_sequence(value) and len(value) == 2


def is_dictionary(value: Any) -> bool:
    return isinstance(value, dict)


def nested(value: np.ndarray, kind: type) -> Any:
    return kind(nested(part, kind) if part.ndim else part for part in value)


def apart_in_memory(value: np.ndarray) -> np.ndarray:
    """The same values with gaps between them."""
    wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), value.dtype)
    wide[..., ::2] = value
    return wide[..., ::2]


@dataclass(frozen=True)
class Form:
    """One other form.

    Attributes:
        name: stands in the test's id.
        fits: whether a value can be given in this form.
        given: the value in this form.
        keeps_the_type: whether an array is still an array of the same dtype.
        keeps_the_spelling: whether a text is letter by letter the same.
    """

    name: str
    fits: Callable[[Any], bool]
    given: Callable[[Any], Any]
    keeps_the_type: bool = False
    keeps_the_spelling: bool = True


FORMS = (
    Form("float", is_number, float),
    Form("np.float32", is_number, np.float32),
    Form("np.float64", is_number, np.float64),
    Form("np.int64", is_whole, np.int64),
    Form("array without axes", is_number, np.array),
    Form("tensor", is_number, lambda value: tensor(np.float32(value))),
    Form("whole tensor", is_whole, lambda value: tensor(int(value))),
    Form("np.str_", is_text, np.str_),
    Form("text in an array without axes", is_text, np.array),
    Form("capitals", is_text, str.upper, keeps_the_spelling=False),
    Form("first letter a capital", is_text, str.capitalize, keeps_the_spelling=False),
    Form("spaces around", is_text, lambda value: f"  {value} \n", keeps_the_spelling=False),
    Form("two spaces between", is_text, lambda value: value.replace(" ", "  "), keeps_the_spelling=False),
    Form("list", is_array, lambda value: value.tolist()),
    Form("list of NumPy scalars", is_array, lambda value: nested(value, list)),
    Form("tuple", is_array, lambda value: nested(value, tuple)),
    Form("list of arrays", is_array, list),
    Form("list of tensors", is_array, lambda value: [tensor(part) for part in value]),
    Form("array as tensor", is_array, tensor, keeps_the_type=True),
    Form("array as Keras variable", is_array, lambda value: variable(value), keeps_the_type=True),
    Form("float32 array", is_array, lambda value: value.astype("float32")),
    Form("float64 array", is_array, lambda value: value.astype("float64")),
    Form("Fortran order", is_array, np.asfortranarray, keeps_the_type=True),
    Form("gaps in memory", is_array, apart_in_memory, keeps_the_type=True),
    Form("list for tuple", is_sequence, list),
    Form("tuple for list", is_sequence, tuple),
    Form("row as array", is_row, np.array),
    Form("row as float32 array", is_numeric_row, lambda value: np.array(value, dtype="float32")),
    Form("row as tensor", is_numeric_row, lambda value: tensor(np.array(value))),
    Form("pair with names", is_pair, lambda value: Pair(*value)),
    Form("ordered dictionary", is_dictionary, OrderedDict),
    Form("keys the other way round", is_dictionary, lambda value: dict(reversed(value.items()))),
    Form("keys as np.str_", is_dictionary, lambda value: {np.str_(key): part for key, part in value.items()}),
    Form("keys in capitals", is_dictionary, lambda value: {key.upper(): part for key, part in value.items()}),
    Form("spaces around keys", is_dictionary, lambda value: {f" {key} ": part for key, part in value.items()}),
)


def variable(value: np.ndarray) -> Any:
    import keras

    return keras.Variable(value, dtype=str(value.dtype))


def in_float32(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.dtype == "float64":
        return value.astype("float32")
    return np.float32(value) if type(value) is float else value


class Called:
    """An object that can be called; its method can be handed over as well."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *inputs: Any) -> Any:
        return self.function(*inputs)


FORMS_OF_FUNCTIONS = {
    "partial": functools.partial,
    "object that can be called": Called,
    "method": lambda function: Called(function).__call__,
    "computed in float32": lambda function: lambda *inputs: function(*map(in_float32, inputs)),
}


def in_form(value: Any, form: Form) -> Any:
    """A value in another form; inside a pair or a dictionary, the parts that can have it. Itself if nothing can."""
    if form.fits(value):
        return form.given(value)
    if is_sequence(value):
        return type(value)(in_form(part, form) for part in value)
    if is_dictionary(value):
        return {key: in_form(part, form) for key, part in value.items()}
    return value


def fits_somewhere(value: Any, form: Form) -> bool:
    if form.fits(value):
        return True
    parts = value.values() if is_dictionary(value) else value if is_sequence(value) else ()
    return any(fits_somewhere(part, form) for part in parts)


def is_a_function(answer: Any) -> bool:
    return inspect.isfunction(answer)


def as_numpy(result: Any) -> Any:
    """A tensor as an array, so that the forms fit it."""
    tensor = hasattr(type(result), "__array__") and not isinstance(result, np.generic)
    return np.asarray(result) if tensor else result


def asked_for(exercise: Any, form: Form) -> bool:
    """Whether the task lets an answer have this form."""
    if exercise.title in ASKS_FOR_THE_TYPE:
        return form.keeps_the_type
    return form.keeps_the_spelling or exercise.title not in NAMES_FOR_KERAS


def results_of(exercise: Any, function: Callable[..., Any]) -> list[Any]:
    """What a function gave while it was judged."""
    results = []

    def remembering(*inputs: Any) -> Any:
        results.append(as_numpy(function(*inputs)))
        return results[-1]

    judge(exercise, remembering)
    return results


def other_forms(exercise: Any, answer: Any) -> dict[str, Any]:
    """A right answer in every form that fits it."""
    fitting = [form for form in FORMS if asked_for(exercise, form)]
    if not is_a_function(answer):
        return {form.name: in_form(answer, form) for form in fitting if fits_somewhere(answer, form)}
    results = results_of(exercise, answer)
    forms = {
        form.name: lambda *inputs, form=form: in_form(as_numpy(answer(*inputs)), form)
        for form in fitting
        if any(fits_somewhere(result, form) for result in results)
    }
    return forms | {name: given(answer) for name, given in FORMS_OF_FUNCTIONS.items()}


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda exercise: exercise.id)
def test_a_right_answer_is_right_in_every_form(exercise):
    refused = {}
    for answer in (exercise.solution.make(), *exercise.right):
        for name, form in other_forms(exercise, answer).items():
            verdict = judge(exercise, form)
            if verdict.status != ("cannot be checked" if exercise.title in OPEN else "correct"):
                refused[name] = verdict.message or verdict.status
    assert refused == {}


def test_every_form_fits_some_exercise():
    """A form that fits no answer would prove nothing."""
    light = [exercise for exercise in exercises.all_exercises() if not exercise.needs_keras]
    fitting = {name for exercise in light for name in other_forms(exercise, exercise.solution.make())}
    assert {form.name for form in FORMS} <= fitting
