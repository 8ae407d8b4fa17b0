"""Exercises on recurrence: the parameters of an LSTM, and how fast a gradient fades."""

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import number_is
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["FADING", "LSTM_PARAMETERS"]


def _lstm_parameters() -> int:
    inputs, units = 28, 32
    one_part = inputs * units + units * units + units  # from the row, from the state, biases
    lstm_parameters = 4 * one_part  # three gates and the candidate
    return lstm_parameters  # noqa: RET504


LSTM_PARAMETERS = Exercise(
    id="06.1",
    title="parameters of an LSTM by hand",
    kind="compute by hand",
    prompt="Compute how many parameters layers.LSTM(32) has when it reads rows of 28 pixels.",
    stub="lstm_parameters = ...",
    check=number_is(
        7808,
        tolerance=0.5,
        mistakes={
            1952: "That is a simple recurrent cell. An LSTM computes four such sums: three gates and a candidate.",
            5856: "That counts the three gates. The candidate, which is to be written, has its own weights.",
            7680: "The biases are missing: each of the four parts has one for each unit.",
            3712: "The weights from the old state are missing: 32 x 32 in each of the four parts.",
            3584: "Those are the weights from the row. The old state has weights too, and there are biases.",
            1312: "That is the example: a simple cell on rows of 8 pixels.",
            5248: "That is for rows of 8 pixels, as in the example. These rows have 28.",
            7936: "That has two biases for each unit and part, as PyTorch stores them. Keras has one.",
            218_624: "That has other weights for every row. The same are applied at all 28 steps.",
        },
    ),
    hints=(
        "One sum of a simple cell takes the row, the old state and a bias. How many weights are that for 32 units?",
        "28 x 32 from the row, 32 x 32 from the state, 32 biases: 1,952. An LSTM has that four times.",
    ),
    solution=computed(_lstm_parameters),
    right=(7808, 7808.0, np.int64(7808)),
    wrong=(
        (1952, "simple recurrent cell"),
        (5856, "three gates"),
        (7680, "biases are missing"),
        (3712, "old state are missing"),
        (218_624, "at all 28 steps"),
        (5248, "rows of 8 pixels"),
        (7936, "Keras has one"),
        (7809, "too large"),
        ("7808", "Expected a number"),
    ),
)


def _fading() -> dict[str, int]:
    fading = {}
    for name, factor in {"recurrent": 0.8, "gated": 0.98}.items():
        steps, gradient = 0, 1.0
        while gradient >= 0.01:
            steps, gradient = steps + 1, gradient * factor
        fading[name] = steps
    return fading


FADING = Exercise(
    id="06.2",
    title="how fast a gradient fades",
    kind="change and predict",
    prompt="After how many steps is a gradient below 1 % that is multiplied by 0.8, or by 0.98, at every step?",
    stub='fading = {"recurrent": ..., "gated": ...}',
    check=numbers_are(
        {"recurrent": 21, "gated": 228},
        mistakes=(
            ("recurrent", 20, "After 20 steps it is 0.8 ** 20 = 0.0115, still above 0.01."),
            (
                "recurrent",
                5,
                "That takes 0.2 away at every step. The gradient is multiplied, so it never reaches 0.",
            ),
            ("recurrent", 10, "0.8 ** 10 is 0.107: that is a tenth. One hundredth takes twice as long."),
            ("recurrent", 11, "0.8 ** 11 is 0.086: that is below a tenth. One hundredth takes about twice as long."),
            ("gated", 227, "After 227 steps it is 0.98 ** 227 = 0.0102, still above 0.01."),
            ("gated", 50, "That takes 0.02 away at every step. The gradient is multiplied by 0.98."),
            ("gated", 25, "0.98 is not 1.225 times slower than 0.8. Compare the logarithms of the two factors."),
        ),
    ),
    hints=(
        "After n steps the gradient is factor ** n. For which n is that below 0.01 for the first time?",
        "Take logarithms: n > log(0.01) / log(factor), rounded up. Or count in a loop.",
    ),
    solution=computed(_fading),
    right=(
        {"recurrent": 21, "gated": 228},
        {"gated": np.int64(228), "recurrent": 21.0},
        {name: int(np.ceil(np.log(0.01) / np.log(factor))) for name, factor in (("recurrent", 0.8), ("gated", 0.98))},
    ),
    wrong=(
        ({"recurrent": 20, "gated": 228}, "still above 0.01"),
        ({"recurrent": 5, "gated": 228}, "takes 0.2 away"),
        ({"recurrent": 10, "gated": 228}, "that is a tenth"),
        ({"recurrent": 21, "gated": 227}, "0.98 ** 227"),
        ({"recurrent": 21, "gated": 50}, "takes 0.02 away"),
        ({"recurrent": 21, "gated": 99}, '"gated" is another number'),
        (21, "Expected a dictionary"),
    ),
)
