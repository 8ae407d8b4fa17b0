"""Exercise on the learning rate: tried on the program of question 15, written in NumPy so that it takes no time."""

from typing import Any

import numpy as np

from course_utils import datasets
from course_utils.exercises.comparing import as_number, shown
from course_utils.exercises.exercise import Exercise, Wrong, computed

__all__ = ["RATE"]

PICTURES, EPOCHS, BATCH, HIDDEN, CLASSES = 300, 12, 32, 32, 10
SAFE = 0.3  # well inside the range that works, so what fails below it is too small
ENOUGH = 1.0  # less than half of what guessing among ten classes costs


def _losses(rate: float, x: np.ndarray, y: np.ndarray, seed: int) -> list[float]:
    """Mean cross-entropy of each epoch; x (n, 64) from 0 to 1, y (n,). Infinite where the numbers overflow."""
    rng = np.random.default_rng(seed)
    first = rng.uniform(-1, 1, (x.shape[1], HIDDEN)) * np.sqrt(6 / (x.shape[1] + HIDDEN))
    second = rng.uniform(-1, 1, (HIDDEN, CLASSES)) * np.sqrt(6 / (HIDDEN + CLASSES))
    bias, other_bias = np.zeros(HIDDEN), np.zeros(CLASSES)
    epochs = []
    for _ in range(EPOCHS):
        batches = np.split(rng.permutation(len(x)), range(BATCH, len(x), BATCH))
        total = 0.0
        for batch in batches:
            hidden = np.maximum(x[batch] @ first + bias, 0)
            scores = hidden @ second + other_bias
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            delta = powers / powers.sum(axis=1, keepdims=True)
            own = np.arange(len(batch)), y[batch]
            total -= np.log(delta[own] + 1e-7).mean()
            delta[own] -= 1
            delta /= len(batch)
            back = (delta @ second.T) * (hidden > 0)
            second, other_bias = second - rate * hidden.T @ delta, other_bias - rate * delta.sum(axis=0)
            first, bias = first - rate * x[batch].T @ back, bias - rate * back.sum(axis=0)
        epochs.append(float(total / len(batches)))
    return [loss if np.isfinite(loss) else np.inf for loss in epochs]


def _rate_works(answer: Any) -> None:
    rate = as_number(answer)
    if isinstance(rate, str):
        raise Wrong(rate)
    if rate == 0:
        raise Wrong("With a rate of 0 the weights never move.")
    if rate < 0:
        raise Wrong("A negative rate climbs: each step makes the loss larger. Rates are positive.")
    data = datasets.load("digits", train=PICTURES, quiet=True).train
    x = data.x.reshape(PICTURES, -1) / 255
    with np.errstate(all="ignore"):  # rates that are much too large overflow, and are meant to be tried
        runs = [_losses(rate, x, data.y, seed) for seed in range(3)]
    if max(run[-1] for run in runs) < ENOUGH:
        return
    last = "At the end: " + ", ".join(f"{run[-1]:.2f}" for run in runs) + "."
    if rate < SAFE:
        raise Wrong(f"The steps are too small: in {EPOCHS} epochs the loss hardly falls.\n{last}")
    if min(run[-1] for run in runs) < ENOUGH:
        raise Wrong(f"Too large: it learns with some seeds and not with others, so it is on the edge.\n{last}")
    start = ", ".join(shown(round(loss, 2)) for loss in runs[0][:4])
    raise Wrong(f"Too large: the steps go too far, and nothing is learned.\nFirst seed, epochs 1 to 4: {start}. {last}")


def _rate() -> float:
    rate = 0.3
    return rate  # noqa: RET504


RATE = Exercise(
    id="12.4",
    title="a rate that works",
    kind="mend",
    prompt="Set rate to a learning rate with which the network learns, with each of three seeds.",
    stub="rate = ...",
    check=_rate_works,
    hints=(
        "Go down in steps of ten from a rate that is too large, until the loss falls in every epoch.",
        "Between 0.1 and 0.5 lies a whole range that works. Far below it the loss falls, but it takes too long.",
    ),
    solution=computed(_rate),
    right=(0.1, 0.2, np.float32(0.5)),
    wrong=(
        (4.0, "Too large"),
        (2, "Too large"),
        (0.01, "steps are too small"),
        (1e-4, "steps are too small"),
        (-0.1, "A negative rate climbs"),
        (0, "never move"),
        ("0.1", "Expected a number"),
        (1e30, "Too large"),
    ),
    seconds=30.0,  # the first load of the digits imports scikit-learn
)
