"""Exercises of lesson 00: read the first classifier's results."""

import numpy as np

from course_utils.exercises.checks import choice_is, function_matches, number_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["EXERCISES"]


def _accuracy() -> float:
    y_true = np.array([3, 0, 2, 2, 1, 3, 0, 1])
    y_predicted = np.array([3, 0, 2, 1, 1, 3, 2, 1])
    accuracy = np.mean(y_predicted == y_true)
    return accuracy  # noqa: RET504


ACCURACY = Exercise(
    id="00.1",
    title="accuracy from two arrays",
    stub="""\
y_true = np.array([3, 0, 2, 2, 1, 3, 0, 1])
y_predicted = np.array([3, 0, 2, 1, 1, 3, 2, 1])
accuracy = ...""",
    check=number_is(
        0.75,
        mistakes={
            0.25: "That is the share of mistakes. Accuracy is the share of predictions that are right.",
            6: "That is how many predictions are right. Divide by how many there are.",
            2: "That is how many predictions are wrong. Count the right ones, and divide by how many there are.",
            75: "That is right in per cent. In code the course writes accuracy as a fraction between 0 and 1.",
        },
    ),
    hints=(
        "Compare the arrays position by position. In how many of the eight do they agree?",
        "`y_predicted == y_true` is an array of True and False. The mean counts True as 1 and False as 0.",
    ),
    solution=computed(_accuracy),
    wrong=(
        (np.array([1, 1, 1, 0, 1, 1, 0, 1]), "an array of shape (8,)"),
        (True, "a yes or no"),
        (float("nan"), "finite number"),
    ),
)


def _most_confused() -> tuple[str, str]:
    classes = ["bag", "boot", "coat", "shirt"]
    table = np.array([[19, 0, 0, 1], [2, 17, 1, 0], [0, 1, 12, 7], [1, 0, 4, 15]])  # rows: true, columns: predicted
    most = 0
    for row in range(4):
        for column in range(4):
            if row != column and table[row, column] > most:  # the diagonal holds what is right
                most = table[row, column]
                most_confused = (classes[row], classes[column])
    return most_confused


_PAIR = 'a pair of two class names (true class, class it is taken for), such as ("bag", "boot")'
_NEVER = "That never happened: there is a 0 in its place. Rows are the true classes, columns the answers."

MOST_CONFUSED = Exercise(
    id="00.3",
    title="which class is taken for which",
    stub="""\
classes = ["bag", "boot", "coat", "shirt"]
table = np.array([[19, 0, 0, 1], [2, 17, 1, 0], [0, 1, 12, 7], [1, 0, 4, 15]])  # rows: true, columns: predicted
most_confused = ...""",
    check=choice_is(
        ("coat", "shirt"),
        feedback={
            ("shirt", "coat"): "Rows are the true classes and columns the predictions; here they are swapped. "
            "4 shirts were taken for coats; another mistake is more frequent.",
            ("bag", "bag"): "19 is the largest number, but it stands on the diagonal: those bags are right.",
            ("boot", "boot"): "The diagonal holds what is right. Look for the largest number beside it.",
            ("coat", "coat"): "The diagonal holds what is right. Look for the largest number beside it.",
            ("shirt", "shirt"): "The diagonal holds what is right. Look for the largest number beside it.",
            ("boot", "bag"): "That happened 2 times. Another mistake is more frequent.",
            ("bag", "shirt"): "That happened once. Another mistake is more frequent.",
            ("boot", "coat"): "That happened once. Another mistake is more frequent.",
            ("coat", "boot"): "That happened once. Another mistake is more frequent.",
            ("shirt", "bag"): "That happened once. Another mistake is more frequent.",
            ("bag", "boot"): _NEVER,
            ("bag", "coat"): _NEVER,
            ("boot", "shirt"): _NEVER,
            ("shirt", "boot"): _NEVER,
        },
        form=_PAIR,
    ),
    hints=(
        "What is right stands on the diagonal, from top left to bottom right. Mistakes are all the other numbers.",
        "The largest number beside the diagonal is 7. Its row gives the true class, its column the predicted one.",
    ),
    solution=computed(_most_confused),
    wrong=(
        ("coat", "a pair of two class names"),
        ((2, 3), "a pair of two class names"),
    ),
)


def _expected_accuracy() -> float:
    expected_accuracy = 1 / 10
    return expected_accuracy  # noqa: RET504


SHUFFLED_LABELS = Exercise(
    id="00.2",
    title="labels shuffled",
    stub="expected_accuracy = ...",
    check=number_is(
        0.1,
        tolerance=0.03,
        mistakes={
            0.5: "One in two is the chance with two classes. Here there are ten.",
            0.0: "To be wrong every time it would have to know the right answer. By luck it is right at times.",
            10: "That is right in per cent. In code the course writes accuracy as a fraction between 0 and 1.",
            1.0: "It can learn the shuffled labels by heart, but those of the test images do not follow from them.",
        },
    ),
    hints=(
        "After shuffling, does an image still say anything about its label?",
        "If it says nothing, the prediction is a guess. How often is a guess right among ten equal classes?",
    ),
    solution=computed(_expected_accuracy),
    right=(0.1, 0.12, 0.09),
    wrong=(
        (0.8, "too large"),
        ("0.1", "Expected a number"),
    ),
)


def name_or_silence(probabilities: np.ndarray, class_names: list[str], least: float) -> str:
    best = probabilities.argmax()
    if probabilities[best] < least:
        return "I do not know"
    return class_names[best]


def _always_a_name(probabilities: np.ndarray, class_names: list[str], _least: float) -> str:
    return class_names[probabilities.argmax()]


def _turned_round(probabilities: np.ndarray, class_names: list[str], least: float) -> str:
    best = probabilities.argmax()
    return "I do not know" if probabilities[best] > least else class_names[best]


def _strictly_more(probabilities: np.ndarray, class_names: list[str], least: float) -> str:
    best = probabilities.argmax()
    return class_names[best] if probabilities[best] > least else "I do not know"


def _first_enough(probabilities: np.ndarray, class_names: list[str], least: float) -> str:
    for name, probability in zip(class_names, probabilities, strict=True):
        if probability >= least:
            return name
    return "I do not know"


def _the_number(probabilities: np.ndarray, _class_names: list[str], least: float) -> str | int:
    best = probabilities.argmax()
    return "I do not know" if probabilities[best] < least else int(best)


def _smallest(probabilities: np.ndarray, class_names: list[str], least: float) -> str:
    worst = probabilities.argmin()
    return "I do not know" if probabilities.max() < least else class_names[worst]


_NAMES = ["ring", "heart", "star", "cross"]

SILENCE = Exercise(
    id="00.4",
    title="let it keep silent",
    stub="""\
def name_or_silence(probabilities, class_names, least):
    # replace the dots
    ...""",
    check=function_matches(
        name_or_silence,
        [
            (np.array([0.1, 0.2, 0.6, 0.1]), _NAMES, 0.5),
            (np.array([0.1, 0.2, 0.6, 0.1]), _NAMES, 0.7),
            (np.array([0.75, 0.0, 0.25]), ["cat", "dog", "bird"], 0.75),
            (np.array([0.25, 0.25, 0.0, 0.5]), _NAMES, 0.9),
            (np.array([0.25, 0.125, 0.5, 0.125]), _NAMES, 0.2),  # more than one is sure enough
            (np.array([0.3, 0.45, 0.25]), ["cat", "dog", "bird"], 0.3),
        ],
        mistakes=(
            (_always_a_name, "It always answers. Compare the largest probability with `least` first."),
            (_turned_round, "It is silent where it is sure. Be silent where the largest probability is below `least`."),
            (_strictly_more, "A probability that is exactly `least` is not below it, so the name is wanted there."),
            (_first_enough, "That is the first name that is sure enough. The most probable one is wanted."),
            (_the_number, "That is the number of the class. Its name stands at that place in `class_names`."),
            (_smallest, "That is the name with the smallest probability. `argmax` finds the largest."),
        ),
    ),
    hints=(
        "`best = probabilities.argmax()` is the place of the largest probability, `probabilities[best]` its value.",
        'If `probabilities[best] < least`, return "I do not know"; otherwise return `class_names[best]`.',
    ),
    solution=written(name_or_silence),
    wrong=(("I do not know", "Expected a function"),),
)

EXERCISES = (ACCURACY, SHUFFLED_LABELS, MOST_CONFUSED, SILENCE)
