"""Exercises of lesson 02: a network by hand, its gradients, its loss, and splits that leak."""

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]


def _output() -> float:
    x = np.array([1.0, 2.0])
    w1, b1 = np.array([[1.0, -1.0], [1.0, -2.0]]), np.array([-1.0, 1.0])
    w2, b2 = np.array([3.0, 5.0]), 0.5
    hidden = np.maximum(x @ w1 + b1, 0)  # the sums 2 and -4 become 2 and 0
    output = hidden @ w2 + b2
    return output  # noqa: RET504


FORWARD = Exercise(
    id="02.1",
    title="forward by hand",
    kind="compute by hand",
    prompt="Compute the output of a network with two inputs, two hidden ReLU neurons and one output.",
    stub="""\
x = np.array([1.0, 2.0])
w1, b1 = np.array([[1.0, -1.0], [1.0, -2.0]]), np.array([-1.0, 1.0])
w2, b2 = np.array([3.0, 5.0]), 0.5
output = ...""",
    check=number_is(
        6.5,
        mistakes={
            -13.5: "The second hidden sum is negative. What does ReLU make of it?",
            6.0: "Nearly: the output has a bias as well.",
            9.5: "The hidden neurons have biases: add `b1` before ReLU.",
            0.5: "Each column of `w1` belongs to one hidden neuron; here the rows were taken.",
        },
    ),
    hints=(
        "The first hidden neuron has the weights 1 and 1 and the bias -1. What is its sum, and what after ReLU?",
        "The hidden sums are 2 and -4, so the hidden values are 2 and 0. Multiply by `w2`, add `b2`.",
    ),
    solution=computed(_output),
    right=(6.5, np.float64(6.5), np.array([6.5])[0]),
    wrong=((np.array([2.0, 0.0]), "an array of shape (2,)"),),
)


def _gradient_w1() -> float:
    z = 1.5 * 2.0 - 4.0  # negative
    slope = 1.0 if z > 0 else 0.0  # of ReLU
    output = 3.0 * max(z, 0.0)
    gradient_w1 = 2 * (output - 5.0) * 3.0 * slope * 2.0
    return gradient_w1  # noqa: RET504


BIAS_CHANGED = Exercise(
    id="02.2",
    title="one number changed",
    kind="change and predict",
    prompt="The bias of the small graph becomes -4. What is the gradient of the loss for w1?",
    stub="gradient_w1 = ...",
    check=number_is(
        0.0,
        mistakes={
            12: "That is the gradient with the old bias. Begin with the forward pass: z is another number now.",
            -60: "All factors but one: the sum z is negative now, and the slope of ReLU there is a factor as well.",
            -96: "ReLU is missing in both directions: z is negative now, so what is h, and what is the slope?",
            60: "All factors but one, the slope of ReLU; and o - y is negative.",
            -30: "The slope of ReLU at the new z is a factor as well.",
            -10: "That is the gradient for o. Go on through w2, ReLU and x.",
        },
    ),
    hints=(
        "Compute z again. On which side of 0 does it lie?",
        "The gradient for w1 is a product, and one factor is the slope of ReLU at z = -1.",
    ),
    solution=computed(_gradient_w1),
    right=(0, 0.0, -0.0),
    wrong=(
        (3.0, "too large"),
        ("0", "Expected a number"),
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


def _sigmoid_slope(gradient: np.ndarray, z: np.ndarray) -> np.ndarray:
    return gradient * np.tanh(z) * (1 - np.tanh(z))


_GRADIENT = np.array([[3.0, -1.0, 0.5], [2.0, 0.0, -4.0]])
_SUMS = np.array([[0.0, 0.7, -1.2], [2.5, -0.3, 0.4]])

TANH_BACKWARD = Exercise(
    id="02.3",
    title="backward through tanh",
    kind="fill in",
    prompt="Write tanh_backward(gradient, z): from the loss's gradient for tanh(z) to its gradient for z.",
    stub="""\
def tanh_backward(gradient, z):
    ...""",
    check=function_matches(
        tanh_backward,
        [(_GRADIENT, _SUMS), (np.array([0.5, -2.0]), np.array([1.1, -0.6]))],
        mistakes=(
            (_slope_alone, "That is the local slope. The chain rule multiplies it by the gradient that came in."),
            (_function_for_slope, "That multiplies by tanh itself. The chain rule wants its slope."),
            (_slope_of_the_output, "The slope is 1 - tanh(z)^2; here z itself was squared."),
            (_sigmoid_slope, "a (1 - a) is the slope of sigmoid. That of tanh is another."),
            (_of_the_product, "The gradient does not go into tanh. It is multiplied by the slope."),
        ),
    ),
    hints=(
        "The picture of the activation functions was drawn with the slopes: look into the dictionary `functions`.",
        "The slope of tanh at z is `1 - np.tanh(z) ** 2`. Multiply it by the gradient, number by number.",
    ),
    solution=written(tanh_backward),
    right=(lambda gradient, z: gradient / np.cosh(z) ** 2,),
    wrong=((lambda gradient, z: gradient - z, "Expected"),),
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
    id="02.4",
    title="the loss that fits the labels",
    kind="match",
    prompt="Give each form of the labels the Keras loss that takes it: three forms of cross-entropy are on offer.",
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

MEAN_FIRST = "subtract the mean of all images, then split"
COPIES_AFTER = "split, then turn and copy the training images"
RATE_BY_TEST = "keep the learning rate with the best test accuracy"


def _verdicts() -> dict[str, str]:
    verdicts = {
        "subtract the mean of all images, then split": "leaks",
        "split, then turn and copy the training images": "clean",
        "keep the learning rate with the best test accuracy": "leaks",
    }
    return verdicts  # noqa: RET504


LEAKS = Exercise(
    id="02.5",
    title="which of these leak",
    kind="match",
    prompt='Three procedures end with an accuracy on the test images. Say of each whether it "leaks" or is "clean".',
    stub=f"""\
verdicts = {{
    "{MEAN_FIRST}": ...,
    "{COPIES_AFTER}": ...,
    "{RATE_BY_TEST}": ...,
}}""",
    check=matching_is(
        _verdicts(),
        options=("leaks", "clean"),
        feedback={
            (MEAN_FIRST, "clean"): "The test images are part of that mean: training has used them. "
            "It is a small leak, and free to avoid.",
            (COPIES_AFTER, "leaks"): "The copies stay on the side of their original, so no test image has one "
            "in the training part.",
            (RATE_BY_TEST, "clean"): "A choice made on the test images makes them validation images: "
            "the best of several figures is too good on average.",
        },
    ),
    hints=(
        "Ask of each: has anything been computed or chosen with the test images before the accuracy?",
        "The order matters: what happens after the split to the training part alone cannot leak.",
    ),
    solution=computed(_verdicts),
    wrong=(
        ({MEAN_FIRST: True, COPIES_AFTER: False, RATE_BY_TEST: True}, "expected one of"),
        ("leaks", "Expected a dictionary"),
    ),
)

EXERCISES = (FORWARD, BIAS_CHANGED, TANH_BACKWARD, MATCH_LOSS, LEAKS)
