"""Exercises of lesson 04: the end-to-end program in Keras."""

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.exercises.checks import (
    function_matches,
    keras_model_satisfies,
    matching_is,
    number_is,
    open_question,
)
from course_utils.exercises.comparing import plain, shown
from course_utils.exercises.exercise import Check, Exercise, Wrong, computed, written
from course_utils.exercises.stand_in import StandInTensor

if TYPE_CHECKING:
    import keras

__all__ = ["EXERCISES"]

# Exercises on data: preprocessing, and predicting one picture.


def preprocess(images: np.ndarray) -> np.ndarray:
    return images.astype("float32") / 255


def _multiplied(images: np.ndarray) -> np.ndarray:
    return images * np.float32(1 / 255)


def _double_precision(images: np.ndarray) -> np.ndarray:
    return images / 255.0


def _scaled_twice(images: np.ndarray) -> np.ndarray:
    return images.astype("float32") / 255 / 255


def _not_scaled(images: np.ndarray) -> np.ndarray:
    return images.astype("float32")


def _whole_numbers(images: np.ndarray) -> np.ndarray:
    return (images // 255).astype("float32")


def _by_own_maximum(images: np.ndarray) -> np.ndarray:
    return (images / images.max()).astype("float32")


def _standardised(images: np.ndarray) -> np.ndarray:
    return ((images - images.mean()) / images.std()).astype("float32")


def _flattened(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype("float32") / 255


# Two images, 2 high and 3 wide, RGB. The brightest pixel is 204, so that dividing by the maximum shows.
_IMAGES = (np.arange(2 * 2 * 3 * 3, dtype="uint8").reshape(2, 2, 3, 3) * 41) % 205
_WHITE = np.array([[[[255, 51, 0]]]], dtype="uint8")

PREPROCESS = Exercise(
    id="04.1",
    title="pixels to float32",
    stub="""\
def preprocess(images):
    ...""",
    check=function_matches(
        preprocess,
        [(_IMAGES,), (_WHITE,)],
        tolerance=1e-5,
        dtype="float32",
        mistakes=(
            (
                _double_precision,
                "The values are right, but float64 takes eight times the memory of uint8, float32 four.",
            ),
            (_scaled_twice, "The pixels have been divided by 255 twice; the largest value is now 1 / 255."),
            (_not_scaled, "The type is right, but the values still run from 0 to 255."),
            (_whole_numbers, "`//` drops what is behind the point: nearly everything becomes 0."),
            (
                _by_own_maximum,
                "Divided by the largest value present: the same grey then differs from batch to batch.",
            ),
            (_standardised, "That is another scaling: with mean 0 and deviation 1. Asked for: between 0 and 1."),
        ),
    ),
    hints=(
        "Which is the largest value that a uint8 pixel can have? Divide by it.",
        'NumPy makes float64 of `images / 255`. Change the type first: `images.astype("float32")`.',
    ),
    solution=written(preprocess),
    right=(_multiplied, lambda images: np.divide(images, 255, dtype="float32")),
    wrong=(
        (_flattened, "Expected an array of shape (2, 2, 3, 3)"),
        (lambda images: images.tolist(), "Expected a NumPy array"),
    ),
)


class ColourModel:
    """Stands in for a trained network that tells the strongest colour; it insists on its input shape as Keras does.

    Args:
        sureness: how far apart the probabilities lie.
    """

    def __init__(self, sureness: float) -> None:
        self.sureness = sureness

    def __call__(self, images: Any, training: bool = False) -> StandInTensor:  # noqa: ARG002 - as in Keras
        """Probabilities (n, 3) for float images (n, 2, 4, 3) with values from 0 to 1."""
        images = plain(images)
        if not isinstance(images, np.ndarray) or images.shape[1:] != (2, 4, 3):
            shape = getattr(images, "shape", None)
            raise ValueError(f"expected shape=(None, 2, 4, 3), found shape={shape}")
        weights = np.arange(1.0, 9.0).reshape(2, 4, 1) / 36  # no pixel like another: a mirrored picture shows
        scores = np.exp(self.sureness * (images * weights).sum(axis=(1, 2)))
        return (scores / scores.sum(axis=1, keepdims=True)).view(StandInTensor)

    def __repr__(self) -> str:
        return "a trained network"

    def predict(self, images: Any, batch_size: int = 32, verbose: int = 0) -> np.ndarray:  # noqa: ARG002 - as in Keras
        """The same as an ordinary array."""
        return self(images).numpy()


def predict_one(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    rgb = picture[:, :, ::-1]  # OpenCV stores blue, green, red
    batch = rgb[np.newaxis].astype("float32") / 255
    probabilities = model.predict(batch, verbose=0)[0]
    best = np.argmax(probabilities)
    return class_names[best], float(probabilities[best])


def _answer(model: Any, batch: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    probabilities = model.predict(batch)[0]
    return class_names[np.argmax(probabilities)], float(np.max(probabilities))


def _other_way(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, np.expand_dims(np.float32(picture[..., [2, 1, 0]] / 255), 0), class_names)


def _called(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    probabilities = model(picture[np.newaxis, :, :, ::-1].astype("float32") / 255, training=False).numpy()[0]
    return class_names[probabilities.argmax()], float(probabilities.max())


def _no_batch(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[:, :, ::-1].astype("float32") / 255, class_names)


def _batch_at_the_end(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[:, :, ::-1, np.newaxis].astype("float32") / 255, class_names)


def _blue_first(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[np.newaxis].astype("float32") / 255, class_names)


def _upside_down(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[::-1][np.newaxis].astype("float32") / 255, class_names)


def _mirrored(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[:, ::-1][np.newaxis].astype("float32") / 255, class_names)


def _raw_pixels(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, picture[np.newaxis, :, :, ::-1].astype("float32"), class_names)


def _no_fractions(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    return _answer(model, (picture[np.newaxis, :, :, ::-1] // 255).astype("float32"), class_names)


def _rounded(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    name, probability = predict_one(model, picture, class_names)
    return name, round(probability, 2)


def _in_percent(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    name, probability = predict_one(model, picture, class_names)
    return name, 100 * probability


def _all_rows(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[str, float]:
    probabilities = model.predict(picture[np.newaxis, :, :, ::-1].astype("float32") / 255)
    best = np.argmax(probabilities)
    return class_names[best], float(probabilities[best])


def _index(model: Any, picture: np.ndarray, class_names: list[str]) -> tuple[int, float]:
    name, probability = predict_one(model, picture, class_names)
    return class_names.index(name), probability


def _name_only(model: Any, picture: np.ndarray, class_names: list[str]) -> str:
    return predict_one(model, picture, class_names)[0]


# Blue is strongest in the first picture, red in the second; channels stand in OpenCV's order.
_BLUE = np.array(
    [[[90, 10, 30], [80, 20, 10], [60, 50, 5], [70, 0, 40]], [[95, 30, 20], [70, 5, 35], [85, 45, 0], [60, 15, 25]]]
)
_PICTURES = (_BLUE.astype("uint8"), (_BLUE[::-1, :, ::-1] + 7).astype("uint8"))
_PREDICTED = (
    (ColourModel(3.0), _PICTURES[0], ["red", "green", "blue"]),
    (ColourModel(5.0), _PICTURES[1], ["warm", "fresh", "cool"]),
)

_predicted = function_matches(
    predict_one,
    _PREDICTED,
    tolerance=1e-4,
    mistakes=(
        (_blue_first, "The picture still has blue first. The model has learned with red first."),
        (_upside_down, "`picture[::-1]` turns the rows upside down. The channels are the last axis."),
        (_mirrored, "That mirrors the columns. The channels are the last axis."),
        (_raw_pixels, "The model has learned with pixels between 0 and 1; these run to 255."),
        (_no_fractions, "`//` drops what is behind the point: nearly every pixel becomes 0. Divide with `/`."),
        (_rounded, "The probability is rounded. Return it as it comes from the model."),
        (_in_percent, "That is in per cent. Return the probability itself, a number from 0 to 1."),
    ),
)


def _predicts_one(answer: Any) -> None:
    """Tells where a row is missing, which Python's own error does not say."""
    try:
        _predicted(answer)
    except Wrong as wrong:
        if "IndexError" not in str(wrong):
            raise
        row = "`predict` gives a row of probabilities for each picture of the batch, here one row: take row 0."
        raise Wrong(f"{row}\n{wrong}") from None


PREDICT_ONE = Exercise(
    id="04.6",
    title="predict one picture",
    stub="""\
def predict_one(model, picture, class_names):
    ...""",
    check=Check(_predicts_one, _predicted.mistakes),
    hints=(
        "A model takes a batch. What shape has a batch with one picture in it?",
        "`picture[np.newaxis]` puts an axis in front; `picture[:, :, ::-1]` turns round the last one.",
        "Scale as in training: float32, divided by 255. The model returns a row for each picture; take row 0.",
    ),
    solution=written(predict_one),
    right=(_other_way, _called),
    wrong=(
        (_no_batch, "expected shape=(None, 2, 4, 3)"),
        (_batch_at_the_end, "expected shape=(None, 2, 4, 3)"),
        (_all_rows, "take row 0"),
        (_index, "Expected a text (str)"),
        (_name_only, "Expected a tuple of 2 values"),
    ),
)


# Exercises on networks: parameters by hand, the loss that fits the labels, a functional model.


def _dense_parameters() -> int:
    side = (32 - 2) // 2  # a convolution, then pooling: 32 -> 30 -> 15
    side = (side - 2) // 2  # once more: 15 -> 13 -> 6
    flattened = side * side * 64
    dense_parameters = flattened * 128 + 128  # weights and biases
    return dense_parameters  # noqa: RET504


DENSE_PARAMETERS = Exercise(
    id="04.2",
    title="parameters of a dense layer by hand",
    stub="dense_parameters = ...",
    check=number_is(
        295_040,
        mistakes={
            294_912: "Those are the weights. Each of the 128 units has a bias as well.",
            204_928: "Those are the 1,600 inputs of program A. Program B begins with 32 x 32 pixels, so it has more.",
            294_913: "The weights are right. But every one of the 128 units has a bias of its own, so there are 128.",
            524_416: "That is with maps of 8 x 8. A 3x3 kernel lies wholly inside, so a map loses a row on every side.",
            524_288: "Biases are missing, and the maps are not 8 x 8: a map loses a row on every side.",
            315_722: "That is the whole model. The question is about one layer.",
            401_536: "13 divided by 2 is 6.5: pooling drops what does not fill a window, so 6 remain, not 7.",
            1_384_576: "That leaves out the second pooling. The maps that are flattened are smaller than 13 x 13.",
            294_976: "The weights are right. The biases belong to the 128 units of this layer.",
            1_605_760: "That leaves out the second pooling. The flattened maps are smaller than 14 x 14.",
            4_736: "That leaves out the positions. Flatten puts every value of all 64 maps into one row.",
            2_304: "Those are the inputs of the layer. Each of them has a weight to every unit.",
        },
    ),
    hints=(
        "Follow the side of the picture: 32; a 3x3 kernel that stays inside takes 2; pooling by 2 halves; and so on.",
        "32 → 30 → 15 → 13 → 6. Flatten gives 6 x 6 x 64 inputs.",
        "A dense layer has one weight for each pair of input and unit, and one bias for each unit.",
    ),
    solution=computed(_dense_parameters),
    wrong=(
        (295_041, "too large"),
        ("295040", "Expected a number"),
    ),
)


def build_model(classes: int) -> "keras.Model":
    import keras
    from keras import layers

    inputs = keras.Input(shape=(24, 40, 3))
    x = layers.Conv2D(8, 3, activation="relu")(inputs)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Flatten()(x)
    outputs = layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)


def _averaged(classes: int) -> "keras.Model":
    import keras
    from keras import layers

    inputs = keras.Input(shape=(24, 40, 3))
    x = layers.Conv2D(4, 5, strides=2, padding="same", activation="relu")(inputs)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Softmax()(layers.Dense(classes)(x)))


def _sequential(classes: int) -> "keras.Model":
    import keras
    from keras import layers

    convolution = layers.Conv2D(4, 3, activation="relu")
    output = layers.Dense(classes, activation="softmax")
    return keras.Sequential([keras.Input(shape=(24, 40, 3)), convolution, layers.Flatten(), output])


def _separable(classes: int) -> "keras.Model":
    import keras
    from keras import layers

    inputs = keras.Input(shape=(24, 40, 3))
    x = layers.Rescaling(1 / 255)(inputs)
    x = layers.SeparableConv2D(6, 3, activation="relu")(x)
    x = layers.Dense(classes, activation="tanh")(layers.GlobalMaxPooling2D()(x))
    scores = layers.Dense(classes, use_bias=False)(layers.Dropout(0.5)(layers.BatchNormalization()(x)))
    return keras.Model(inputs, layers.Activation("softmax")(scores))


def _scores_as_maps(classes: int) -> "keras.Model":
    """The last convolution has a map for each class; its mean is the score."""
    import keras
    from keras import layers

    maps = layers.Conv2D(classes, 1)
    pool, end = layers.GlobalAveragePooling2D(), layers.Softmax()
    first = layers.Conv2D(5, 3, activation="relu")
    return keras.Sequential([keras.Input(shape=(24, 40, 3)), first, maps, pool, end])


def _without_input(classes: int) -> "keras.Model":
    import keras
    from keras import layers

    end = layers.Dense(classes, activation="softmax")
    return keras.Sequential([layers.Conv2D(4, 3, activation="relu"), layers.Flatten(), end])


def _wrong(**change: Any) -> Any:
    """A function that builds a model with one thing wrong."""

    def build_model(classes: int) -> "keras.Model":
        import keras
        from keras import layers

        inputs = keras.Input(shape=change.get("shape", (24, 40, 3)))
        x = layers.Rescaling(change.get("scale", 1.0))(inputs)
        x = layers.Conv2D(4, 3, activation="relu")(x) if change.get("convolution", True) else x
        x = layers.Flatten()(x) if change.get("flatten", True) else x
        for activation in change.get("before", ()):
            x = layers.Dense(change.get("units", classes), activation=activation)(x)
        last = layers.Activation if change.get("before") else layers.Dense
        units = () if change.get("before") else (change.get("units", classes),)
        return keras.Model(inputs, last(*units, activation=change.get("activation", "softmax"))(x))

    return build_model


def _summary(classes: int) -> str:
    return f"a model for {classes} classes"


def _input_is_right(model: Any, classes: int) -> None:  # noqa: ARG001
    if not model.built or not model.inputs:
        raise Wrong(
            "The model does not know yet what a picture looks like. Begin with `keras.Input((24, 40, 3))`: the first "
            "entry of the list, or the tensor that the first layer is called on."
        )
    shape = tuple(model.input_shape) if isinstance(model.input_shape, tuple) else model.input_shape
    if shape == (None, 40, 24, 3):
        raise Wrong(f"Height comes before width: the images are 24 high and 40 wide.\nReceived: {shape}")
    if shape != (None, 24, 40, 3):
        raise Wrong(f"Expected inputs of shape (None, 24, 40, 3). Received: {shown(shape)}.")


def _output_is_right(model: Any, classes: int) -> None:
    shape = model.output_shape
    if shape != (None, classes):
        long = "\nAn output with height and width is left: flatten the maps, or pool them, before the last layer."
        more = long if isinstance(shape, tuple) and len(shape) == 4 else ""
        expected = f"(None, {classes}) from build_model({classes})"
        raise Wrong(f"Expected outputs of shape {expected}. Received: {shown(shape)}.{more}")


def _has_a_convolution(model: Any, classes: int) -> None:  # noqa: ARG001
    import keras

    kinds = (keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D)

    def inside(some: Any) -> bool:
        return any(isinstance(one, kinds) or inside(one) for one in getattr(some, "layers", ()))

    if not inside(model):
        raise Wrong("Expected a convolution layer. Received: a model without one.")


def _images() -> np.ndarray:
    """Four images in [0, 1]: a pattern, the same darker, noise, and a gradient from left to right."""
    pattern = (np.arange(24 * 40 * 3) % 17 / 17).reshape(24, 40, 3)
    noise = np.random.default_rng(0).random((24, 40, 3))
    gradient = np.broadcast_to(np.linspace(0, 1, 40)[:, None], (24, 40, 3))
    return np.stack([pattern, 0.3 * pattern, noise, gradient]).astype("float32")


def _gives_probabilities(model: Any, classes: int) -> None:  # noqa: ARG001
    outputs = np.asarray(model(_images(), training=False))
    sums = outputs.sum(axis=1)
    if (outputs < 0).any() or not np.allclose(sums, 1, atol=1e-3):
        raise Wrong(
            "Expected probabilities: not negative, with the sum 1 for each image. Which activation gives that?\n"
            f"Sums received for four images: {shown(sums)}"
        )


def _looks_at_the_image(model: Any, classes: int) -> None:
    """With any weights, other images give other probabilities; tried with last weights of several sizes."""
    kernel, images = _last_kernel(model, classes), _images()
    for size in _SIZES:
        logarithms = _logarithms(model, images, kernel, size)
        if np.ptp(logarithms, axis=0).max() > 1e-3 * max(np.ptp(logarithms), 1e-3):
            return
    raise Wrong("Every image gets the same probabilities, whatever the weights: the output ignores the image.")


def _softmax_takes_the_scores(model: Any, classes: int) -> None:
    """The scores follow from the last layer's weights in a straight line, so twice the weights give twice the scores.

    Softmax turns a difference of scores into a difference of logarithms, in which they can be measured. An
    activation before it, or a second softmax, bends the line.
    """
    kernel, images = _last_kernel(model, classes), _images()
    for size in _SIZES:
        twice = _logarithms(model, images, kernel, 2 * size)
        spread = np.ptp(twice, axis=1).max()
        if spread > 20:  # the smallest probabilities are lost in float32
            return
        if spread < 0.1:  # so close to 0 every curve is straight
            continue
        none, once, back = (_logarithms(model, images, kernel, size * times) for times in (0, 1, -1))
        step = once - none
        allowed = 0.01 * np.ptp(step) + 1e-4
        if np.abs(twice - none - 2 * step).max() > allowed or np.abs(back - none + step).max() > allowed:
            raise Wrong(
                "Something bends the scores before the last softmax: another activation, or a second softmax. "
                "The last layer's scores go into softmax as they are, and once."
            )


_SIZES = 10.0 ** np.arange(-3, 4)  # of the last layer's weights: from scores close to 0 to scores far apart


def _last_kernel(model: Any, classes: int) -> Any:
    """The weights that make the scores: the last ones with an axis for the classes."""
    kernels = [weight for weight in model.weights if len(weight.shape) > 1 and weight.shape[-1] == classes]
    if not kernels:
        raise Wrong("Expected a last layer with one unit for each class. Received: a model without one.")
    return kernels[-1]


def _logarithms(model: Any, images: np.ndarray, kernel: Any, size: float) -> np.ndarray:
    """Logarithms of the probabilities, less their mean, (n, classes), with drawn weights of a size in the kernel."""
    own = np.asarray(kernel)
    try:
        kernel.assign(size * np.random.default_rng(1).normal(size=own.shape))
        values = np.log(np.maximum(np.asarray(model(images, training=False), dtype="float64"), 1e-30))
    finally:
        kernel.assign(own)
    return values - values.mean(axis=1, keepdims=True)


BUILD_MODEL = Exercise(
    id="04.3",
    title="a model of your own",
    stub="""\
def build_model(classes):
    ...""",
    check=keras_model_satisfies(
        _input_is_right,
        _output_is_right,
        _has_a_convolution,
        _gives_probabilities,
        _looks_at_the_image,
        _softmax_takes_the_scores,
        cases=((7,), (4,)),
    ),
    hints=(
        "Begin with `inputs = keras.Input(shape=(height, width, channels))`, and call each layer on what came before.",
        "A convolution leaves maps with a height and a width. `layers.Flatten()` turns them into one row an image.",
        'The last layer has one unit for each class and `activation="softmax"`; then `keras.Model(inputs, outputs)`.',
    ),
    solution=written(build_model),
    right=(_averaged, _sequential, _separable, _scores_as_maps),
    wrong=(
        (_wrong(shape=(40, 24, 3)), "Height comes before width"),
        (_wrong(shape=(24, 40, 1)), "Expected inputs of shape"),
        (_wrong(units=10), "from build_model(7)"),
        (_wrong(flatten=False), "flatten the maps"),
        (_wrong(activation=None), "Expected probabilities"),
        (_wrong(activation="sigmoid"), "Expected probabilities"),
        (_wrong(convolution=False), "Expected a convolution"),
        (_wrong(before=("softmax",)), "second softmax"),
        (_wrong(before=("relu",)), "Something bends the scores"),
        (_wrong(before=("sigmoid",)), "Something bends the scores"),
        (_wrong(before=("tanh",)), "Something bends the scores"),
        (_wrong(scale=0.0), "ignores the image"),
        (lambda classes: _wrong(units=7)(classes), "from build_model(4)"),
        (_without_input, "Begin with `keras.Input"),
        (_summary, "Expected a Keras model"),
    ),
    seconds=60.0,  # the first model of a process takes seconds on a busy machine
    needs_keras=True,
)


# Exercises on results: recall from a confusion matrix, and reading learning curves.


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


def _in_percent_each(confusion: np.ndarray) -> np.ndarray:
    return 100 * np.diag(confusion) / confusion.sum(axis=1)


def _two_digits(confusion: np.ndarray) -> np.ndarray:
    return np.round(np.diag(confusion) / confusion.sum(axis=1), 2)


def _largest_of_row(confusion: np.ndarray) -> np.ndarray:
    return confusion.max(axis=1) / confusion.sum(axis=1)


def _whole_division(confusion: np.ndarray) -> np.ndarray:
    return np.diag(confusion) // confusion.sum(axis=1)


def _in_place(confusion: np.ndarray) -> np.ndarray:
    right = np.diag(confusion) / confusion.sum(axis=1)
    confusion[:] = 0
    return right


RECALL = Exercise(
    id="04.5",
    title="recall of each class",
    stub="""\
def per_class_recall(confusion):
    ...""",
    check=function_matches(
        per_class_recall,
        [(np.array([[8, 1, 1], [0, 15, 6], [6, 2, 2]]),), (np.array([[3, 1], [4, 0]]),)],
        mistakes=(
            (
                _precision,
                "Those are the precisions, shares of a column. Recall asks of the true class: the row.",
            ),
            (_share_of_all, "Divided by all images. Divide each class by the images that truly belong to it."),
            (_counts, "Those are counts. Divide each by the images that truly belong to the class."),
            (_missed, "That is the share missed. Recall is the share found."),
            (_in_percent_each, "Those are per cent. Recall is a share, from 0 to 1."),
            (_two_digits, "These are rounded. Return the shares as the division gives them."),
            (_largest_of_row, "The largest count of a row need not be the right one, which is on the diagonal."),
            (_whole_division, "`//` drops what is behind the point: nearly every share becomes 0. Divide with `/`."),
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
    id="04.4",
    title="read the learning curves",
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


_SHAPE = "It stops and says: Expected shape (None, 32, 32, 3), but input has incompatible shape (32, 32, 3)"
_SAME = "Every photograph gets the same answer, with nearly the same probability"
_LIBRARY = "It was fine on cutouts read with Pillow; since they are read with OpenCV, it finds sea animals everywhere"
_TELEPHONE = "On drawn shapes only the pictures from a telephone go wrong, arrows and triangles above all"
_TWICE, _SWAPPED, _SIDE, _BATCH = "scaled twice", "red and blue swapped", "lying on its side", "batch axis missing"


def _reports() -> dict[str, str]:
    reports = {
        "It stops and says: Expected shape (None, 32, 32, 3), but input has incompatible shape (32, 32, 3)": (
            "batch axis missing"
        ),
        "Every photograph gets the same answer, with nearly the same probability": "scaled twice",
        "It was fine on cutouts read with Pillow; since they are read with OpenCV, it finds sea animals everywhere": (
            "red and blue swapped"
        ),
        "On drawn shapes only the pictures from a telephone go wrong, arrows and triangles above all": (
            "lying on its side"
        ),
    }
    return reports  # noqa: RET504


REPORTS = Exercise(
    id="04.7",
    title="which mistake was it",
    stub="""\
reports = {
    "It stops and says: Expected shape (None, 32, 32, 3), but input has incompatible shape (32, 32, 3)": ...,
    "Every photograph gets the same answer, with nearly the same probability": ...,
    "It was fine on cutouts read with Pillow; since they are read with OpenCV, it finds sea animals everywhere": ...,
    "On drawn shapes only the pictures from a telephone go wrong, arrows and triangles above all": ...,
}""",
    check=matching_is(
        _reports(),
        options=(_TWICE, _SWAPPED, _SIDE, _BATCH),
        feedback={
            (_SHAPE, _TWICE): "Numbers of any size are accepted. Compare the two shapes in the message.",
            (_SHAPE, _SWAPPED): "Swapped channels keep the shape. Compare the two shapes in the message.",
            (_SHAPE, _SIDE): "A square that lies on its side is as large as before. Compare the two shapes.",
            (_SAME, _SWAPPED): "Swapped pictures still differ from each other. When do all pictures look the same?",
            (_SAME, _SIDE): "Turned pictures still differ from each other. When do all pictures look the same?",
            (_SAME, _BATCH): "Without the axis of the batch there is no answer at all.",
            (_LIBRARY, _TWICE): "OpenCV gives whole numbers from 0 to 255, as Pillow does. What does it do otherwise?",
            (
                _LIBRARY,
                _SIDE,
            ): "Cutouts that lie on their side cost this network little. What does OpenCV do otherwise?",
            (_LIBRARY, _BATCH): "Without the axis of the batch there is no answer at all.",
            (_TELEPHONE, _TWICE): "Then all would look black, circles and rings as well.",
            (_TELEPHONE, _SWAPPED): "Shapes have no colours of their own, so that costs little. What is in the note?",
            (_TELEPHONE, _BATCH): "Without the axis of the batch there is no answer at all.",
        },
    ),
    hints=(
        "Only one of the mistakes stops with an error.",
        "When do all pictures look the same to a network? And what does a telephone write beside a picture?",
    ),
    solution=computed(_reports),
    wrong=(
        ("scaled twice", "Expected a dictionary"),
        ({}, "Expected the keys"),
    ),
)


EXERCISES = (PREPROCESS, DENSE_PARAMETERS, BUILD_MODEL, LEARNING_CURVES, RECALL, PREDICT_ONE, REPORTS)
