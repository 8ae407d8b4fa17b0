"""Exercises of lesson 13: patches, attention by hand, how far a head looks, and what to try first."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import array_is, function_matches, matching_is, number_is
from course_utils.exercises.comparing import as_array
from course_utils.exercises.exercise import Check, Exercise, Wrong, computed, matched, written

__all__ = ["EXERCISES"]

# Cut, and look around.


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
    id="13.1",
    title="cut images into patches",
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
        (_overlapping, "Expected an array of shape (2, 6, 12)"),
        (_first_channel, "Expected an array of shape (2, 6, 12)"),
        (_not_flat, "Expected an array of shape (2, 6, 12)"),
    ),
)


def _tail_weights() -> list[float]:
    four_patches = np.array([[2, 0, 0, 0], [0, 2, 0, 2], [0, 0, 2, 0], [2, 0, 1, 0]])
    exponentials = np.exp(four_patches @ np.array([1, 0, 0, 0]) / 2)  # 2 is the square root of four numbers
    tail_weights = (exponentials / exponentials.sum()).tolist()
    return tail_weights  # noqa: RET504


def _shares(scores: list[float]) -> np.ndarray:
    raised = np.exp(np.array(scores))
    return raised / raised.sum()


_TAIL = np.array(_tail_weights())
_ITSELF = "It does not look at itself here: it looks at ear, ball, grass and paw, with four weights that add up to 1."

_KNOWN_TAIL = array_is(
    _TAIL,
    tolerance=0.006,
    mistakes=(
        (np.array([1.0, 0.0, 0.0, 1.0]), "Those are the scores. A softmax makes weights of them."),
        (np.array([2.0, 0.0, 0.0, 2.0]), "Those are the sums of products. Divide by 2, then take the softmax."),
        (_shares([2, 0, 0, 2]), "The division by 2 is missing. So sharply looks the ear, which is twice as furry."),
        (_shares([0.5, 0, 0, 0.5]), "That divides by 4, the number of numbers. Divide by its square root."),
        (
            np.array([0.5, 0.0, 0.0, 0.5]),
            "A score of 0 is not a weight of 0: the exponential of 0 is 1, so ball and grass get something, too.",
        ),
        (np.exp([1.0, 0.0, 0.0, 1.0]), "Those are the exponentials. Divide each by their sum, 7.44."),
        (_shares([1, 0, 0, 1, 0.5]), _ITSELF),
        (_shares([1, 0, 0, 1, 0.5])[:4], _ITSELF),
    ),
    otherwise="First four sums of products, each divided by 2; then the exponentials, each divided by their sum.",
)


def _four_weights(answer: Any) -> None:
    """Four weights, also as the one row of a table."""
    received = as_array(answer)
    one_row = isinstance(received, np.ndarray) and received.ndim == 2 and len(received) == 1
    _KNOWN_TAIL(received[0] if one_row else answer)


TAIL_WEIGHTS = Exercise(
    id="13.2",
    title="look around by hand",
    stub="tail_weights = ...",
    check=Check(_four_weights, _KNOWN_TAIL.mistakes),
    hints=(
        "The sums of products are 2 with the ear, 0 with the ball, 0 with the grass, and with the paw?",
        "The scores are 1, 0, 0, 1. Their exponentials are 2.718, 1, 1, 2.718. What do these add up to?",
    ),
    solution=computed(_tail_weights),
    right=(np.round(_TAIL, 2), tuple(np.round(_TAIL, 3)), _TAIL[np.newaxis]),
    wrong=(
        ([0.4, 0.1, 0.1, 0.4], "First four sums of products"),
        (0.37, "shape"),
    ),
)


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


def _low_score(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, 1), -20) @ values


def _looks_ahead(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, 1).T, -1e9) @ values


def _no_mask(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries, keys, _triangle(queries, len(queries)), 0) @ values


def _cut_afterwards(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    weights = _masked(queries, keys, _triangle(queries, len(queries)), 0)
    return np.where(_triangle(queries, 1), 0, weights) @ values


def _not_divided(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return _masked(queries * np.sqrt(keys.shape[-1]), keys, _triangle(queries, 1), -1e9) @ values


def _down_the_columns(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The softmax over those who look, in the place of those who are looked at."""
    scores = np.where(_triangle(queries, 1), -np.inf, queries @ keys.T / np.sqrt(keys.shape[-1]))
    return np.exp(scores) / np.exp(scores).sum(axis=0, keepdims=True) @ values


def _weights_only(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:  # noqa: ARG001
    return _masked(queries, keys, _triangle(queries, 1), -1e9)


# Values are narrower than keys, so that mixing the keys, or giving the weights, shows in the shape.
_DRAW = np.random.default_rng(6)
_CASES = [
    tuple(np.round(_DRAW.normal(size=shape), 2) for shape in ((4, 3), (4, 3), (4, 2))),
    tuple(np.round(_DRAW.normal(size=shape), 2) for shape in ((3, 5), (3, 5), (3, 2))),
    # Scores of -12 to -18: a later position with a score of -20 would still be looked at.
    (
        np.full((3, 4), -3.0),
        np.array([[2.0], [2.5], [3.0]]) * np.ones(4),
        np.array([[1.0, 4.0], [2.0, 0.0], [7.0, 1.0]]),
    ),
]

_matches = function_matches(
    looking_back,
    _CASES,
    tolerance=1e-5,
    mistakes=(
        (_as_printed, "That is the function as it was printed. Both faults are still there."),
        (_score_of_zero, "A score of 0 is not no weight: exp(0) is 1. Which score has the exponential 0?"),
        (_low_score, "A low score is not none: where the others are low too, it counts. Only -inf has the weight 0."),
        (
            _down_the_columns,
            "The softmax runs over the columns. The weights of one that looks stand in a row: axis=-1.",
        ),
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
    id="13.3",
    title="attention that looks back only",
    stub="""\
def looking_back(queries, keys, values):
    ...""",
    check=Check(_check, _matches.mistakes),
    hints=(
        "Print `later` for three positions. Which places does it mark, and which should it mark?",
        "After the softmax a later position must have the weight 0. The exponential of which score is 0?",
        "`np.triu(..., k=1)` leaves the diagonal out; `-np.inf` is the score.",
    ),
    solution=written(looking_back),
    right=(_step_by_step,),
    wrong=(
        (_not_itself, "look at itself"),
        (_weights_only, "Expected an array of shape (4, 2)"),
    ),
)


# The size of a layer, and how far it looks.


def _attention_weights() -> int:
    width, heads, key_width = 64, 4, 16
    one_way_in = width * heads * key_width + heads * key_width  # for queries; keys and values have as many
    way_out = heads * key_width * width + width
    attention_weights_count = 3 * one_way_in + way_out
    return attention_weights_count  # noqa: RET504


ATTENTION_WEIGHTS = Exercise(
    id="13.4",
    title="weights of attention",
    stub="attention_weights_count = ...",
    check=number_is(
        16_640,
        mistakes={
            4_160: "That is one table with its biases. There are four: queries, keys, values, and the last one.",
            12_480: "That counts queries, keys and values. What the heads find goes through one table more.",
            16_384: "The biases are missing: each of the four tables has 64.",
            66_368: "That has four heads of 64 numbers each. They have 16 each, so together 64.",
            4_208: "That is one head. There are four side by side.",
            288: "That is the example.",
            12_288: "Those are the tables for queries, keys and values. The last table is missing, and all biases.",
            16_576: "The biases of the last table are missing: 64, one for each number that comes out.",
            118: "That is the layer `two_heads` from above: 2 heads of 3 numbers, on rows of 4.",
            4_096: "That is one table, without biases. There are four.",
        },
        otherwise="Count one table first, the one for the queries: how many numbers go in, how many come out?",
    ),
    hints=(
        "Four heads of 16 numbers are 64 together. So the table for the queries has 64 · 64 weights, and 64 biases.",
        "Keys and values have as many. And the last table leads from 4 · 16 numbers back to 64, with 64 biases.",
    ),
    solution=computed(_attention_weights),
    wrong=(
        (17_000, "Count one table first"),
        ("16640", "Expected a number"),
    ),
)


def mean_distance(weights: np.ndarray, side: int) -> float:
    total = 0.0
    for one in range(side * side):
        for other in range(side * side):
            down = one // side - other // side
            across = one % side - other % side
            total += weights[one, other] * np.sqrt(down**2 + across**2)
    return total / (side * side)


def _places(side: int) -> np.ndarray:
    """The row and the column of each patch, shape (patches, 2)."""
    return np.stack(np.divmod(np.arange(side * side), side), axis=1)


def _with_a_table(weights: np.ndarray, side: int) -> float:
    apart = _places(side)[:, np.newaxis] - _places(side)
    return float((weights * np.linalg.norm(apart, axis=2)).sum(axis=1).mean())


def _not_averaged(weights: np.ndarray, side: int) -> float:
    return side * side * mean_distance(weights, side)


def _over_all_pairs(weights: np.ndarray, side: int) -> float:
    return mean_distance(weights, side) / (side * side)


def _in_steps(weights: np.ndarray, side: int) -> float:
    apart = _places(side)[:, np.newaxis] - _places(side)
    return float((weights * np.abs(apart).sum(axis=2)).sum(axis=1).mean())


def _squared(weights: np.ndarray, side: int) -> float:
    apart = _places(side)[:, np.newaxis] - _places(side)
    return float((weights * (apart**2).sum(axis=2)).sum(axis=1).mean())


def _in_the_strip(weights: np.ndarray, side: int) -> float:
    number = np.arange(side * side)
    return float((weights * np.abs(number[:, np.newaxis] - number)).sum(axis=1).mean())


def _without_weights(weights: np.ndarray, side: int) -> float:  # noqa: ARG001
    return mean_distance(np.full((side * side, side * side), 1 / (side * side)), side)


def _to_the_largest(weights: np.ndarray, side: int) -> float:
    return mean_distance(np.eye(side * side)[weights.argmax(axis=1)], side)


def _over_pairs_apart(weights: np.ndarray, side: int) -> float:
    return mean_distance(weights, side) / (side * side - 1)


def _first_line_only(weights: np.ndarray, side: int) -> float:
    total = 0.0
    for one in range(side):
        for other in range(side):
            total += weights[one, other] * abs(one - other)
    return total / side


def _drawn_weights(side: int) -> np.ndarray:
    """Weights that nothing has in common with their transpose, each row with the sum 1."""
    drawn = np.random.default_rng(side).uniform(0.1, 1, (side * side, side * side)) ** 3
    return np.round(drawn / drawn.sum(axis=1, keepdims=True), 3)


MEAN_DISTANCE = Exercise(
    id="13.5",
    title="how far does a head look",
    stub="""\
def mean_distance(weights, side):
    ...""",
    check=function_matches(
        mean_distance,
        [(_drawn_weights(2), 2), (_drawn_weights(3), 3)],
        tolerance=1e-5,
        mistakes=(
            (_not_averaged, "That is the sum over all patches that look. Divide by their number, side * side."),
            (
                _over_all_pairs,
                "Each row of weights adds up to 1 already: divide by the patches that look, not by pairs.",
            ),
            (
                _over_pairs_apart,
                "Each row of weights adds up to 1 already: divide by the patches that look, not by pairs.",
            ),
            (_first_line_only, "That is the first line of patches only. There are side * side patches."),
            (_in_steps, "That counts steps down plus steps across. One down and one across is 1.41 away, not 2."),
            (_squared, "The root is missing: the distance is the square root of down ** 2 + across ** 2."),
            (_in_the_strip, "That is the distance in the strip. Patch `i` lies in row `i // side`, column `i % side`."),
            (_without_weights, "All distances count alike. Each has to be multiplied by its weight."),
            (_to_the_largest, "That is the distance to the patch with the largest weight. All of them count."),
        ),
    ),
    hints=(
        "Patch `i` lies in row `i // side` and column `i % side`. Two loops: who looks, and at whom.",
        "`weights[i, j] * np.sqrt(down**2 + across**2)` for every pair, added up, divided by `side * side`.",
    ),
    solution=written(mean_distance),
    right=(_with_a_table,),
)


# What to try first.

_CNN, _PRETRAINED, _VIT = "CNN from scratch", "pre-trained network", "ViT from scratch"
_MUSHROOMS = "300 photographs of your own, six kinds of mushrooms"
_SENSOR = "200 grey pictures of 32 x 32 pixels from a sensor, a chip without memory to spare"
_MILLIONS = "80 million photographs, a hundred graphics cards, nothing pre-trained fits"
_SHELVES = "2,000 photographs of shop shelves, a laptop, an afternoon"


_FIRST_CHOICES = {_MUSHROOMS: _PRETRAINED, _SENSOR: _CNN, _MILLIONS: _VIT, _SHELVES: _PRETRAINED}

FIRST_CHOICES = Exercise(
    id="13.6",
    title="what first",
    **matched("first_choices", _FIRST_CHOICES),
    check=matching_is(
        _FIRST_CHOICES,
        options=(_CNN, _PRETRAINED, _VIT),
        feedback={
            (
                _MUSHROOMS,
                _CNN,
            ): "With fifty pictures a kind, features of a pre-trained network are far ahead (lesson 06).",
            (_MUSHROOMS, _VIT): "It would have to learn from 300 pictures what is near what.",
            (_SENSOR, _PRETRAINED): "Those were trained on large photographs in colour, and do not fit on the chip.",
            (_SENSOR, _VIT): "With 200 small grey pictures the CNN was ahead in the race, whichever budget.",
            (
                _MILLIONS,
                _CNN,
            ): "It would work. But with so many pictures a built-in assumption is worth least, and there is time.",
            (_MILLIONS, _PRETRAINED): "The task says that none fits. With this many pictures you make one yourself.",
            (_SHELVES, _CNN): "Photographs like those of ImageNet: a linear probe takes minutes, and is likely ahead.",
            (_SHELVES, _VIT): "Ours, after 1,200 photographs, got fewer than half of the new ones right.",
        },
    ),
    hints=(
        "Ask of each: is there a network that was trained on pictures like these, and may it be as large as it is?",
        "From scratch, few pictures speak for the CNN, very many and much time for the ViT.",
    ),
    wrong=(
        (_FIRST_CHOICES | {_MUSHROOMS: "RNN"}, "expected one of"),
        ({_MUSHROOMS: _PRETRAINED}, "Expected the keys"),
    ),
)


EXERCISES = (PATCHES, TAIL_WEIGHTS, LOOKING_BACK, ATTENTION_WEIGHTS, MEAN_DISTANCE, FIRST_CHOICES)
