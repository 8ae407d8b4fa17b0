"""Exercises on results: recall from a confusion matrix, and reading learning curves."""

import numpy as np

from course_utils.exercises.checks import function_matches, open_question
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["LEARNING_CURVES", "RECALL"]


def per_class_recall(confusion: np.ndarray) -> np.ndarray:
    return np.diag(confusion) / confusion.sum(axis=1)


def _in_a_loop(confusion: np.ndarray) -> np.ndarray:
    return np.array([confusion[i, i] / sum(confusion[i]) for i in range(len(confusion))])


def _precision(confusion: np.ndarray) -> np.ndarray:
    return np.diag(confusion) / confusion.sum(axis=0)


def _share_of_all(confusion: np.ndarray) -> np.ndarray:
    return np.diag(confusion) / confusion.sum()


def _counts(confusion: np.ndarray) -> np.ndarray:
    return np.diag(confusion).copy()


def _missed(confusion: np.ndarray) -> np.ndarray:
    return 1 - np.diag(confusion) / confusion.sum(axis=1)


def _rows_as_shares(confusion: np.ndarray) -> np.ndarray:
    return confusion / confusion.sum(axis=1, keepdims=True)


def _accuracy(confusion: np.ndarray) -> float:
    return float(np.trace(confusion) / confusion.sum())


def _in_place(confusion: np.ndarray) -> np.ndarray:
    right = np.diag(confusion) / confusion.sum(axis=1)
    confusion[:] = 0
    return right


RECALL = Exercise(
    id="04.4",
    title="recall of each class",
    kind="fill in",
    prompt="Write per_class_recall(confusion): rows are true classes, columns predicted; gives an array (classes,).",
    stub="""\
def per_class_recall(confusion):
    ...""",
    check=function_matches(
        per_class_recall,
        [(np.array([[8, 1, 1], [0, 15, 5], [6, 2, 2]]),), (np.array([[3, 1], [4, 0]]),)],
        mistakes=(
            (
                _precision,
                "Those are the precisions, shares of a column. Recall asks of the true class: the row.",
            ),
            (_share_of_all, "Divided by all images. Divide each class by the images that truly belong to it."),
            (_counts, "Those are counts. Divide each by the images that truly belong to the class."),
            (_missed, "That is the share missed. Recall is the share found."),
            (_rows_as_shares, "The whole matrix as shares of its rows. Recall is what stands on the diagonal."),
        ),
    ),
    hints=(
        "Recall: of all images that truly belong to a class, which share was found? Found ones are on the diagonal.",
        "Rows are the true classes, so the images of class i are the sum of row i: `confusion.sum(axis=1)`.",
    ),
    solution=written(per_class_recall),
    right=(_in_a_loop,),
    wrong=(
        (_precision, "Those are the precisions"),
        (_share_of_all, "Divided by all images"),
        (_counts, "Those are counts"),
        (_missed, "share missed"),
        (_rows_as_shares, "on the diagonal"),
        (_accuracy, "Expected a NumPy array"),
        (_in_place, "changed its input"),
    ),
)


def _reading() -> str:
    reading = (
        "Both losses fall until epoch 4. From there the training loss goes on falling, while the validation loss "
        "rises: the model goes on fitting the training images and gets worse on others. That is overfitting. "
        "I would keep the weights of epoch 4, where the validation loss is lowest. One run does not show "
        "whether that epoch would be the same with another seed."
    )
    return reading  # noqa: RET504


LEARNING_CURVES = Exercise(
    id="04.6",
    title="read the learning curves",
    kind="open",
    prompt="Say what these losses show, after which epoch you would stop, and what they do not show.",
    stub="""\
training_loss = [1.60, 1.20, 0.90, 0.62, 0.41, 0.25]
validation_loss = [1.50, 1.25, 1.10, 1.08, 1.20, 1.40]
reading = ...""",
    check=open_question(_reading()),
    hints=(
        "Where do the two curves part? Which of them says something about images that the model has not seen?",
        "Name the epoch with the lowest validation loss, and what happens after it. How many runs do you see?",
    ),
    solution=computed(_reading),
    right=(
        "Validation loss is lowest after the fourth epoch, then it rises while the training loss falls: overfitting.",
    ),
    wrong=(
        ("", "The text is empty"),
        ("It is overfitting.", "at least 12 words"),
        (4, "Expected a text"),
        ([1.08], "Expected a text"),
    ),
)
