"""Exercises of lesson 13: sequence models and attention."""

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.checks import function_matches, keras_model_satisfies, number_is, open_question
from course_utils.exercises.comparing import shown
from course_utils.exercises.exercise import Check, Exercise, Wrong, computed, written

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
        (_overlapping, "Expected an array of shape (2, 6, 12)"),
        (_first_channel, "Expected an array of shape (2, 6, 12)"),
        (_not_flat, "Expected an array of shape (2, 6, 12)"),
    ),
)


# Exercises on residual blocks and on choosing a model.

_SHAPES = ((6, 4, 5), (11, 9, 2))  # the second has room for everything that one pixel can reach


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


def _flipped_sum(shape: tuple[int, int, int]) -> "keras.Model":
    import keras
    from keras import layers

    inputs = keras.Input(shape)
    x = layers.ReLU()(layers.Conv2D(2 * shape[-1], (3, 3), padding="same")(inputs))
    return keras.Model(
        inputs, layers.add([layers.Dropout(0.2)(layers.Conv2D(shape[-1], 3, padding="same")(x)), inputs])
    )


def _block(**change: Any) -> Any:
    """A function that builds a block with one thing wrong."""

    def residual_block(shape: tuple[int, int, int]) -> "keras.Model":
        import keras
        from keras import layers

        inputs = keras.Input(shape)
        between, size = change.get("between", "relu"), change.get("size", 3)
        options = {"padding": change.get("padding", "same"), "dilation_rate": change.get("dilation", 1)}
        x = layers.Conv2D(shape[-1], size, activation=between, **options)(inputs)
        for _ in range(change.get("further", 0)):
            x = layers.Conv2D(shape[-1], size, padding="same", activation="relu")(x)
        x = layers.Conv2D(shape[-1], size, padding="same")(x)
        if change.get("dense"):
            x = layers.Dense(shape[-1])(layers.Dense(shape[-1], activation="relu")(inputs))
        if change.get("beside"):
            y = layers.Conv2D(shape[-1], 3, padding="same", activation="relu")(inputs)
            x = layers.Add()([y, layers.Conv2D(shape[-1], 3, padding="same")(inputs)])
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


def _subtracted(shape: tuple[int, int, int]) -> "keras.Model":
    from keras import layers

    return _block(join=layers.Subtract())(shape)


def _always_the_same_shape(shape: tuple[int, int, int]) -> "keras.Model":  # noqa: ARG001
    return residual_block(_SHAPES[0])


def _shapes_are_right(model: Any, wanted: tuple[int, int, int]) -> None:
    expected = (None, *wanted)
    for what, shape in (("inputs", model.input_shape), ("outputs", model.output_shape)):
        if shape != expected:
            more = "\nTo join the channels is not to add." if shape == (None, *wanted[:2], 2 * wanted[2]) else ""
            raise Wrong(f"Expected {what} of shape {expected} from residual_block({wanted}). Received: {shape}.{more}")


def _has_convolutions(model: Any, wanted: tuple[int, int, int]) -> None:  # noqa: ARG001
    kernels = [tuple(weight.shape) for weight in model.weights if len(weight.shape) > 1]
    if len(kernels) != 2 or any(len(kernel) != 4 for kernel in kernels):
        raise Wrong(f"Expected two convolutions and nothing else. Received: kernels of the shapes {shown(kernels)}.")
    if any(kernel[:2] != (3, 3) for kernel in kernels):
        raise Wrong(f"Expected kernels of 3 by 3. Received: kernels of the shapes {shown(kernels)}.")


def _drawn(shape: tuple[int, int, int]) -> np.ndarray:
    """Three images with positive and negative values, no two alike."""
    return np.random.default_rng(0).normal(size=(3, *shape)).astype("float32")


def _with_weights(model: Any, kernels: tuple[float, float], images: np.ndarray) -> np.ndarray:
    """What the model gives with two kernels of one value each, without biases, and with unit scales in normalisation.

    Its own weights are put back.
    """
    own, queue = model.get_weights(), iter(kernels)
    keep = ("gamma", "moving_variance")

    def new(weight: Any) -> np.ndarray:
        value = next(queue) if len(weight.shape) > 1 else 1.0 if weight.name in keep and any(kernels) else 0.0
        return np.full(weight.shape, value, dtype="float32")

    try:
        model.set_weights([new(weight) for weight in model.weights])
        return np.asarray(model(images, training=False))
    finally:
        model.set_weights(own)


def _is_the_identity_at_zero(model: Any, shape: tuple[int, int, int]) -> None:
    images = _drawn(shape)
    outputs = _with_weights(model, (0, 0), images)
    if np.allclose(outputs, images, atol=1e-4):
        return
    if np.allclose(outputs, 0, atol=1e-4):
        reason = "With all weights at zero the output is 0: the input does not get past the convolutions."
    elif np.allclose(outputs, np.maximum(images, 0), atol=1e-4):
        reason = "With all weights at zero the negative values are lost: an activation stands after the addition."
    else:
        reason = "With all weights at zero the output must be the input, unchanged."
    raise Wrong(f"{reason}\nInput: {shown(images[0, 0, 0])}\nReceived: {shown(outputs[0, 0, 0])}")


def _has_relu_between(model: Any, shape: tuple[int, int, int]) -> None:
    """Of a positive image, a negative kernel makes negative values, and ReLU makes those zero.

    Which of the two kernels comes first does not matter: one choice of signs must give nothing, the other something.
    """
    images = np.abs(_drawn(shape)) + 0.1
    negative_first, positive_first = (_branch(model, signs, images) for signs in ((-0.1, 0.1), (0.1, -0.1)))
    cut = [np.allclose(values, 0, atol=1e-5) for values in (negative_first, positive_first)]
    both, twice = _branch(model, (0.1, 0.1), images), _branch(model, (0.1, 0.1), 2 * images)
    in_proportion = np.allclose(twice, 2 * both, rtol=1e-3, atol=1e-3)
    if in_proportion and np.allclose(negative_first, -both, atol=1e-3):
        raise Wrong("The two convolutions are one linear map together. An activation function between them is missing.")
    if sum(cut) != 1 or not in_proportion:
        raise Wrong("Between the two convolutions stands something else than ReLU, or nothing stands between them.")
    if both.min() < 0:
        raise Wrong("The result of the convolutions is subtracted from the input. Add it.")


def _branch(model: Any, kernels: tuple[float, float], images: np.ndarray) -> np.ndarray:
    """What is added to the images."""
    return _with_weights(model, kernels, images) - images


def _one_follows_the_other(model: Any, shape: tuple[int, int, int]) -> None:
    """One pixel reaches 3 by 3 others through one convolution of 3 by 3, and 5 by 5 through two in a row."""
    dark = np.zeros((1, *shape), dtype="float32")
    middle = shape[0] // 2, shape[1] // 2
    lit = dark.copy()
    lit[0, *middle] = 1
    reached = np.abs(_branch(model, (0.1, 0.1), lit) - _branch(model, (0.1, 0.1), dark)).max(axis=(0, 3)) > 1e-4
    expected = np.zeros(shape[:2], dtype=bool)
    expected[max(middle[0] - 2, 0) : middle[0] + 3, max(middle[1] - 2, 0) : middle[1] + 3] = True
    if not np.array_equal(reached, expected):
        raise Wrong(
            "Two convolutions of 3 by 3, one after the other, carry a pixel to 5 rows and 5 columns. "
            f"Here it reaches {int(reached.any(axis=1).sum())} rows and {int(reached.any(axis=0).sum())} columns "
            f"of {shape[0]} and {shape[1]}."
        )


RESIDUAL_BLOCK = Exercise(
    id="13.5",
    title="a residual block",
    kind="build",
    prompt="Write residual_block(input_shape): a Keras model, two 3x3 convolutions whose result is added to the input.",
    stub="""\
def residual_block(input_shape):
    ...""",
    check=keras_model_satisfies(
        _shapes_are_right,
        _has_convolutions,
        _is_the_identity_at_zero,
        _one_follows_the_other,
        _has_relu_between,
        cases=tuple((shape,) for shape in _SHAPES),
    ),
    hints=(
        "The sum needs equal shapes: as many filters as channels, and padding that keeps height and width.",
        "Keep the name `inputs`, put the result of the convolutions into `x`, end with `layers.Add()([inputs, x])`.",
        "ReLU goes between the two convolutions, none after the addition, so that zero weights change nothing.",
    ),
    solution=written(residual_block),
    right=(_normalised, _flipped_sum),
    wrong=(
        (_block(join=None), "does not get past the convolutions"),
        (_block(after="relu"), "after the addition"),
        (_block(between=None), "one linear map"),
        (_joined, "To join the channels is not to add"),
        (_multiplied, "does not get past"),
        (_block(padding="valid"), "raised ValueError"),
        (_block(dense=True), "Expected two convolutions"),
        (_block(size=1), "Expected kernels of 3 by 3"),
        (_block(size=5), "Expected kernels of 3 by 3"),
        (_block(further=2), "Expected two convolutions and nothing else"),
        (_block(beside=True), "one after the other"),
        (_block(dilation=2), "one after the other"),
        (_block(between="sigmoid"), "something else than ReLU"),
        (_block(between="leaky_relu"), "something else than ReLU"),
        (_block(between="relu6"), "something else than ReLU"),
        (_block(between="tanh"), "something else than ReLU"),
        (_subtracted, "subtracted from the input"),
        (_always_the_same_shape, "from residual_block((11, 9, 2))"),
        (_summary, "Expected a Keras model"),
    ),
    needs_keras=True,
    seconds=60.0,  # the first model of a process takes seconds on a busy machine
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
