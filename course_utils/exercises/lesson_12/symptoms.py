"""Exercises on use and on symptoms: the training flag, and which cause six reports point to."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import function_matches, matching_is
from course_utils.exercises.exercise import Exercise, computed, written

__all__ = ["CAUSES", "FLAG"]


class NormalisingModel:
    """Stands in for a trained network with batch normalisation: it knows three classes, and pictures of four pixels.

    Attributes:
        mean: what training has stored, shape (4,).
        spread: the same, shape (4,).
        weights: shape (4, 3).
    """

    def __init__(self) -> None:
        self.mean = np.array([0.4, 0.5, 0.3, 0.6])
        self.spread = np.array([0.2, 0.3, 0.25, 0.1])
        self.weights = np.array([[1.0, -0.5, 0.2], [-0.3, 0.8, 0.1], [0.4, 0.1, -0.9], [-0.6, 0.3, 0.7]])

    def __call__(self, images: Any, training: bool | None = False) -> np.ndarray:
        """Probabilities (n, 3) for images (n, 4)."""
        images = np.asarray(images, dtype="float64")
        if images.ndim != 2 or images.shape[1] != 4:
            raise ValueError(f"expected shape=(None, 4), found shape={images.shape}")
        mean, spread = (images.mean(axis=0), images.std(axis=0)) if training else (self.mean, self.spread)
        powers = np.exp((images - mean) / (spread + 1e-3) @ self.weights)
        return powers / powers.sum(axis=1, keepdims=True)

    def __repr__(self) -> str:
        return "a trained network"

    def predict(self, images: Any, batch_size: int = 32, verbose: int = 0) -> np.ndarray:  # noqa: ARG002 - as in Keras
        """Probabilities (n, 3), never in training mode."""
        return self(images)


def classes_of(model: Any, images: np.ndarray) -> np.ndarray:
    probabilities = model(images, training=False)
    return np.argmax(probabilities, axis=1)


def _predicted(model: Any, images: np.ndarray) -> np.ndarray:
    return model.predict(images, verbose=0).argmax(axis=-1)


def _one_by_one(model: Any, images: np.ndarray) -> np.ndarray:
    return np.array([np.argmax(model(image[None])[0]) for image in images])


def _flag_left_on(model: Any, images: np.ndarray) -> np.ndarray:
    return np.argmax(model(images, training=True), axis=1)


def _alone_with_flag(model: Any, images: np.ndarray) -> np.ndarray:
    return np.array([np.argmax(model(image[None], training=True)[0]) for image in images])


def _by_column(model: Any, images: np.ndarray) -> np.ndarray:
    return np.argmax(model(images), axis=0)


def _probabilities(model: Any, images: np.ndarray) -> np.ndarray:
    return np.asarray(model(images))


def _largest(model: Any, images: np.ndarray) -> np.ndarray:
    return np.max(model(images), axis=1)


def _first_only(model: Any, images: np.ndarray) -> np.ndarray:
    return np.argmax(model(images)[0])


def _no_batch(model: Any, images: np.ndarray) -> np.ndarray:
    return np.array([np.argmax(model(image)) for image in images])


_IMAGES = np.array(
    [
        [0.25, 0.9, 0.8, 0.15], [0.1, 0.7, 0.9, 0.3], [0.9, 0.6, 0.35, 0.85],
        [0.65, 0.15, 0.4, 0.9], [0.15, 0.25, 0.8, 0.9],
    ]
)  # fmt: skip

FLAG = Exercise(
    id="12.8",
    title="the training flag",
    kind="mend",
    prompt="Write classes_of(model, images): the class of each picture, the same alone as in a batch.",
    stub="""\
def classes_of(model, images):
    ...""",
    check=function_matches(
        classes_of,
        [(NormalisingModel(), _IMAGES), (NormalisingModel(), _IMAGES[3:4]), (NormalisingModel(), _IMAGES[::-1][:3])],
        mistakes=(
            (_flag_left_on, "The model is still in training mode: an answer depends on the others in the batch."),
            (
                _alone_with_flag,
                "One at a time is right, training mode is not: of a batch of one, nothing is left to tell apart.",
            ),
            (_by_column, "Along axis 0 that is the picture which suits a class best. Classes are along axis 1."),
            (_probabilities, "Those are the probabilities. Give the number of the largest in each row."),
            (_largest, "Those are the largest probabilities. Asked for is their place: `argmax`, not `max`."),
        ),
    ),
    hints=(
        "Which argument of the call says that the network is learning now?",
        "`model(images)` and `model.predict(images, verbose=0)` answer without training mode.",
    ),
    solution=written(classes_of),
    right=(_predicted, _one_by_one),
    wrong=(
        (_flag_left_on, "still in training mode"),
        (_alone_with_flag, "training mode is not"),
        (_by_column, "Classes are along axis 1"),
        (_probabilities, "Those are the probabilities"),
        (_largest, "not `max`"),
        (_first_only, "Expected a NumPy array"),
        (_no_batch, "expected shape=(None, 4)"),
    ),
)

RATE, PAIRS, SCALE = "learning rate", "pairs of picture and label", "scale of the pictures"
TWICE, SPLIT, MODE = "softmax twice", "split", "training flag"


def _causes() -> dict[str, str]:
    causes = {
        "A": "scale of the pictures",
        "B": "softmax twice",
        "C": "learning rate",
        "D": "pairs of picture and label",
        "E": "training flag",
        "F": "split",
    }
    return causes  # noqa: RET504


def _with(**changes: str) -> dict[str, str]:
    return _causes() | changes


CAUSES = Exercise(
    id="12.10",
    title="six reports",
    kind="match",
    prompt="Give each of six reports the cause to look at first.",
    stub='causes = {"A": ..., "B": ..., "C": ..., "D": ..., "E": ..., "F": ...}',
    check=matching_is(
        _causes(),
        options=(RATE, PAIRS, SCALE, TWICE, SPLIT, MODE),
        feedback={
            ("A", RATE): "A: a rate that is too large shows after the first steps. This loss was too large before any.",
            ("A", PAIRS): "A: without training, wrong labels cost no more than right ones, about ln 10 = 2.30.",
            ("A", MODE): "A: the flag changes answers, but does not make an untrained network so sure.",
            ("B", RATE): "B: with so many right answers the rate has done its work. What keeps every answer unsure?",
            ("B", MODE): "B: in validation the answers are right. What keeps every probability below 0.25?",
            ("C", SCALE): "C: the first epoch has an ordinary loss. What makes the next ones leap?",
            ("C", MODE): "C: these are losses of the training itself. What makes them leap?",
            ("D", RATE): "D: 99 % in training: the rate is good enough to learn by heart. What is there to learn?",
            ("D", SPLIT): "D: a small training set gives less, but more than guessing. Here nothing carries over.",
            ("D", TWICE): "D: with softmax twice, training and validation suffer alike.",
            ("E", PAIRS): "E: in validation the pairs are right. What differs when a picture comes alone?",
            ("E", SCALE): "E: possible, if the single picture is scaled in another way; the options hold a closer one.",
            ("F", PAIRS): "F: 84 % on other pictures cannot be learned from wrong labels. Count the steps.",
            ("F", RATE): "F: 99 % in training needs no other rate. 7 steps of 32 make how many pictures?",
        },
    ),
    hints=(
        "Ask of each report: is it wrong before training, during it, on other pictures, or only in use?",
        "F: 7 times 32 is 224. D: how can a network reach 99 % where nothing connects picture and label?",
    ),
    solution=computed(_causes),
    right=(dict(reversed(_causes().items())),),
    wrong=(
        (_with(A=RATE), "too large before any"),
        (_with(B=RATE), "What keeps every answer unsure"),
        (_with(C=SCALE), "makes the next ones leap"),
        (_with(D=SPLIT), "Here nothing carries over"),
        (_with(E=PAIRS), "when a picture comes alone"),
        (_with(F=PAIRS), "Count the steps"),
        (_with(F=TWICE), "another option fits"),
        (_with(F="overfitting"), "expected one of"),
        ({"A": SCALE}, "Expected the keys"),
    ),
)
