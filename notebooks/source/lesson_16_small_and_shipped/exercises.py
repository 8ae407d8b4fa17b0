"""Exercises of lesson 16: numbers in one byte, how many bytes, a handler that trusts nobody, and which file."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, matching_is, number_is
from course_utils.exercises.comparing import as_array
from course_utils.exercises.exercise import Check, Exercise, computed, matched, written

__all__ = ["EXERCISES"]

# One byte a number.


def _of_any_shape(check: Check) -> Check:
    """The same check for the same numbers in any shape: the lesson's own line has them in a row, shape (1, 4)."""

    def examine(answer: Any) -> None:
        received = as_array(answer)
        check(received.reshape(-1) if isinstance(received, np.ndarray) else answer)

    return Check(examine, check.mistakes)


def _four_bytes() -> list[int]:
    whole = np.round(np.array([1.0, 0.0, -0.4, 40.0]) / 0.2) - 10
    four_bytes = [int(one) for one in np.clip(whole, -128, 127)]
    return four_bytes  # noqa: RET504


FOUR_BYTES = Exercise(
    id="16.1",
    title="into bytes by hand",
    stub="four_bytes = ...",
    check=_of_any_shape(
        array_is(
            np.array([-5.0, -10.0, -12.0, 127.0]),
            tolerance=1e-3,
            mistakes=(
                (np.array([-5.0, -10.0, -12.0, 190.0]), "A byte ends at 127. What is beyond becomes 127."),
                (np.array([-5.0, -10.0, -12.0, 255.0]), "These bytes have a sign: they end at 127, not at 255."),
                (np.array([-5.0, -10.0, -12.0, 128.0]), "Nearly: -128 to 127 are 256 numbers, so the largest is 127."),
                (
                    np.array([-5.0, -10.0, -12.0, -66.0]),
                    "190 wrapped round. What is beyond the end becomes the end, 127.",
                ),
                (np.array([-5.0, -10.0, -8.0, 127.0]), "Look at the sign of -0.4: its byte lies below that of 0.0."),
                (
                    np.array([5.0, 0.0, -2.0, 200.0]),
                    "The zero point is missing: 0.0 becomes -10. And where does a byte end?",
                ),
                (
                    np.array([5.0, 0.0, -2.0, 127.0]),
                    "The zero point is missing: add -10 to each before the ends are cut.",
                ),
                (
                    np.array([15.0, 10.0, 8.0, 127.0]),
                    "The zero point is subtracted. Here it is added: 0.0 becomes -10.",
                ),
                (np.array([-10.0, -10.0, -10.0, -2.0]), "Multiplied by the scale. One step is worth 0.2, so divide."),
            ),
            otherwise="One by one: which byte stands for 0.0? How many steps of 0.2 lie between it and 1.0?",
        )
    ),
    hints=(
        "1.0 / 0.2 = 5 steps. The byte of 0.0 is -10. Which byte lies 5 steps above it?",
        "40.0 / 0.2 = 200 steps, and -10 + 200 = 190. How far does a byte go?",
    ),
    solution=computed(_four_bytes),
    right=([-5, -10, -12, 127], np.array([-5.0, -10.0, -12.0, 127.0]), np.array([[-5, -10, -12, 127]], "int8")),
    wrong=(([1, 2, 3, 4], "which byte stands for 0.0?"), ([-5, -10, -12], "(4,)")),
)


def dequantise(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return (whole.astype("float32") - zero_point) * scale


def _in_larger_numbers(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return scale * (whole.astype("int32") - zero_point)


def _in_int8(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return (whole - np.int8(zero_point)) * scale


def _adds(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return (whole.astype("float32") + zero_point) * scale


def _without_zero_point(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:  # noqa: ARG001
    return whole.astype("float32") * scale


def _divides(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return (whole.astype("float32") - zero_point) / scale


def _scale_first(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return whole.astype("float32") * scale - zero_point


def _adds_afterwards(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return whole.astype("float32") * scale + zero_point


def _multiplies_the_zero_point_alone(whole: np.ndarray, scale: float, zero_point: int) -> np.ndarray:
    return whole.astype("float32") - zero_point * scale


_WHOLE = np.array([[100, -128, 5], [127, 0, -7]], dtype="int8")

DEQUANTISE = Exercise(
    id="16.2",
    title="and back",
    stub="""\
def dequantise(whole, scale, zero_point):
    ...""",
    check=function_matches(
        dequantise,
        [(_WHOLE, 0.05, 3), (_WHOLE, 0.25, -100), (_WHOLE[0], 0.5, 120)],
        tolerance=1e-5,
        mistakes=(
            (
                _in_int8,
                "Some differences do not fit into int8 and wrap round: 100 - (-100) gives -56. "
                "Turn the bytes into floats first.",
            ),
            (_adds, "The zero point is added, as on the way there. On the way back it is subtracted."),
            (_without_zero_point, "The zero point is missing: the byte `zero_point` stands for 0.0."),
            (_divides, "Divided by scale. One step is worth `scale`, so multiply."),
            (_scale_first, "The zero point is a byte, too: subtract it before you multiply by the scale."),
            (
                _adds_afterwards,
                "The zero point is a byte: subtract it from the bytes, before you multiply by the scale.",
            ),
            (_multiplies_the_zero_point_alone, "The scale has to multiply the whole difference: brackets around it."),
        ),
    ),
    hints=(
        "How many steps does a byte lie above the zero point? Each step is worth `scale`.",
        "`whole.astype('float32')` makes room for differences beyond 127.",
    ),
    solution=written(dequantise),
    right=(_in_larger_numbers,),
)


def _convolution_bytes() -> int:
    weights = 64 * 3 * 3 * 32
    convolution_bytes = weights + 64 * (4 + 4)
    return convolution_bytes  # noqa: RET504


CONVOLUTION_BYTES = Exercise(
    id="16.3",
    title="how many bytes",
    stub="convolution_bytes = ...",
    check=number_is(
        18_944,
        mistakes={
            18_432: "Those are the weights alone. Each filter also has a bias and a scale.",
            18_688: "A bias or a scale is missing: each filter has both, four bytes each.",
            18_560: "A bias and a scale take four bytes each, not one.",
            74_240: "That is four bytes a weight and eight a filter. Here a weight takes one byte.",
            73_728: "Those are the weights in float32.",
            73_984: "That is the size in float32. Here a weight takes one byte.",
            1_088: "A filter looks at all 32 channels: 3 · 3 · 32 weights each.",
            18_440: "Each of the 64 filters has a bias and a scale of its own.",
        },
        otherwise="One filter has 3 · 3 · 32 weights of one byte, and eight bytes more. There are 64.",
    ),
    hints=(
        "One filter: 3 · 3 · 32 = 288 weights. How many bytes with its bias and its scale?",
        "288 + 4 + 4 = 296 bytes a filter, and 64 of them.",
    ),
    solution=computed(_convolution_bytes),
    wrong=((19_000, "One filter has"), ("18944", "Expected a number")),
)

# A service that trusts nobody.


def status_of(length: int, size: tuple[int, int] | None) -> int:
    if length > 5_000_000:
        return 413
    if size is None:
        return 400
    width, height = size
    return 413 if width * height > 25_000_000 else 200


def _one_way_out(length: int, size: tuple[int, int] | None) -> int:
    pixels = 0 if size is None else size[0] * size[1]
    too_large = length > 5_000_000 or pixels > 25_000_000
    return 413 if too_large else 400 if size is None else 200


def _width_alone(length: int, size: tuple[int, int] | None) -> int:
    if length > 5_000_000:
        return 413
    return 400 if size is None else 413 if size[0] > 25_000_000 else 200


def _always_400(length: int, size: tuple[int, int] | None) -> int:
    return 200 if status_of(length, size) == 200 else 400


def _picture_first(length: int, size: tuple[int, int] | None) -> int:
    return 400 if size is None else status_of(length, size)


def _no_limit_of_pixels(length: int, size: tuple[int, int] | None) -> int:
    return 413 if length > 5_000_000 else 400 if size is None else 200


def _no_limit_of_bytes(length: int, size: tuple[int, int] | None) -> int:
    return status_of(min(length, 1), size)


def _from_the_limit(length: int, size: tuple[int, int] | None) -> int:
    if length >= 5_000_000:
        return 413
    return 400 if size is None else 413 if size[0] * size[1] >= 25_000_000 else 200


def _as_printed(length: int, size: tuple[int, int] | None) -> int:
    width, _ = size
    return 400 if width > 25_000_000 or length > 5_000_000 else 200


STATUS_OF = Exercise(
    id="16.4",
    title="mend a trusting handler",
    stub="""\
def status_of(length, size):
    ...""",
    check=function_matches(
        status_of,
        [
            (800, None),
            (0, None),
            (200_000, (640, 480)),
            (6_000_000, None),
            (6_000_000, (640, 480)),
            (90_000, (6000, 6000)),
            (90_000, (30_000_000, 1)),
            (5_000_000, (5000, 5000)),
        ],
        mistakes=(
            (_width_alone, "A picture of 6000 x 6000 passes. Pixels are width times height."),
            (_always_400, "What is too large has a status of its own: 413."),
            (_picture_first, "Six million bytes of rubbish are 413, too: count the bytes before you open them."),
            (_no_limit_of_pixels, "A small file may unfold to very many pixels. More than 25,000,000 are 413."),
            (_no_limit_of_bytes, "More than 5,000,000 bytes are 413, whatever they are."),
            (_from_the_limit, "Exactly the limit is allowed: more than, not as many as."),
        ),
    ),
    hints=(
        "What does `width, height = None` do? So what has to be asked before?",
        "Four lines in this order: bytes, no picture, pixels, and what is left is well.",
    ),
    solution=written(status_of),
    right=(_one_way_out,),
    wrong=((_as_printed, "None"),),
)

# Which file.

_LITERT, _KERAS, _WEIGHTS, _REFUSE = ".tflite", ".keras", ".weights.h5", "refuse"
_APP = "an app for a telephone, without Python"
_COLLEAGUE = "a colleague wants to train your model further, and has only Keras"
_OWN = "your program builds the network itself, and needs the numbers"
_FORUM = "a model.pkl from a forum, by somebody unknown"
_FILE_FORMS = {_APP: _LITERT, _COLLEAGUE: _KERAS, _OWN: _WEIGHTS, _FORUM: _REFUSE}

FILE_FORMS = Exercise(
    id="16.5",
    title="which file",
    **matched("file_forms", _FILE_FORMS),
    check=matching_is(
        _FILE_FORMS,
        options=(_LITERT, _KERAS, _WEIGHTS, _REFUSE),
        feedback={
            (_APP, _KERAS): "Keras needs Python to open it. The telephone's interpreter reads another form.",
            (_APP, _WEIGHTS): "Numbers alone: the telephone would not know which network they belong to.",
            (_APP, _REFUSE): "There is a form made for this.",
            (_COLLEAGUE, _LITERT): "It answers, but it cannot be trained further.",
            (_COLLEAGUE, _WEIGHTS): "Numbers alone: the colleague would have to build the same network first.",
            (_COLLEAGUE, _REFUSE): "It is your own model, and there is a form that carries it whole.",
            (_OWN, _LITERT): "The program has the network already. What it needs are the arrays.",
            (_OWN, _KERAS): "That would work, and carries a second network along. The arrays are enough.",
            (_OWN, _REFUSE): "Arrays do no harm.",
            (_FORUM, _LITERT): "It cannot be turned into one without loading it, and loading runs what is in it.",
            (_FORUM, _KERAS): "It cannot be turned into one without loading it, and loading runs what is in it.",
            (_FORUM, _WEIGHTS): "To take the numbers out you would have to load it, and loading runs what is in it.",
        },
    ),
    hints=(
        "Ask of each: who opens it, with what, and does it have to know the network or the numbers only?",
        "And who made it: does loading it run what that person wrote?",
    ),
    wrong=(
        (_FILE_FORMS | {_APP: ".docx"}, "expected one of"),
        ({_APP: _LITERT}, "Expected the keys"),
    ),
)


EXERCISES = (FOUR_BYTES, DEQUANTISE, CONVOLUTION_BYTES, STATUS_OF, FILE_FORMS)
