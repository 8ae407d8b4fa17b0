"""Exercises on losses: one that fits, one without a second softmax, and how low that second softmax lets it get."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.checks import attempt, number_is
from course_utils.exercises.comparing import difference, kind_of, shown
from course_utils.exercises.exercise import Exercise, Wrong, computed, written

__all__ = ["LOSS", "LOWEST", "SOFTMAX_ONCE"]

# Three pictures, four classes; the third answer is wrong, so the right class is not the largest there.
_LABELS = np.array([[2], [0], [3]])
_OUTPUTS = np.array([[0.2, 0.1, 0.6, 0.1], [0.7, 0.05, 0.15, 0.1], [0.45, 0.25, 0.1, 0.2]], dtype="float32")


def _of_right_class(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return -np.log(outputs[np.arange(len(y)), np.ravel(y)])


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


def _loss_fits(answer: Any) -> None:
    loss = _as_loss(answer)
    value = _mean_value(loss, _LABELS)
    right = float(_of_right_class(_LABELS, _OUTPUTS).mean())
    if value is None:
        one_hot = _mean_value(loss, np.eye(4, dtype="float32")[_LABELS[:, 0]])
        if one_hot is not None and abs(one_hot - right) < 1e-3:
            raise Wrong("This loss wants one-hot labels, rows with a single 1. Ours are integers in a column.")
        raise Wrong("This loss cannot take a column of integer labels, (3, 1), with outputs (3, 4).")
    if abs(value - right) < 1e-3:
        return
    if abs(value - float(_of_right_class(_LABELS, _softmax(_OUTPUTS)).mean())) < 1e-3:
        raise Wrong("It expects scores and applies softmax itself. These outputs have been through softmax already.")
    if abs(value - float(np.mean((_LABELS - _OUTPUTS) ** 2))) < 1e-3:
        raise Wrong(
            "Squared distances from the number of the class: as if class 9 were nine times class 1. "
            "A class number is a name, not an amount."
        )
    raise Wrong(
        "It runs, but does not measure what is asked: minus the logarithm of the probability of the right class.\n"
        f"On three pictures it gives {value:.4f}, expected {right:.4f}."
    )


def _as_loss(answer: Any) -> Callable[..., Any]:
    import keras

    if isinstance(answer, type):
        raise Wrong("That is a class. Call it, with brackets behind the name, and you have a loss.")
    if isinstance(answer, str):
        try:
            return keras.losses.get(answer)
        except ValueError:
            raise Wrong(f"Keras has no loss of the name {shown(answer)}.") from None
    if not callable(answer):
        raise Wrong(f"Expected the name of a loss, or a loss. Received: {kind_of(answer)}.")
    return answer


def _mean_value(loss: Callable[..., Any], labels: np.ndarray) -> float | None:
    """The mean loss of the three pictures, or None where the loss cannot take these labels."""
    try:
        return float(np.mean(np.asarray(attempt(loss, labels, _OUTPUTS))))
    except (Wrong, TypeError, ValueError):
        return None


def _loss() -> str:
    loss = "sparse_categorical_crossentropy"
    return loss  # noqa: RET504


def _from_scores(y: np.ndarray, outputs: np.ndarray) -> Any:
    import keras

    return keras.losses.sparse_categorical_crossentropy(y, outputs, from_logits=True)


LOSS = Exercise(
    id="12.1",
    title="a loss that fits",
    kind="mend",
    prompt="Set loss to a loss for integer labels (n, 1) and probabilities (n, 10).",
    stub="loss = ...",
    check=_loss_fits,
    hints=(
        "What should be small when the answer is good? Not the distance from the number of the class.",
        "Cross-entropy has two forms in Keras (lesson 04). One takes one-hot rows, the other takes integers.",
        "The one that takes integers is called sparse.",
    ),
    solution=computed(_loss),
    right=("SparseCategoricalCrossentropy", _of_right_class),
    wrong=(
        ("mean_squared_error", "Squared distances from the number of the class"),
        ("mse", "not an amount"),
        ("categorical_crossentropy", "wants one-hot labels"),
        ("binary_crossentropy", "cannot take a column of integer labels"),
        (_from_scores, "have been through softmax already"),
        ("mean_absolute_error", "does not measure what is asked"),
        ("accuracy", "no loss of the name"),
        (0.1, "Expected the name of a loss"),
    ),
    seconds=60.0,  # the first operation of a process takes seconds on a busy machine
    needs_keras=True,
)


def cross_entropy(y: np.ndarray, outputs: np.ndarray) -> Any:
    import keras

    right = keras.ops.take_along_axis(outputs, keras.ops.cast(y, "int32"), axis=1)
    return -keras.ops.log(right[:, 0])


def _still_softmax(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return _of_right_class(y, _softmax(outputs))


def _without_minus(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return -_of_right_class(y, outputs)


def _of_the_largest(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:  # noqa: ARG001
    return -np.log(outputs.max(axis=1))


def _without_logarithm(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return 1 - outputs[np.arange(len(y)), y[:, 0]]


def _averaged(y: np.ndarray, outputs: np.ndarray) -> float:
    return float(_of_right_class(y, outputs).mean())


def _column(y: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    return -np.log(np.take_along_axis(outputs, y, axis=1))


_MISTAKES = (
    (_still_softmax, "There is still a softmax inside. The outputs are probabilities already: take them as they are."),
    (_without_minus, "The sign is missing: this falls when the right class gets less, so training would do that."),
    (_of_the_largest, "That is the loss of the class it says. Asked for is the class in `y`, right or wrong."),
    (_without_logarithm, "Without the logarithm: a sure mistake costs 1 at most, so hardly more than an unsure one."),
)


def _softmax_once(answer: Any) -> None:
    received = attempt(answer, _LABELS, _OUTPUTS, names=("y", "outputs"))
    try:
        values = np.asarray(received)
    except (TypeError, ValueError):
        raise Wrong(f"Expected three losses, one a picture. Received: {kind_of(received)}.") from None
    problem = difference(_of_right_class(_LABELS, _OUTPUTS), values, tolerance=1e-4)
    if problem is None:
        return
    if values.shape == ():
        raise Wrong(f"That is one number for all. Return one loss a picture; Keras takes the mean.\n{problem}")
    for mistake, message in _MISTAKES:
        if difference(mistake(_LABELS, _OUTPUTS), values, tolerance=1e-4) is None:
            raise Wrong(f"{message}\n{problem}")
    raise Wrong(f"{problem}\nInput: y = {shown(_LABELS.tolist())}; outputs = {shown(_OUTPUTS)}")


SOFTMAX_ONCE = Exercise(
    id="12.2",
    title="softmax once",
    kind="mend",
    prompt="Mend cross_entropy(y, outputs): labels (n, 1), probabilities (n, classes); gives the losses (n,).",
    stub="""\
def cross_entropy(y, outputs):
    ...""",
    check=_softmax_once,
    hints=(
        "How often do the scores pass through softmax, from the last layer to the logarithm?",
        "The line with `softmax` goes. What remains: pick the probability of the right class, and take -log of it.",
    ),
    solution=written(cross_entropy),
    right=(_of_right_class,),
    wrong=(
        (_still_softmax, "still a softmax inside"),
        (_without_minus, "The sign is missing"),
        (_of_the_largest, "the class it says"),
        (_without_logarithm, "Without the logarithm"),
        (_averaged, "one loss a picture"),
        (_column, "Expected an array of shape (3,)"),
        ("sparse_categorical_crossentropy", "Expected a function"),
    ),
    seconds=60.0,
    needs_keras=True,
)


def _lowest_loss() -> float:
    share = np.exp(1) / (np.exp(1) + 9 * np.exp(0))  # of the right class, after the second softmax
    lowest_loss = -np.log(share)
    return lowest_loss  # noqa: RET504


LOWEST = Exercise(
    id="12.9",
    title="how low can it get",
    kind="compute by hand",
    prompt="Compute the lowest loss that program 2 can reach for a picture.",
    stub="lowest_loss = ...",
    check=number_is(
        math.log((math.e + 9) / math.e),
        tolerance=0.003,
        mistakes={
            0.0: "That is the lowest loss with one softmax. The second one cannot give the right class 1.",
            math.e / (math.e + 9): "That is the probability. The loss is minus its natural logarithm.",
            math.log(10): "That is the loss when all ten outputs are equal. Here one of them is 1.",
            math.log(10 + math.e) - 1: "Ten others are counted. There are ten classes in all.",
            math.log10((math.e + 9) / math.e): "That is the logarithm to base 10. The loss takes the natural one.",
            1 - math.log(math.e + 9): "The loss is minus the logarithm, a positive number.",
            math.log((math.e + 9 / math.e) / math.e): "The others have 0, not -1: e to the power 0 is 1.",
            math.log(9): "The softmax takes e to the power of each input: of 1 as well as of 0.",
        },
    ),
    hints=(
        "Softmax: e to the power of each input, divided by the sum of all ten. The inputs are 1 and nine times 0.",
        "e to the power 0 is 1. So the right class gets e / (e + 9), and the loss is minus the natural logarithm.",
    ),
    solution=computed(_lowest_loss),
    right=(1.461, np.log(1 + 9 / np.e)),
    wrong=(
        (0, "with one softmax"),
        (0.232, "That is the probability"),
        (2.3026, "all ten outputs are equal"),
        (1.5434, "Ten others"),
        (0.6346, "base 10"),
        (-1.4612, "minus the logarithm"),
        ("1.46", "Expected a number"),
        (1.2, "too small"),
    ),
)
