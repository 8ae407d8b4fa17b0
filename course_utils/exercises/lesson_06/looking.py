"""Exercises on attention and patches, written in NumPy."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import function_matches
from course_utils.exercises.exercise import Exercise, Wrong, written

__all__ = ["LOOKING_BACK", "PATCHES"]


def looking_back(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    scores = queries @ keys.T / np.sqrt(keys.shape[-1])
    later = np.triu(np.ones(scores.shape), k=1) == 1
    scores[later] = -np.inf
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return weights @ values


def _step_by_step(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    rows = []
    for place, query in enumerate(queries):
        raised = np.exp(keys[: place + 1] @ query / np.sqrt(len(query)))
        rows.append(raised @ values[: place + 1] / raised.sum())
    return np.stack(rows)


def _masked(queries: np.ndarray, keys: np.ndarray, later: np.ndarray, score: float) -> np.ndarray:
    """Attention weights with another mask or another score in its place."""
    scores = np.where(later, score, queries @ keys.T / np.sqrt(keys.shape[-1]))
    with np.errstate(invalid="ignore"):  # a position without anything to look at: 0 / 0
        return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)


def _triangle(queries: np.ndarray, first: int) -> np.ndarray:
    return np.triu(np.ones((len(queries), len(queries))), k=first) == 1


def _as_printed(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, 0), 0) @ values


def _score_of_zero(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, 1), 0) @ values


def _not_itself(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, 0), -1e9) @ values


def _looks_ahead(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, 1).T, -1e9) @ values


def _no_mask(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, len(queries)), 0) @ values


def _cut_afterwards(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    weights = _masked(queries, keys, _triangle(queries, len(queries)), 0)
    return np.where(_triangle(queries, 1), 0, weights) @ values


def _not_divided(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries * np.sqrt(keys.shape[-1]), keys, _triangle(queries, 1), -1e9) @ values


def _weights_only(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:  # noqa: ARG001
    return _masked(queries, keys, _triangle(queries, 1), -1e9)


# Values are narrower than keys, so that mixing the keys, or giving the weights, shows in the shape.
_DRAW = np.random.default_rng(6)
_CASES = [
    tuple(np.round(_DRAW.normal(size=shape), 2) for shape in ((4, 3), (4, 3), (4, 2))),
    tuple(np.round(_DRAW.normal(size=shape), 2) for shape in ((3, 5), (3, 5), (3, 2))),
]

_matches = function_matches(
    looking_back,
    _CASES,
    tolerance=1e-5,
    mistakes=(
        (_as_printed, "That is the function as it was printed. Both faults are still there."),
        (_score_of_zero, "A score of 0 is not no weight: exp(0) is 1. Which score has the exponential 0?"),
        (_looks_ahead, "Each position looks at itself and at later ones. Asked for: at itself and earlier ones."),
        (_no_mask, "Every position looks at all of them. Later ones must get the weight 0."),
        (_cut_afterwards, "The weights of a position no longer add up to 1. Change the scores, before the softmax."),
        (_not_divided, "The division by the square root of the width has gone. It was no fault."),
    ),
)


def _check(answer: Any) -> None:
    try:
        _matches(answer)
    except Wrong as wrong:
        if "nan at index [0" not in str(wrong):
            raise
        reason = "The first position has nothing left to look at. It must be able to look at itself."
        raise Wrong(f"{reason}\n{wrong}") from None


LOOKING_BACK = Exercise(
    id="06.3",
    title="attention that looks back only",
    kind="mend",
    prompt="Mend looking_back(queries, keys, values): each position may look at itself and at earlier ones.",
    stub="""\
def looking_back(queries, keys, values):
    ...""",
    check=_check,
    hints=(
        "Print `later` for three positions. Which places does it mark, and which should it mark?",
        "After the softmax a later position must have the weight 0. The exponential of which score is 0?",
        "`np.triu(..., k=1)` leaves the diagonal out; `-np.inf` is the score.",
    ),
    solution=written(looking_back),
    right=(_step_by_step,),
    wrong=(
        (_as_printed, "as it was printed"),
        (_score_of_zero, "exp(0) is 1"),
        (_not_itself, "look at itself"),
        (_looks_ahead, "at later ones"),
        (_no_mask, "looks at all of them"),
        (_cut_afterwards, "no longer add up to 1"),
        (_not_divided, "It was no fault"),
        (_weights_only, "Expected an array of shape (4, 2)"),
    ),
)


def patches(images: np.ndarray, size: int) -> np.ndarray:
    n, height, width, channels = images.shape
    tiles = images.reshape(n, height // size, size, width // size, size, channels)
    tiles = tiles.transpose(0, 1, 3, 2, 4, 5)  # the two numbers of a patch first, then the places inside it
    return tiles.reshape(n, -1, size * size * channels)


def _cut_out(images: np.ndarray, size: int) -> np.ndarray:
    rows, columns = range(0, images.shape[1], size), range(0, images.shape[2], size)
    cut = [images[:, i : i + size, j : j + size].reshape(len(images), -1) for i in rows for j in columns]
    return np.stack(cut, axis=1)


def _not_transposed(images: np.ndarray, size: int) -> np.ndarray:
    return images.reshape(len(images), -1, size * size * images.shape[3])


def _column_by_column(images: np.ndarray, size: int) -> np.ndarray:
    rows, columns = range(0, images.shape[1], size), range(0, images.shape[2], size)
    cut = [images[:, i : i + size, j : j + size].reshape(len(images), -1) for j in columns for i in rows]
    return np.stack(cut, axis=1)


def _turned(images: np.ndarray, size: int) -> np.ndarray:
    """Each patch with its pixels column by column."""
    rows, columns = range(0, images.shape[1], size), range(0, images.shape[2], size)
    squares = [images[:, i : i + size, j : j + size] for i in rows for j in columns]
    return np.stack([square.transpose(0, 2, 1, 3).reshape(len(images), -1) for square in squares], axis=1)


def _overlapping(images: np.ndarray, size: int) -> np.ndarray:
    rows, columns = range(images.shape[1] - size + 1), range(images.shape[2] - size + 1)
    cut = [images[:, i : i + size, j : j + size].reshape(len(images), -1) for i in rows for j in columns]
    return np.stack(cut, axis=1)


def _averaged(images: np.ndarray, size: int) -> np.ndarray:
    tiles = _cut_out(images, size).reshape(len(images), -1, size * size, images.shape[3])
    return tiles.mean(axis=2)


def _first_channel(images: np.ndarray, size: int) -> np.ndarray:
    return _cut_out(images[..., :1], size)


def _not_flat(images: np.ndarray, size: int) -> np.ndarray:
    return _cut_out(images, size).reshape(len(images), -1, size, size, images.shape[3])


_COLOUR = np.arange(2 * 4 * 6 * 3).reshape(2, 4, 6, 3)
_GREY = (np.arange(3 * 6 * 3).reshape(3, 6, 3, 1) * 7) % 50

PATCHES = Exercise(
    id="06.4",
    title="cut images into patches",
    kind="fill in",
    prompt="Write patches(images, size): (n, height, width, channels) to (n, patches, size * size * channels).",
    stub="""\
def patches(images, size):
    ...""",
    check=function_matches(
        patches,
        [(_COLOUR, 2), (_GREY, 3)],
        mistakes=(
            (
                _not_transposed,
                "A reshape alone cuts strips: neighbours in a row, not squares. The axes have to change places.",
            ),
            (_column_by_column, "The patches come column by column. Asked for: along the rows, as one reads."),
            (_turned, "The patches are right; inside each, the pixels come column by column, not row by row."),
            (_averaged, "Those are the means of the patches. A patch keeps all its pixels."),
        ),
    ),
    hints=(
        "Two loops are enough: over the rows and the columns in steps of size. Cut out a square, make it a row.",
        "`images[:, i : i + size, j : j + size].reshape(n, -1)` is one patch of every image; "
        "`np.stack(list, axis=1)` joins them.",
        "Without loops: reshape to (n, height // size, size, width // size, size, channels), then transpose.",
    ),
    solution=written(patches),
    right=(_cut_out,),
    wrong=(
        (_not_transposed, "cuts strips"),
        (_column_by_column, "patches come column by column"),
        (_turned, "inside each"),
        (_overlapping, "Expected an array of shape (2, 6, 12)"),
        (_averaged, "means of the patches"),
        (_first_channel, "Expected an array of shape (2, 6, 12)"),
        (_not_flat, "Expected an array of shape (2, 6, 12)"),
    ),
)
