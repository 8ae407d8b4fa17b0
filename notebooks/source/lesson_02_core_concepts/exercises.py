"""Exercises of lesson 02: a network by hand, forwards and backwards, the learning rate and the loss."""

from collections.abc import Callable

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]


def _output() -> float:
    inputs = np.array([1.0, 2.0])
    first_weights = np.array([[1.0, -1.0], [1.0, -2.0]])
    first_biases = np.array([-1.0, 1.0])
    output_weights, output_bias = np.array([3.0, 5.0]), 0.5
    after_relu = np.maximum(inputs @ first_weights + first_biases, 0)  # the sums 2 and -4 become 2 and 0
    output = after_relu @ output_weights + output_bias
    return output  # noqa: RET504


FORWARD = Exercise(
    id="02.1",
    title="forward by hand",
    stub="""\
inputs = np.array([1.0, 2.0])
first_weights = np.array([[1.0, -1.0], [1.0, -2.0]])
first_biases = np.array([-1.0, 1.0])
output_weights, output_bias = np.array([3.0, 5.0]), 0.5
output = ...""",
    check=number_is(
        6.5,
        mistakes={
            -13.5: "The second hidden sum is negative. What does ReLU make of it?",
            6.0: "Nearly: the output has a bias as well.",
            9.5: "The hidden neurons have biases: add `first_biases` before ReLU.",
            1 / (1 + np.exp(-6.5)): "The output has no activation function here: leave out sigmoid.",
            0.5: "Each column of `first_weights` belongs to one hidden neuron; here the rows were taken.",
        },
    ),
    hints=(
        "The first hidden neuron has the weights 1 and 1 and the bias -1. What is its sum, and what after ReLU?",
        "The hidden sums are 2 and -4, so the hidden values are 2 and 0. Multiply by `output_weights`; add the bias.",
    ),
    solution=computed(_output),
    wrong=((np.array([2.0, 0.0]), "an array of shape (2,)"),),
)


def _learning_rate() -> float:
    # Every step takes w to w - rate * 6 * w. It has to be -w, so rate * 6 is 2.
    learning_rate = 2 / 6
    return learning_rate  # noqa: RET504


TOO_FAST = Exercise(
    id="02.2",
    title="too fast",
    stub="learning_rate = ...",
    check=number_is(
        1 / 3,
        tolerance=0.001,
        mistakes={
            0.33: "Nearly: with 0.33 each jump is a little shorter than the last. Write it as a fraction.",
            0.34: "Nearly: with 0.34 each jump is a little longer than the last. Write it as a fraction.",
            0.25: "That is the rate for the curve of the text, whose slope is another. Begin at w = 1: its slope is 6.",
            1 / 6: "With that rate the step from 1 leads to 0, the lowest point. It has to lead to -1.",
            -1 / 3: "A learning rate is positive. New weight = old weight - rate * slope.",
            3: "Turned round: the step is the rate *times* the slope, 6 at w = 1. It has to be 2 long.",
            2: "That is how long the step has to be. The step is the learning rate times the slope.",
        },
    ),
    hints=(
        "What is the slope at w = 1? And how long is the step from 1 to -1?",
        "The slope is 6 and the step has to be 2 long, so the learning rate times 6 is 2.",
    ),
    solution=computed(_learning_rate),
    right=(0.333, 1 / 3, np.float32(1 / 3)),
    wrong=(
        (1.0, "too large"),
        ("1/3", "Expected a number"),
    ),
)


def _gradient_if_zero() -> float:
    output_slope_if_zero = 0.5 - 0  # probability minus truth: 0.5 in the place of -0.5
    hidden_slope_if_zero = -2.0 * output_slope_if_zero  # its sum is positive, so ReLU lets it pass
    gradient_if_zero = 2.0 * hidden_slope_if_zero
    return gradient_if_zero  # noqa: RET504


OTHER_TRUTH = Exercise(
    id="02.3",
    title="the other truth",
    stub="gradient_if_zero = ...",
    check=number_is(
        -2.0,
        mistakes={
            2: "That is the gradient for the truth 1. Begin at the output: probability minus truth is 0.5 now.",
            -1: "That is the gradient for the second hidden neuron. Go on through its arrow: times the input, 2.",
            0.5: "That is the slope for the output's sum. Go on through the weight -2, ReLU and the input 2.",
            1: "Nearly: what came in through this arrow is 2; and mind the sign at the output.",
            0: "Only the third neuron's ReLU is closed. The second one's sum is 1, and the slope passes.",
            -0.5: "That is the slope for the output's sum, and for the truth 1. For 0 it is 0.5; then go on back.",
            -4: "The output's slope is 0.5 - 0, not 1. Then times the weight -2, times the input 2.",
            4: "On the way lie the output's slope 0.5, the weight -2 and the input 2. Multiply those.",
        },
    ),
    hints=(
        "Going forwards, nothing changes. Which of the red numbers is the first to change?",
        "The output's slope is 0.5 - 0 = 0.5. Times the weight -2, times the input 2.",
    ),
    solution=computed(_gradient_if_zero),
    wrong=(
        (12.0, "too large"),
        ("-2", "Expected a number"),
    ),
)


def tanh_backward(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * (1 - np.tanh(z) ** 2)


def _slope_alone(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:  # noqa: ARG001
    return 1 - np.tanh(z) ** 2


def _function_for_slope(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * np.tanh(z)


def _slope_of_the_output(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * (1 - z**2)


def _of_the_product(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(gradient * z) ** 2


def _bracket_too_early(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * (1 - np.tanh(z)) ** 2


def _no_brackets(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * 1 - np.tanh(z) ** 2


def _swapped(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return z * (1 - np.tanh(gradient) ** 2)


def _slope_of_relu(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * (z > 0)


def _sigmoid_slope(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * np.tanh(z) * (1 - np.tanh(z))


_GRADIENT = np.array([[3.0, -1.0, 0.5], [2.0, 0.0, -4.0]])
_SUMS = np.array([[0.0, 0.7, -1.2], [2.5, -0.3, 0.4]])

TANH_BACKWARD = Exercise(
    id="02.4",
    title="another bend",
    stub="""\
def tanh_backward(gradient, z):
    # replace the dots
    ...""",
    check=function_matches(
        tanh_backward,
        [(_GRADIENT, _SUMS), (np.array([0.5, -2.0]), np.array([1.1, -0.6]))],
        mistakes=(
            (_slope_alone, "That is the local slope. The chain rule multiplies it by the gradient that came in."),
            (_function_for_slope, "That multiplies by tanh itself. The chain rule wants its slope."),
            (_slope_of_the_output, "The slope is 1 - tanh(z)^2; here z itself was squared."),
            (_sigmoid_slope, "a (1 - a) is the slope of sigmoid. That of tanh is another."),
            (_bracket_too_early, "The square belongs to tanh alone: `1 - np.tanh(z) ** 2`."),
            (_no_brackets, "Put brackets round the slope: without them only the 1 is multiplied by the gradient."),
            (_swapped, "`gradient` and `z` have changed places."),
            (_slope_of_relu, "That is the slope of ReLU. That of tanh is 1 - tanh(z)^2."),
            (_of_the_product, "The gradient does not go into tanh. It is multiplied by the slope."),
        ),
    ),
    hints=(
        "What came in is multiplied by the slope of tanh at z, as step 4 multiplies by the slope of ReLU.",
        "The slope of tanh at z is `1 - np.tanh(z) ** 2`. Multiply it by the gradient, number by number.",
    ),
    solution=written(tanh_backward),
    right=(lambda gradient, z: gradient / np.cosh(z) ** 2,),
    wrong=((lambda gradient, z: gradient - z, "Expected"),),
)


def mended_backward(
    x: np.ndarray, y: np.ndarray, hidden: np.ndarray, probability: np.ndarray, parameters: list[np.ndarray]
) -> list[np.ndarray]:
    w2 = parameters[2]
    for_output_sums = (probability - y) / len(y)
    for_hidden = for_output_sums @ w2.T
    for_hidden_sums = for_hidden * (hidden > 0)  # the slope of ReLU is 1 or 0
    return [
        x.T @ for_hidden_sums,
        for_hidden_sums.sum(axis=0),
        hidden.T @ for_output_sums,
        for_output_sums.sum(axis=0),  # divided by len(y) already
    ]


def _open(gradient: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    return gradient * (hidden > 0)


def _faulty(through_relu: Callable = _open, divided_twice: tuple[int, ...] = (), sign: int = 1) -> Callable:
    """A way back with another step through ReLU, gradients divided by the number of points once more, or a sign."""

    def backward(
        x: np.ndarray, y: np.ndarray, hidden: np.ndarray, probability: np.ndarray, parameters: list[np.ndarray]
    ) -> list[np.ndarray]:
        ends = sign * (probability - y) / len(y)
        sums = through_relu(ends @ parameters[2].T, hidden)
        found = [x.T @ sums, sums.sum(axis=0), hidden.T @ ends, ends.sum(axis=0)]
        return [one / len(y) if place in divided_twice else one for place, one in enumerate(found)]

    return backward


_mean_left = _faulty(divided_twice=(3,))
_value_left = _faulty(lambda gradient, hidden: gradient * hidden)
_both_left = _faulty(lambda gradient, hidden: gradient * hidden, divided_twice=(3,))
_no_slope = _faulty(lambda gradient, _: gradient)
_no_brackets_left = _faulty(lambda gradient, hidden: gradient * hidden > 0)
_slope_of_gradient = _faulty(lambda gradient, _: gradient * (gradient > 0))
_turned_round = _faulty(sign=-1)
_hidden_mean = _faulty(divided_twice=(1,))
_all_means = _faulty(divided_twice=(1, 3))


def _batch(seed: int, points: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[np.ndarray]]:
    """Arguments as a forward pass would leave them: two inputs, four hidden neurons of which some are closed."""
    random = np.random.default_rng(seed)
    parameters = [random.normal(size=shape) for shape in ((2, 4), (4,), (4, 1), (1,))]
    x, y = random.normal(size=(points, 2)), random.integers(0, 2, (points, 1)).astype(float)
    hidden = np.maximum(x @ parameters[0] + parameters[1], 0)
    return x, y, hidden, 1 / (1 + np.exp(-(hidden @ parameters[2] + parameters[3]))), parameters


MEND_BACKWARD = Exercise(
    id="02.5",
    title="mend the way back",
    stub="""\
def mended_backward(x, y, hidden, probability, parameters):
    # the mended lines, in the place of the dots
    ...""",
    check=function_matches(
        mended_backward,
        [_batch(0, 5), _batch(1, 3)],
        mistakes=(
            (
                _both_left,
                "Both faults are still there. Measure the slopes as in the gradient check: which arrays differ?",
            ),
            (_mean_left, "The way through ReLU is right. The gradient of the last bias is divided by len(y) twice."),
            (_value_left, "The last bias is right. Through ReLU one multiplies by its slope, not by its value."),
            (_no_slope, "The slope of ReLU is missing: closed neurons must not get a gradient."),
            (
                _no_brackets_left,
                "Brackets: `for_hidden * hidden > 0` compares the product. Write `for_hidden * (hidden > 0)`.",
            ),
            (_slope_of_gradient, "ReLU is open where `hidden` is above 0, not where the gradient is."),
            (_turned_round, "All signs are turned round: step 1 is probability minus truth."),
            (
                _hidden_mean,
                "The hidden biases are divided by len(y) twice: `for_output_sums` holds that division already.",
            ),
            (_all_means, "Both biases are divided by len(y) twice: `for_output_sums` holds that division already."),
        ),
    ),
    hints=(
        "Step 4: through ReLU the slope passes where the sum was positive, and is set to 0 elsewhere.",
        "`hidden > 0` is True where ReLU was open. And for the last bias: do the others take `sum` or `mean`?",
    ),
    solution=written(mended_backward),
    wrong=(([1.0, 2.0], "Expected a function"),),
)

ONE_HOT = "one-hot rows such as [0, 0, 1]"
INTEGERS = "integers such as 2"
TWO_CLASSES = "0 or 1, and one sigmoid output"
LOSSES = ("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error")


def _loss_for() -> dict[str, str]:
    loss_for = {
        "one-hot rows such as [0, 0, 1]": "categorical_crossentropy",
        "integers such as 2": "sparse_categorical_crossentropy",
        "0 or 1, and one sigmoid output": "binary_crossentropy",
    }
    return loss_for  # noqa: RET504


_SQUARED = "It trains, but cross-entropy is the likelihood of the labels, and gets out of confident mistakes."
_NO_SECOND = "With one output there is no second class to compare with."

MATCH_LOSS = Exercise(
    id="02.6",
    title="the loss that fits the labels",
    stub=f"""\
loss_for = {{
    "{ONE_HOT}": ...,
    "{INTEGERS}": ...,
    "{TWO_CLASSES}": ...,
}}""",
    check=matching_is(
        _loss_for(),
        options=LOSSES,
        feedback={
            (ONE_HOT, LOSSES[1]): "It takes class numbers; these are one-hot rows.",
            (ONE_HOT, LOSSES[2]): "It treats every class as a question of its own; here one is right.",
            (ONE_HOT, LOSSES[3]): _SQUARED,
            (INTEGERS, LOSSES[0]): "It wants a row with a number for each class, not an integer.",
            (INTEGERS, LOSSES[2]): "This loss wants 0 or 1; a class number such as 2 is neither.",
            (INTEGERS, LOSSES[3]): "It takes class 2 for twice class 1; class numbers are only names.",
            (TWO_CLASSES, LOSSES[0]): _NO_SECOND,
            (TWO_CLASSES, LOSSES[1]): "It wants one output for each class; there is one.",
            (TWO_CLASSES, LOSSES[3]): _SQUARED,
        },
    ),
    hints=(
        "Look at the shape of `y`: one number an image, or one row an image?",
        "*Sparse* means that only the number of the right class is stored, not the whole row.",
    ),
    solution=computed(_loss_for),
    wrong=(
        ({ONE_HOT: LOSSES[1], INTEGERS: LOSSES[0], TWO_CLASSES: LOSSES[2]}, "takes class numbers"),
        ({ONE_HOT: "cross_entropy", INTEGERS: LOSSES[1], TWO_CLASSES: LOSSES[2]}, "expected one of"),
        ({ONE_HOT: LOSSES[0]}, "Expected the keys"),
        ("categorical_crossentropy", "Expected a dictionary"),
    ),
)

EXERCISES = (FORWARD, TOO_FAST, OTHER_TRUTH, TANH_BACKWARD, MEND_BACKWARD, MATCH_LOSS)
