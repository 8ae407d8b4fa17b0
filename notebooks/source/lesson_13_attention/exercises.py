"""Exercises of lesson 13: sequence models and attention."""

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import function_matches, keras_model_satisfies, number_is, open_question
from course_utils.exercises.comparing import shown
from course_utils.exercises.exercise import Exercise, Wrong, computed, written

if TYPE_CHECKING:
    import keras

__all__ = ["EXERCISES"]

# Exercises on recurrence: the parameters of an LSTM, and how fast a gradient fades.


def _lstm_parameters() -> int:
    inputs, units = 28, 32
    one_part = inputs * units + units * units + units  # from the row, from the state, biases
    lstm_parameters = 4 * one_part  # three gates and the candidate
    return lstm_parameters  # noqa: RET504


LSTM_PARAMETERS = Exercise(
    id="13.1",
    title="parameters of an LSTM by hand",
    kind="compute by hand",
    prompt="Compute how many parameters layers.LSTM(32) has when it reads rows of 28 pixels.",
    stub="lstm_parameters = ...",
    check=number_is(
        7808,
        tolerance=0.5,
        mistakes={
            1952: "That is a simple recurrent cell. An LSTM computes four such sums: three gates and a candidate.",
            5856: "That counts the three gates. The candidate, which is to be written, has its own weights.",
            7680: "The biases are missing: each of the four parts has one for each unit.",
            3712: "The weights from the old state are missing: 32 x 32 in each of the four parts.",
            3584: "Those are the weights from the row. The old state has weights too, and there are biases.",
            1312: "That is the example: a simple cell on rows of 8 pixels.",
            5248: "That is for rows of 8 pixels, as in the example. These rows have 28.",
            7936: "That has two biases for each unit and part, as PyTorch stores them. Keras has one.",
            218_624: "That has other weights for every row. The same are applied at all 28 steps.",
        },
    ),
    hints=(
        "One sum of a simple cell takes the row, the old state and a bias. How many weights are that for 32 units?",
        "28 x 32 from the row, 32 x 32 from the state, 32 biases: 1,952. An LSTM has that four times.",
    ),
    solution=computed(_lstm_parameters),
    right=(7808, 7808.0, np.int64(7808)),
    wrong=(
        (1952, "simple recurrent cell"),
        (5856, "three gates"),
        (7680, "biases are missing"),
        (3712, "old state are missing"),
        (218_624, "at all 28 steps"),
        (5248, "rows of 8 pixels"),
        (7936, "Keras has one"),
        (7809, "too large"),
        ("7808", "Expected a number"),
    ),
)


def _fading() -> dict[str, int]:
    fading = {}
    for name, factor in {"recurrent": 0.8, "gated": 0.98}.items():
        steps, gradient = 0, 1.0
        while gradient >= 0.01:
            steps, gradient = steps + 1, gradient * factor
        fading[name] = steps
    return fading


FADING = Exercise(
    id="13.2",
    title="how fast a gradient fades",
    kind="change and predict",
    prompt="After how many steps is a gradient below 1 % that is multiplied by 0.8, or by 0.98, at every step?",
    stub='fading = {"recurrent": ..., "gated": ...}',
    check=numbers_are(
        {"recurrent": 21, "gated": 228},
        mistakes=(
            ("recurrent", 20, "After 20 steps it is 0.8 ** 20 = 0.0115, still above 0.01."),
            (
                "recurrent",
                5,
                "That takes 0.2 away at every step. The gradient is multiplied, so it never reaches 0.",
            ),
            ("recurrent", 10, "0.8 ** 10 is 0.107: that is a tenth. One hundredth takes twice as long."),
            ("recurrent", 11, "0.8 ** 11 is 0.086: that is below a tenth. One hundredth takes about twice as long."),
            ("gated", 227, "After 227 steps it is 0.98 ** 227 = 0.0102, still above 0.01."),
            ("gated", 50, "That takes 0.02 away at every step. The gradient is multiplied by 0.98."),
            ("gated", 25, "0.98 is not 1.225 times slower than 0.8. Compare the logarithms of the two factors."),
        ),
    ),
    hints=(
        "After n steps the gradient is factor ** n. For which n is that below 0.01 for the first time?",
        "Take logarithms: n > log(0.01) / log(factor), rounded up. Or count in a loop.",
    ),
    solution=computed(_fading),
    right=(
        {"recurrent": 21, "gated": 228},
        {"gated": np.int64(228), "recurrent": 21.0},
        {name: int(np.ceil(np.log(0.01) / np.log(factor))) for name, factor in (("recurrent", 0.8), ("gated", 0.98))},
    ),
    wrong=(
        ({"recurrent": 20, "gated": 228}, "still above 0.01"),
        ({"recurrent": 5, "gated": 228}, "takes 0.2 away"),
        ({"recurrent": 10, "gated": 228}, "that is a tenth"),
        ({"recurrent": 21, "gated": 227}, "0.98 ** 227"),
        ({"recurrent": 21, "gated": 50}, "takes 0.02 away"),
        ({"recurrent": 21, "gated": 99}, '"gated" is another number'),
        (21, "Expected a dictionary"),
    ),
)


# Exercises on attention and patches, written in NumPy.


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
    id="13.3",
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
    id="13.4",
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


# Exercises on residual blocks and on choosing a model.

_SHAPE = (6, 4, 5)


def residual_block(input_shape: tuple[int, int, int]) -> "keras.Model":
    import keras
    from keras import layers

    channels = input_shape[-1]
    inputs = keras.Input(input_shape)
    x = layers.Conv2D(channels, 3, padding="same", activation="relu")(inputs)
    x = layers.Conv2D(channels, 3, padding="same")(x)
    return keras.Model(inputs, layers.Add()([inputs, x]))


def _normalised(shape: tuple[int, int, int]) -> "keras.Model":
    import keras
    from keras import layers

    inputs = keras.Input(shape)
    x = layers.Activation("relu")(layers.BatchNormalization()(inputs))
    x = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.Conv2D(shape[-1], 3, padding="same", kernel_initializer="zeros")(x)
    return keras.Model(inputs, inputs + x)


def _block(**change: Any) -> Any:
    """A function that builds a block with one thing wrong."""

    def residual_block(shape: tuple[int, int, int]) -> "keras.Model":
        import keras
        from keras import layers

        inputs = keras.Input(shape)
        between = change.get("between", "relu")
        x = layers.Conv2D(shape[-1], 3, padding=change.get("padding", "same"), activation=between)(inputs)
        x = layers.Conv2D(shape[-1], 3, padding="same")(x)
        if change.get("dense"):
            x = layers.Dense(shape[-1])(layers.Dense(shape[-1], activation="relu")(inputs))
        join = change.get("join", layers.Add())
        x = join([inputs, x]) if join else x
        return keras.Model(inputs, layers.Activation(change.get("after", "linear"))(x))

    return residual_block


def _multiplied(shape: tuple[int, int, int]) -> "keras.Model":
    from keras import layers

    return _block(join=layers.Multiply())(shape)


def _joined(shape: tuple[int, int, int]) -> "keras.Model":
    from keras import layers

    return _block(join=layers.Concatenate())(shape)


def _summary(shape: tuple[int, int, int]) -> str:
    return f"a block for {shape}"


def _shapes_are_right(model: Any) -> None:
    expected = (None, *_SHAPE)
    for what, shape in (("inputs", model.input_shape), ("outputs", model.output_shape)):
        if shape != expected:
            more = "\nTo join the channels is not to add." if shape == (None, *_SHAPE[:2], 2 * _SHAPE[2]) else ""
            raise Wrong(f"Expected {what} of shape {expected} from residual_block({_SHAPE}). Received: {shape}.{more}")


def _has_convolutions(model: Any) -> None:
    kernels = [weight.shape for weight in model.weights if len(weight.shape) == 4]
    if len(kernels) < 2:
        raise Wrong(f"Expected two convolutions. Received: kernels of the shapes {shown(kernels)}.")


def _images() -> np.ndarray:
    """Three images with positive and negative values, no two alike."""
    return np.random.default_rng(0).normal(size=(3, *_SHAPE)).astype("float32")


def _with_weights(model: Any, draw: Any, images: np.ndarray) -> np.ndarray:
    """What the model gives with other weights; its own are put back."""
    own = model.get_weights()
    try:
        model.set_weights([draw(weight.shape).astype("float32") for weight in own])
        return np.asarray(model(images, training=False))
    finally:
        model.set_weights(own)


def _is_the_identity_at_zero(model: Any) -> None:
    images = _images()
    outputs = _with_weights(model, np.zeros, images)
    if np.allclose(outputs, images, atol=1e-4):
        return
    if np.allclose(outputs, 0, atol=1e-4):
        reason = "With all weights at zero the output is 0: the input does not get past the convolutions."
    elif np.allclose(outputs, np.maximum(images, 0), atol=1e-4):
        reason = "With all weights at zero the negative values are lost: an activation stands after the addition."
    else:
        reason = "With all weights at zero the output must be the input, unchanged."
    raise Wrong(f"{reason}\nInput: {shown(images[0, 0, 0])}\nReceived: {shown(outputs[0, 0, 0])}")


def _is_not_linear(model: Any) -> None:
    rng, images = np.random.default_rng(1), _images()
    weights = [np.abs(rng.normal(scale=0.5, size=weight.shape)) for weight in model.get_weights()]

    def branch(inputs: np.ndarray) -> np.ndarray:
        queue = iter(weights)
        return _with_weights(model, lambda _: next(queue), inputs) - inputs

    a, b = images, images[::-1]
    middle = branch(((a + b) / 2).astype("float32"))
    if np.allclose(middle, (branch(a) + branch(b)) / 2, rtol=1e-3, atol=1e-3):
        raise Wrong("The two convolutions are one linear map together. An activation function between them is missing.")


RESIDUAL_BLOCK = Exercise(
    id="13.5",
    title="a residual block",
    kind="build",
    prompt="Write residual_block(input_shape): a Keras model, two 3x3 convolutions whose result is added to the input.",
    stub="""\
def residual_block(input_shape):
    ...""",
    check=keras_model_satisfies(
        _shapes_are_right, _has_convolutions, _is_the_identity_at_zero, _is_not_linear, arguments=(_SHAPE,)
    ),
    hints=(
        "The sum needs equal shapes: as many filters as channels, and padding that keeps height and width.",
        "Keep the name `inputs`, put the result of the convolutions into `x`, end with `layers.Add()([inputs, x])`.",
        "ReLU goes between the two convolutions, none after the addition, so that zero weights change nothing.",
    ),
    solution=written(residual_block),
    right=(_normalised,),
    wrong=(
        (_block(join=None), "does not get past the convolutions"),
        (_block(after="relu"), "after the addition"),
        (_block(between=None), "one linear map"),
        (_joined, "To join the channels is not to add"),
        (_multiplied, "does not get past"),
        (_block(padding="valid"), "raised ValueError"),
        (_block(dense=True), "Expected two convolutions"),
        (_summary, "Expected a Keras model"),
    ),
    needs_keras=True,
    seconds=30,
)


def _choice() -> str:
    choice = (
        "I would begin with a small CNN and an MLP: in the recorded figure they are level at 1,000 pictures, and "
        "both are cheap. The CNN takes for granted that neighbouring pixels belong together and that a pattern "
        "may lie anywhere; the MLP shows what that is worth on my pictures. I would compare both on validation "
        "pictures, over three seeds, in the time I have. A transformer without pretraining I would try last. None "
        "of this follows from these small experiments alone: other pictures, sizes and budgets can turn the order "
        "round."
    )
    return choice  # noqa: RET504


CHOOSING = Exercise(
    id="13.6",
    title="choose a model",
    kind="open",
    prompt="You have 500 labelled pictures and ten minutes on a laptop. Which models do you try first, and why?",
    stub="choice = ...",
    check=open_question(_choice(), least_words=25),
    hints=(
        "Look at the left end of the recorded figure: which models do well with few pictures?",
        "Say what each of your models takes for granted about pictures, and how you would compare them.",
    ),
    solution=computed(_choice),
    right=(
        "First a small CNN, since it assumes that neighbours belong together and so needs fewer pictures, then an MLP "
        "as a cheap baseline, both over three seeds, judged on validation pictures at equal time.",
    ),
    wrong=(
        ("", "The text is empty"),
        ("A transformer, because it is the newest.", "at least 25 words"),
        (500, "Expected a text"),
    ),
)


EXERCISES = (LSTM_PARAMETERS, FADING, LOOKING_BACK, PATCHES, RESIDUAL_BLOCK, CHOOSING)
