"""Exercises of lesson 12: states by hand, gates, how fast a gradient fades, and which network for which task."""

from typing import Any

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import array_is, function_matches, matching_is, number_is
from course_utils.exercises.comparing import as_array, as_number
from course_utils.exercises.exercise import Check, Exercise, Wrong, computed, matched, written

__all__ = ["EXERCISES"]

# By hand: the states of one unit, the weights of an LSTM, how fast a gradient fades.


def _three_states() -> list[float]:
    state, three_states = 0.0, []
    for pixel in (1, 0, 0):
        state = np.tanh(1 * pixel + 2 * state + 0)
        three_states.append(float(state))
    return three_states


_STATES = np.array(_three_states())
_NEAR = 0.006  # two digits behind the point, rounded up or down

_KNOWN_STATES = array_is(
    _STATES,
    tolerance=_NEAR,
    mistakes=(
        (np.array([np.tanh(1), 0, 0]), "That is the example, with U = 0. Here the old state counts twice."),
        (np.array([1, 2, 4]), "The tanh is missing: each new state goes through it."),
        (
            np.array([np.tanh(1), np.tanh(2), np.tanh(2 * np.tanh(2))]),
            "The old state after the first line is tanh(1) = 0.76, not the line itself.",
        ),
        (
            np.array([np.tanh(1), 2 * np.tanh(1), 4 * np.tanh(1)]),
            "The first is right. The next ones go through tanh, too.",
        ),
        (np.array([np.tanh(2), np.tanh(2 * np.tanh(2)), np.tanh(2 * np.tanh(2 * np.tanh(2)))]), "W is 1, and U 2."),
        (np.array([np.tanh(1)] * 3), "The state does not stay by itself: it is multiplied by U, and tanh follows."),
        (np.round(_STATES, 1), "Two digits behind the point are asked for, such as 0.76."),
    ),
)
_RIGHT_BEFORE = ("The first", "The first is right, the second", "The first two are right, the third")


def _check_states(answer: Any) -> None:
    """The three states, also as the lesson's `read` gives them: (lines, units)."""
    states = as_array(answer)
    if not isinstance(states, np.ndarray) or states.shape not in ((3,), (3, 1)):
        _KNOWN_STATES(answer)
        return
    states = states.ravel()
    apart = np.abs(states - _STATES) > _NEAR
    try:
        _KNOWN_STATES(states)
    except Wrong as wrong:
        if not str(wrong).startswith("Expected: "):  # it has words of its own
            raise
        before = _RIGHT_BEFORE[int(np.argmax(apart))]
        received = str(wrong).partition("\n")[2]
        raise Wrong(f"{before} is another number. What does the old state add there?\n{received}") from None


THREE_LINES = Exercise(
    id="12.1",
    title="three lines by hand",
    stub="three_states = ...",
    check=Check(_check_states, _KNOWN_STATES.mistakes),
    hints=(
        "After the first line the state is tanh(1·1 + 2·0). The second line is 0, so only the old state counts.",
        "The second state is tanh(2 · 0.76), the third tanh(2 · the second).",
    ),
    solution=computed(_three_states),
    right=(np.round(_STATES, 2), tuple(np.round(_STATES, 3)), _STATES.reshape(3, 1), [[0.76], [0.91], [0.95]]),
    wrong=(
        ([0.76, 0.91, 0.9], "The first two are right, the third is another number."),
        ([[0.76], [0.91], [0.5]], "The first two are right"),
        ([0.76, 0.94, 0.95], "The first is right, the second is another number."),
        ([0.8, 0.5, 0.5], "The first is another number."),
        ([0.8, 0.9, 0.9], "Two digits behind the point"),
        ([[0.76, 0.91, 0.95]], "Expected an array of shape (3,)"),
    ),
)


def _lstm_parameters() -> int:
    inputs, units = 28, 32
    one_part = inputs * units + units * units + units  # from the line, from the state, biases
    lstm_parameters = 4 * one_part  # three gates and the candidate
    return lstm_parameters  # noqa: RET504


LSTM_PARAMETERS = Exercise(
    id="12.2",
    title="weights of an LSTM",
    stub="lstm_parameters = ...",
    check=number_is(
        7808,
        mistakes={
            1952: "That is a simple recurrent cell. An LSTM computes four such sums: three gates and a candidate.",
            5856: "That counts the three gates. The candidate, which is to be written, has its own weights.",
            7680: "The biases are missing: each of the four parts has one for each unit.",
            3712: "The weights from the old state are missing: 32 x 32 in each of the four parts.",
            3584: "Those are the weights from the line. The old state has weights too, and there are biases.",
            1312: "That is the example: a simple cell on lines of 8 numbers.",
            5248: "That is for lines of 8 numbers, as in the example. These lines have 28.",
            7936: "That has two biases for each unit and part, as PyTorch stores them. Keras has one in an LSTM.",
            218_624: "That has other weights for every line. The same are applied at all of them.",
            41_216: "That is the LSTM of the table, with 64 units and lines of 96. Here it has 32, and lines of 28.",
            6848: "Units and inputs are exchanged: there are 28 numbers in a line and 32 in the state.",
        },
        otherwise="Count one sum first: weights from the line, weights from the state, biases. How many are there?",
    ),
    hints=(
        "One sum of a simple cell takes the line, the old state and a bias. How many weights are that for 32 units?",
        "28 x 32 from the line, 32 x 32 from the state, 32 biases: 1,952. An LSTM has that four times.",
    ),
    solution=computed(_lstm_parameters),
    wrong=(
        (7809, "Count one sum first"),
        ("7808", "Expected a number"),
    ),
)


_EXAMPLE_OF_FADING = "That is the example's, with a factor of 0.1."

_KNOWN_LINES = numbers_are(
    {"0.8": 21, "0.98": 228},
    mistakes=(
        ("0.8", 20, "After 20 lines it is 0.8 ** 20 = 0.0115, still above 0.01."),
        ("0.8", 22, "After 21 lines it is already below 0.01."),
        ("0.8", 3, _EXAMPLE_OF_FADING),
        ("0.8", 5, "That takes 0.2 away at every line. It is multiplied, so it never reaches 0."),
        ("0.8", 10, "0.8 ** 10 is 0.107: that is a tenth. One hundredth takes twice as long."),
        ("0.8", 11, "0.8 ** 11 is 0.086: that is below a tenth. One hundredth takes about twice as long."),
        ("0.98", 227, "After 227 lines it is 0.98 ** 227 = 0.0102, still above 0.01."),
        ("0.98", 229, "After 228 lines it is already below 0.01."),
        ("0.98", 3, _EXAMPLE_OF_FADING),
        ("0.98", 50, "That takes 0.02 away at every line. It is multiplied by 0.98."),
        ("0.98", 25, "0.98 is not 1.225 times slower than 0.8. Compare the logarithms of the two factors."),
    ),
)


def _check_lines(answer: Any) -> None:
    """The two counts; says first what is wrong with the form of the keys, and that lines are whole."""
    if isinstance(answer, dict):
        if any(type(key) is float for key in dict.keys(answer)):
            raise Wrong('The keys are texts, between quotation marks: {"0.8": ..., "0.98": ...}.')
        for key in ("0.8", "0.98"):
            lines = as_number(dict.get(answer, key))
            if not isinstance(lines, str) and lines % 1:
                raise Wrong(f'"{key}": Whole lines are asked for. Round up to the first after which it is below 0.01.')
    _KNOWN_LINES(answer)


def _fading() -> dict[str, int]:
    fading = {}
    for name, factor in {"0.8": 0.8, "0.98": 0.98}.items():
        lines, left = 0, 1.0
        while left >= 0.01:
            lines, left = lines + 1, left * factor
        fading[name] = lines
    return fading


FADING = Exercise(
    id="12.4",
    title="how fast it fades",
    stub='fading = {"0.8": ..., "0.98": ...}',
    check=Check(_check_lines, _KNOWN_LINES.mistakes),
    hints=(
        "After n lines factor ** n is left. For which n is that below 0.01 for the first time?",
        "Take logarithms: n > log(0.01) / log(factor), rounded up. Or count in a loop.",
    ),
    solution=computed(_fading),
    wrong=(
        ({"0.8": 20.64, "0.98": 227.95}, '"0.8": Whole lines'),
        ({"0.8": 21, "0.98": np.log(0.01) / np.log(0.98)}, '"0.98": Whole lines'),
        ({0.8: 21, 0.98: 228}, "quotation marks"),
        ({"0.8": 21, "0.98": 99}, '"0.98" is another number'),
        (21, "Expected a dictionary"),
    ),
)


# With gates: mix old values and candidates, set an LSTM to keep.


def mixed(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    state = np.zeros(candidates.shape[1])
    for candidate, keep in zip(candidates, keeps, strict=True):
        state = keep * state + (1 - keep) * candidate
    return state


def _from_the_end(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    """What each line still counts for at the end: what it writes times what all later lines keep."""
    total, kept = np.zeros(candidates.shape[1]), np.ones(candidates.shape[1])
    for candidate, keep in zip(candidates[::-1], keeps[::-1], strict=True):
        total = total + kept * (1 - keep) * candidate
        kept = kept * keep
    return total


def _swapped(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    return mixed(candidates, 1 - keeps)


def _starts_with_the_first(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    state = candidates[0]
    for candidate, keep in zip(candidates[1:], keeps[1:], strict=True):
        state = keep * state + (1 - keep) * candidate
    return state


def _forgets(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    return (1 - keeps[-1]) * candidates[-1]


def _as_an_lstm(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    state = np.zeros(candidates.shape[1])
    for candidate, keep in zip(candidates, keeps, strict=True):
        state = keep * state + candidate
    return state


def _with_tanh(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    state = np.zeros(candidates.shape[1])
    for candidate, keep in zip(candidates, keeps, strict=True):
        state = np.tanh(keep * state + (1 - keep) * candidate)
    return state


def _every_state(candidates: np.ndarray, keeps: np.ndarray) -> np.ndarray:
    return np.array([mixed(candidates[: n + 1], keeps[: n + 1]) for n in range(len(candidates))])


MIXED = Exercise(
    id="12.3",
    title="keep and mix",
    stub="""\
def mixed(candidates, keeps):
    ...""",
    check=function_matches(
        mixed,
        [
            (np.array([[1.0, -1.0], [0.5, 0.25], [-0.5, 1.0]]), np.array([[0.5, 0.9], [0.25, 0.6], [0.75, 0.1]])),
            (np.array([[0.8], [-0.4], [0.2], [0.6]]), np.array([[0.2], [0.9], [0.7], [0.4]])),
        ],
        mistakes=(
            (_swapped, "The two are swapped: `keep` belongs to the old state, `1 - keep` to the candidate."),
            (_starts_with_the_first, "Start from zeros: the first candidate is mixed in like the others."),
            (_forgets, "That is what the last line writes. What was kept of the lines before is missing."),
            (_as_an_lstm, "The candidate is added whole. A GRU writes only what it does not keep, `1 - keep`."),
            (_with_tanh, "There is no tanh around the mixture: it is in the candidates already."),
            (_every_state, "Those are the states after every line. Return the last one."),
        ),
    ),
    hints=(
        "A loop over the lines: `for candidate, keep in zip(candidates, keeps):`. What is the state before the first?",
        "`state = keep * state + (1 - keep) * candidate`, starting from `np.zeros(candidates.shape[1])`.",
    ),
    solution=written(mixed),
    right=(_from_the_end,),
)


def set_to_keep(bias: np.ndarray, value: float) -> np.ndarray:
    units = len(bias) // 4
    changed = bias.copy()
    changed[:units] = -value
    changed[units : 2 * units] = value
    return changed


def _by_parts(bias: np.ndarray, value: float) -> np.ndarray:
    write, keep, candidate, read = np.split(bias, 4)
    return np.concatenate([np.full_like(write, -value), np.full_like(keep, value), candidate, read])


def _swapped_parts(bias: np.ndarray, value: float) -> np.ndarray:
    return set_to_keep(bias, -value)


def _keep_alone(bias: np.ndarray, value: float) -> np.ndarray:
    units = len(bias) // 4
    changed = bias.copy()
    changed[units : 2 * units] = value
    return changed


def _both_keep(bias: np.ndarray, value: float) -> np.ndarray:
    changed = bias.copy()
    changed[: len(bias) // 2] = value
    return changed


def _everything(bias: np.ndarray, value: float) -> np.ndarray:
    return np.full_like(bias, value)


def _first_64(bias: np.ndarray, value: float) -> np.ndarray:
    changed = bias.copy()
    changed[:64], changed[64:128] = -value, value
    return changed


def _first_64_in_place(bias: np.ndarray, value: float) -> np.ndarray:
    bias[:64], bias[64:128] = -value, value
    return bias


def _zeros_elsewhere(bias: np.ndarray, value: float) -> np.ndarray:
    return set_to_keep(np.zeros_like(bias), value)


def _write_last(bias: np.ndarray, value: float) -> np.ndarray:
    units = len(bias) // 4
    changed = bias.copy()
    changed[units : 2 * units], changed[3 * units :] = value, -value
    return changed


def _thirds(bias: np.ndarray, value: float) -> np.ndarray:
    units = len(bias) // 3
    changed = bias.copy()
    changed[:units], changed[units : 2 * units] = -value, value
    return changed


def _added(bias: np.ndarray, value: float) -> np.ndarray:
    units = len(bias) // 4
    changed = bias.copy()
    changed[:units] -= value
    changed[units : 2 * units] += value
    return changed


_DRAW = np.random.default_rng(12)
_BIASES = [np.round(_DRAW.normal(size=4 * units), 2) for units in (3, 6)]

SET_TO_KEEP = Exercise(
    id="12.5",
    title="set an LSTM to keep",
    stub="""\
def set_to_keep(bias, value):
    ...""",
    check=function_matches(
        set_to_keep,
        [(_BIASES[0], 4.0), (_BIASES[1], 2.5)],
        mistakes=(
            (_swapped_parts, "The two are swapped: write comes first, keep second, and keep has the positive value."),
            (_keep_alone, "Keep is right. Write, the first quarter, should have `-value`."),
            (_both_keep, "Write has the positive value as well. It should write less: `-value`."),
            (_everything, "Every part has the value. Candidate and read, the second half, stay as they were."),
            (_first_64, "Not every LSTM has 64 units. How many has one whose bias is 4 * units long?"),
            (_thirds, "An LSTM has four parts, not three as a GRU: a quarter of the bias belongs to each."),
            (_added, "The value is added to what was there. It should stand in its place."),
            (_zeros_elsewhere, "The rest, candidate and read, stays as it was. Here it has become 0."),
            (_write_last, "Write is the first quarter of the bias. The last one belongs to read."),
        ),
    ),
    hints=(
        "A quarter of the bias belongs to each part: `units = len(bias) // 4`.",
        "Copy first, `changed = bias.copy()`, then write into `changed[:units]` and `changed[units : 2 * units]`.",
    ),
    solution=written(set_to_keep),
    right=(_by_parts,),
    wrong=((_first_64_in_place, "changed its input"),),
)


# Which network for which task.

_CNN, _RECURRENT = "CNN", "recurrent"
_BIRDS = "photographs of birds, each in a file"
_BELT = "a line camera that has to stop the belt as soon as a bottle is broken"
_WATCH = "a watch that reads a heartbeat sensor, with no room to store a window"
_X_RAY = "X-ray pictures, 2,000 by 2,000 pixels, looked at overnight"


_FIRST_TRIES = {_BIRDS: _CNN, _BELT: _RECURRENT, _WATCH: _RECURRENT, _X_RAY: _CNN}

WHICH = Exercise(
    id="12.6",
    title="which one",
    **matched("first_tries", _FIRST_TRIES),
    check=matching_is(
        _FIRST_TRIES,
        options=(_CNN, _RECURRENT),
        feedback={
            (_BIRDS, _RECURRENT): "The whole picture is there, so nothing has to be remembered.",
            (
                _BELT,
                _CNN,
            ): "A CNN would wait for the picture, or read its window anew after every line. A state takes one step.",
            (
                _WATCH,
                _CNN,
            ): "A CNN wants a window of values at once, for which there is no room. A state is all that is kept here.",
            (
                _X_RAY,
                _RECURRENT,
            ): "Large is no reason to read line by line: the whole picture is there, and there is time.",
        },
    ),
    hints=(
        "Ask of each: is the whole thing there before an answer is due?",
        "Two of them have to answer while the rest is still coming.",
    ),
    wrong=(
        (_FIRST_TRIES | {_BIRDS: "transformer"}, "expected one of"),
        ({_BIRDS: _CNN}, "Expected the keys"),
    ),
)


EXERCISES = (THREE_LINES, LSTM_PARAMETERS, MIXED, FADING, SET_TO_KEEP, WHICH)
