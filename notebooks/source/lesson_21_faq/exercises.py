"""Exercises of lesson 21: a loss that fits, and the broken programs of question 15."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.exercises.calling import attempt
from course_utils.exercises.checks import function_matches, matching_is, number_is
from course_utils.exercises.comparing import as_array, as_sequence, kind_of, plain, shown
from course_utils.exercises.exercise import Exercise, Wrong, computed, written
from course_utils.exercises.stand_in import StandInTensor

__all__ = ["EXERCISES"]

# Exercises on losses: one that fits, and how low a second softmax lets it get.

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
    answer = plain(answer)
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
    id="21.1",
    title="a loss that fits",
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


def _lowest_loss() -> float:
    share = np.exp(1) / (np.exp(1) + 9 * np.exp(0))  # of the right class, after the second softmax
    lowest_loss = -np.log(share)
    return lowest_loss  # noqa: RET504


LOWEST = Exercise(
    id="21.2",
    title="how low can it get",
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
            -math.log(
                0.23
            ): "The text rounds the probability to 0.23. Compute it: what does the second softmax make of a 1?",
            1.64: "That is where the mean loss of H ended. Asked for is the lowest that one picture can reach.",
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
        (0.232, "That is the probability"),
        (2.3026, "all ten outputs are equal"),
        (1.5434, "Ten others"),
        (0.6346, "base 10"),
        (-1.4612, "minus the logarithm"),
        ("1.46", "Expected a number"),
        (1.2, "too small"),
        (-np.log(0.23), "rounds the probability"),
    ),
)


# An exercise on what a network is fed: pictures and labels shuffled together.

Arrays = tuple[np.ndarray, ...]


def _pictures(count: int, first: int = 0) -> Arrays:
    """Pictures of two pixels, (n, 2), and labels, (n,): 3 i and 3 i + 1 are the pixels of pair i, 7 i is its label."""
    number = first + np.arange(count)
    return np.stack([number * 3, number * 3 + 1], axis=1), number * 7


def _arrays(answer: Any, inputs: tuple, names: tuple[str, ...], count: int) -> Arrays:
    """What the answer returned: so many arrays, or what is as good as arrays, in a tuple or list."""
    result = attempt(answer, *inputs, names=names)
    parts = as_sequence(result)
    if parts is None or len(parts) != count:
        raise Wrong(f"Expected {count} arrays. Received: {kind_of(result)}.")
    arrays = tuple(map(as_array, parts))
    for part in arrays:
        if not isinstance(part, np.ndarray) or part.dtype.kind not in "biuf":
            raise Wrong(f"Expected {count} arrays. Among them: {kind_of(part)}.")
    return arrays


def _numbers(x: np.ndarray, y: np.ndarray, first: int, count: int) -> np.ndarray:
    """Which pair each picture and its label are, counted from 0."""
    number = x[:, 0] / 3 - first
    if not np.array_equal(number, y / 7 - first):
        raise Wrong("The labels have left their pictures: x and y need the same order, by the same numbers.")
    if not (np.array_equal(x[:, 1], x[:, 0] + 1) and np.isin(number, np.arange(count)).all()):
        raise Wrong("These are other pictures than those that were given.")
    return number


def shuffle_together(x: np.ndarray, y: np.ndarray, number: int) -> Arrays:
    order = np.random.default_rng(number).permutation(len(x))
    return x[order], y[order]


def _is_shuffled_together(answer: Any) -> None:
    names = ("x", "y", "number")
    for first, count in ((0, 12), (20, 15)):
        x, y = _pictures(count, first)
        once, again, other = (_arrays(answer, (x, y, seed), names, 2) for seed in (3, 3, 4))
        a, b = once
        if a.shape != x.shape or b.shape != y.shape:
            raise Wrong(f"Expected the shapes {x.shape} and {y.shape}. Received: {a.shape} and {b.shape}.")
        order = _numbers(a, b, first, count)
        if len(np.unique(order)) != count:
            raise Wrong("Some pictures are there twice and others are missing. A permutation has each one once.")
        if np.array_equal(a, x):
            raise Wrong("The pairs are whole, but the order is the old one.")
        steps = np.unique(np.diff(order), return_counts=True)[1]
        if steps.max() >= count - 2:  # all of them, or all but the one where the end meets the beginning
            raise Wrong("The old order is only shifted or turned round: neighbours stay neighbours. Draw a random one.")
        if not np.array_equal(a, again[0]):
            raise Wrong("The same seed gives another order at the second call.")
        if np.array_equal(a, other[0]):
            raise Wrong("Another seed gives the same order. Use the seed that is given.")


def _one_after_the_other(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    return rng.permutation(x), rng.permutation(y)


def _two_generators(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:
    return np.random.default_rng(seed).permutation(x), np.random.default_rng(seed).permutation(y)


def _by_sorting(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:
    order = np.argsort(np.random.default_rng(seed).random(len(x)))
    return np.take(x, order, axis=0), np.take(y, order, axis=0)


def _pictures_only(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:
    return np.random.default_rng(seed).permutation(x), y


def _with_replacement(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:
    order = np.random.default_rng(seed).integers(0, len(x), len(x))
    return x[order], y[order]


def _as_it_was(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:  # noqa: ARG001
    return x, y


def _own_seed(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:  # noqa: ARG001
    return shuffle_together(x, y, 0)


def _without_seed(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:  # noqa: ARG001
    order = np.random.default_rng().permutation(len(x))
    return x[order], y[order]


def _in_place(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:
    for array in (x, y):
        np.random.default_rng(seed).shuffle(array)
    return x, y


def _shifted(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:
    return np.roll(x, seed, axis=0), np.roll(y, seed)


def _turned_round(x: np.ndarray, y: np.ndarray, seed: int) -> Arrays:  # noqa: ARG001
    return x[::-1], y[::-1]


SHUFFLE = Exercise(
    id="21.3",
    title="shuffle together",
    stub="""\
def shuffle_together(x, y, number):
    ...""",
    check=_is_shuffled_together,
    hints=(
        "How many random orders does a program draw that shuffles x and then y? How many are needed?",
        "Draw the order itself, `order = rng.permutation(len(x))`, and use it for both: `x[order]`.",
    ),
    solution=written(shuffle_together),
    right=(_by_sorting, _two_generators),
    wrong=(
        (_one_after_the_other, "have left their pictures"),
        (_pictures_only, "have left their pictures"),
        (_with_replacement, "there twice"),
        (_as_it_was, "the order is the old one"),
        (_shifted, "neighbours stay neighbours"),
        (_turned_round, "neighbours stay neighbours"),
        (_own_seed, "Use the seed that is given"),
        (_without_seed, "another order at the second call"),
        (_in_place, "changed its input"),
        (lambda x, y, seed: x, "Expected 2 arrays"),  # noqa: ARG005
    ),
)


# Exercises on use and on symptoms: the training flag, and which cause six reports point to.


class NormalisingModel:
    """Stands in for a trained network with batch normalisation: it knows three classes, and pictures of four pixels.

    Attributes:
        mean: what training has stored, shape (4,).
        spread: the same, shape (4,).
        weights: shape (4, 3).
    """

    def __init__(self, mean: Sequence[float] = (0.4, 0.5, 0.3, 0.6)) -> None:
        self.mean = np.array(mean)
        self.spread = np.array([0.2, 0.3, 0.25, 0.1])
        self.weights = np.array([[1.0, -0.5, 0.2], [-0.3, 0.8, 0.1], [0.4, 0.1, -0.9], [-0.6, 0.3, 0.7]])

    def __call__(self, images: Any, training: bool | None = False) -> StandInTensor:
        """Probabilities (n, 3) for images (n, 4)."""
        images = np.asarray(images, dtype="float64")
        if images.ndim != 2 or images.shape[1] != 4:
            raise ValueError(f"expected shape=(None, 4), found shape={images.shape}")
        mean, spread = (images.mean(axis=0), images.std(axis=0)) if training else (self.mean, self.spread)
        powers = np.exp((images - mean) / (spread + 1e-3) @ self.weights)
        return (powers / powers.sum(axis=1, keepdims=True)).view(StandInTensor)

    def __repr__(self) -> str:
        return "a trained network"

    @property
    def trainable(self) -> bool:
        """Whether `fit` may change the weights, as in Keras; here it stays as it is."""
        return True

    @trainable.setter
    def trainable(self, value: bool) -> None:  # noqa: ARG002
        raise ValueError("leave the model as it is, and ask it without training mode")

    def predict(self, images: Any, batch_size: int = 32, verbose: int = 0) -> np.ndarray:  # noqa: ARG002 - as in Keras
        """Probabilities (n, 3), never in training mode."""
        return self(images).numpy()

    def predict_on_batch(self, images: Any) -> np.ndarray:
        """Probabilities (n, 3), never in training mode."""
        return self(images).numpy()


def classes_of(model: Any, images: np.ndarray) -> np.ndarray:
    probabilities = model(images, training=False)
    return np.argmax(probabilities, axis=1)


def _predicted(model: Any, images: np.ndarray) -> np.ndarray:
    return model.predict(images, verbose=0).argmax(axis=-1)


def _on_batch(model: Any, images: np.ndarray) -> np.ndarray:
    return model.predict_on_batch(images).argmax(1)


def _frozen(model: Any, images: np.ndarray) -> np.ndarray:
    model.trainable = False
    return np.argmax(model(images), axis=1)


def _from_tensor(model: Any, images: np.ndarray) -> np.ndarray:
    return model(images, training=False).numpy().argmax(axis=1)


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
    id="21.4",
    title="the training flag",
    stub="""\
def classes_of(model, images):
    ...""",
    check=function_matches(
        _predicted,  # an ordinary array, for the messages
        [
            (NormalisingModel(), _IMAGES),
            (NormalisingModel(), _IMAGES[3:4]),
            (NormalisingModel((0.8, 0.1, 0.9, 0.2)), _IMAGES[::-1][:3]),
        ],
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
    right=(_predicted, _on_batch, _from_tensor, _one_by_one),
    wrong=(
        (_first_only, "Expected a NumPy array"),
        (_no_batch, "expected shape=(None, 4)"),
        (_frozen, "leave the model as it is"),
    ),
)

_RATE, _PAIRS, _SCALE = "learning rate", "pairs of picture and label", "scale of the pictures"
_TWICE, _SPLIT, _MODE = "softmax twice", "split", "training flag"


def _causes() -> dict[str, str]:
    causes = {
        "P": "scale of the pictures",
        "Q": "softmax twice",
        "R": "learning rate",
        "S": "pairs of picture and label",
        "T": "training flag",
        "U": "split",
    }
    return causes  # noqa: RET504


def _with(**changes: str) -> dict[str, str]:
    return _causes() | changes


_SAID = {
    ("P", _RATE): "a rate that is too large shows after the first steps. This loss was too large before any.",
    ("P", _PAIRS): "without training, wrong labels cost no more than right ones, about ln 10 = 2.30.",
    (
        "P",
        _TWICE,
    ): "a second softmax makes answers less sure, so the first loss stays near ln 10. This one is far above.",
    ("P", _SPLIT): "the split does nothing before training. What makes an untrained network so sure?",
    ("P", _MODE): "the flag changes answers, but does not make an untrained network so sure.",
    ("Q", _RATE): "with so many right answers the rate has done its work. What keeps every answer unsure?",
    ("Q", _PAIRS): "90 % on other pictures cannot be learned from wrong labels. What keeps every answer unsure?",
    ("Q", _SCALE): "bytes that go in unscaled make answers too sure. Here none is sure.",
    ("Q", _SPLIT): "the split changes how many are right. What keeps every probability below 0.25?",
    ("Q", _MODE): "in validation the answers are right. What keeps every probability below 0.25?",
    ("R", _PAIRS): "with wrong pairs the loss falls slowly. What makes it leap?",
    ("R", _SCALE): "the first epoch has an ordinary loss. What makes the next ones leap?",
    ("R", _TWICE): "with softmax twice no loss with ten classes passes 2.5: no answer is sure. This one leaps to 7.6.",
    ("R", _SPLIT): "these are losses of the training itself, on one and the same part. What makes them leap?",
    ("R", _MODE): "these are losses of the training itself. What makes them leap?",
    ("S", _RATE): "other rates are no better. Something in training keeps it from finding a rule. What?",
    (
        "S",
        _SCALE,
    ): "no loss before training is given that would be too large. What is there to learn, if nothing carries over?",
    ("S", _MODE): "`evaluate` never uses training mode, and training itself hardly gets better.",
    ("S", _SPLIT): "a small training set gives less, but more than guessing. Here nothing carries over.",
    ("S", _TWICE): "with softmax twice most answers are right in the end (panel H). Here hardly any are.",
    ("T", _RATE): "with 97 % in validation the rate has done its work. What differs in the application?",
    ("T", _PAIRS): "in validation the pairs are right. What differs when a picture comes alone?",
    (
        "T",
        _SCALE,
    ): "a good suspect, but the report says that the application scales in the same way. What else can differ?",
    (
        "T",
        _TWICE,
    ): "a second softmax leaves the order of the classes as it is. What differs when a picture comes alone?",
    ("T", _SPLIT): "the split was over before the application asked. What differs when a picture comes alone?",
    ("U", _PAIRS): "84 % on other pictures cannot be learned from wrong labels. Count the steps.",
    ("U", _RATE): "99 % in training needs no other rate. 7 steps of 32 make how many pictures?",
    ("U", _SCALE): "99 % in training needs no other scale. 7 steps of 32 make how many pictures?",
    ("U", _TWICE): "softmax twice makes answers unsure; the report names none. 7 steps of 32 make how many pictures?",
    ("U", _MODE): "`fit` and its validation set the flag by themselves. 7 steps of 32 make how many pictures?",
}

CAUSES = Exercise(
    id="21.5",
    title="six reports",
    stub='causes = {"P": ..., "Q": ..., "R": ..., "S": ..., "T": ..., "U": ...}',
    check=matching_is(_causes(), options=(_RATE, _PAIRS, _SCALE, _TWICE, _SPLIT, _MODE), feedback=_SAID),
    hints=(
        "Ask of each report: is it wrong before training, during it, on other pictures, or only in use?",
        "U: 7 times 32 is 224. S: what is learned where nothing connects picture and label?",
    ),
    solution=computed(_causes),
    wrong=(
        (_with(U="overfitting"), "expected one of"),
        ({"P": _SCALE}, "Expected the keys"),
    ),
)


EXERCISES = (LOSS, LOWEST, SHUFFLE, FLAG, CAUSES)
