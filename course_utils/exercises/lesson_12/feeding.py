"""Exercises on what a network is fed: pictures and labels shuffled together, and a split the right way round."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import attempt
from course_utils.exercises.comparing import kind_of
from course_utils.exercises.exercise import Exercise, Wrong, written

__all__ = ["SHUFFLE", "SPLIT"]

Arrays = tuple[np.ndarray, ...]


def _pictures(count: int) -> Arrays:
    """Pictures of two pixels, (n, 2), and labels, (n,): the first pixel is 3 i and the label 7 i for the i-th pair."""
    number = np.arange(count)
    return np.stack([number * 3, number * 3 + 1], axis=1), number * 7


def _arrays(answer: Any, inputs: tuple, names: tuple[str, ...], count: int) -> Arrays:
    """What the answer returned: so many arrays in a tuple or list."""
    result = attempt(answer, *inputs, names=names)
    if type(result) not in (tuple, list) or len(result) != count:
        raise Wrong(f"Expected {count} arrays. Received: {kind_of(result)}.")
    for part in result:
        if not isinstance(part, np.ndarray):
            raise Wrong(f"Expected {count} arrays. Among them: {kind_of(part)}.")
    return tuple(result)


def _belong(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether each picture still has its label."""
    return bool(np.array_equal(x[:, 0] // 3, y // 7))


def shuffle_together(x: np.ndarray, y: np.ndarray, number: int) -> Arrays:
    order = np.random.default_rng(number).permutation(len(x))
    return x[order], y[order]


def _is_shuffled_together(answer: Any) -> None:
    x, y = _pictures(12)
    names = ("x", "y", "number")
    first, again, other = (_arrays(answer, (x, y, seed), names, 2) for seed in (3, 3, 4))
    a, b = first
    if a.shape != x.shape or b.shape != y.shape:
        raise Wrong(f"Expected the shapes {x.shape} and {y.shape}. Received: {a.shape} and {b.shape}.")
    if not _belong(a, b):
        raise Wrong("The labels have left their pictures: x and y need the same order, drawn once.")
    if len(np.unique(a[:, 0])) != len(x):
        raise Wrong("Some pictures are there twice and others are missing. A permutation has each one once.")
    if np.array_equal(a, x):
        raise Wrong("The pairs are whole, but the order is the old one.")
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


SHUFFLE = Exercise(
    id="12.6",
    title="shuffle together",
    kind="mend",
    prompt="Write shuffle_together(x, y, number): both in the same new random order, decided by the seed number.",
    stub="""\
def shuffle_together(x, y, number):
    ...""",
    check=_is_shuffled_together,
    hints=(
        "How many random orders does program 6 draw? How many are needed?",
        "Draw the order itself, `order = rng.permutation(len(x))`, and use it for both: `x[order]`.",
    ),
    solution=written(shuffle_together),
    right=(_by_sorting, _two_generators),
    wrong=(
        (_one_after_the_other, "have left their pictures"),
        (_pictures_only, "have left their pictures"),
        (_with_replacement, "there twice"),
        (_as_it_was, "the order is the old one"),
        (_own_seed, "Use the seed that is given"),
        (_without_seed, "another order at the second call"),
        (_in_place, "changed its input"),
        (lambda x, y, seed: x, "Expected 2 arrays"),  # noqa: ARG005
    ),
)


def split(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:
    order = np.random.default_rng(0).permutation(len(x))
    test, train = order[:held_out], order[held_out:]
    return x[train], y[train], x[test], y[test]


def _is_split(answer: Any) -> None:
    for count, held_out in ((40, 9), (10, 3)):
        x, y = _pictures(count)
        result = _arrays(answer, (x, y, held_out), ("x", "y", "held_out"), 4)
        received = f"\nReceived: lengths {', '.join(str(len(part)) for part in result)}."
        _check_order(result, received)
        x_train, y_train, x_test, y_test = result
        if (len(x_train), len(x_test)) == (held_out, count - held_out):
            raise Wrong(f"The wrong part trains: `held_out` pictures are for the test, the others train.{received}")
        if not (len(x_train) == len(y_train) and len(x_test) == len(y_test)):
            raise Wrong(f"Pictures and labels of a part have different lengths.{received}")
        if not (_belong(x_train, y_train) and _belong(x_test, y_test)):
            raise Wrong("The labels have left their pictures: take x and y by the same numbers.")
        if set(x_train[:, 0]) & set(x_test[:, 0]):
            raise Wrong("Some pictures train and test: the test would measure what was learned by heart.")
        if (len(x_train), len(x_test)) != (count - held_out, held_out):
            raise Wrong(f"Expected lengths {count - held_out} for training and {held_out} for the test.{received}")
        chosen = set(x_test[:, 0])
        if count == 40 and chosen in (set(x[:held_out, 0]), set(x[-held_out:, 0])):
            raise Wrong("The test takes one end as it comes. Data is often sorted by class: draw a random order.")


def _check_order(result: Arrays, received: str) -> None:
    """Pictures have two axes here, labels one."""
    if [part.ndim for part in result] == [2, 2, 1, 1]:
        raise Wrong("That is the order of scikit-learn's function: x, x, y, y. Asked for: x, y, then x, y.")
    if [part.ndim for part in result] != [2, 1, 2, 1]:
        raise Wrong(f"Expected x and y for training, then x and y for the test, in their old shapes.{received}")


def _from_the_end(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:
    order = np.random.default_rng(1).permutation(len(x))
    train, test = np.split(order, [len(x) - held_out])
    return x[train], y[train], x[test], y[test]


def _swapped(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[:held_out], order[held_out:]
    return x[train], y[train], x[test], y[test]


def _trains_on_all(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:
    test = np.random.default_rng(0).permutation(len(x))[:held_out]
    return x, y, x[test], y[test]


def _as_it_comes(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:
    return x[held_out:], y[held_out:], x[:held_out], y[:held_out]


def _like_scikit_learn(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:
    x_train, y_train, x_test, y_test = split(x, y, held_out)
    return x_train, x_test, y_train, y_test


def _two_orders(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:
    rng = np.random.default_rng(0)
    pictures, labels = rng.permutation(x), rng.permutation(y)
    return pictures[held_out:], labels[held_out:], pictures[:held_out], labels[:held_out]


def _half(x: np.ndarray, y: np.ndarray, held_out: int) -> Arrays:  # noqa: ARG001
    return split(x, y, len(x) // 2)


SPLIT = Exercise(
    id="12.7",
    title="who trains",
    kind="mend",
    prompt="Write split(x, y, held_out): held_out pictures, drawn at random, for the test, all others for training.",
    stub="""\
def split(x, y, held_out):
    ...""",
    check=_is_split,
    hints=(
        "Program 7 has 100 pictures to hold out. How many pictures train?",
        "`order[:held_out]` are `held_out` numbers. Which of the two names should they get?",
    ),
    solution=written(split),
    right=(_from_the_end,),
    wrong=(
        (_swapped, "The wrong part trains"),
        (_trains_on_all, "Some pictures train and test"),
        (_as_it_comes, "sorted by class"),
        (_like_scikit_learn, "scikit-learn's function"),
        (_two_orders, "have left their pictures"),
        (_half, "Expected lengths 31 for training"),
        (lambda x, y, held_out: (x[held_out:], x[:held_out]), "Expected 4 arrays"),  # noqa: ARG005
    ),
)
