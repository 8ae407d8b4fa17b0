"""Exercises on networks: parameters by hand, the loss that fits the labels, a functional model."""

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.exercises.checks import keras_model_satisfies, number_is
from course_utils.exercises.comparing import shown
from course_utils.exercises.exercise import Exercise, Wrong, computed, written

if TYPE_CHECKING:
    import keras

__all__ = ["BUILD_MODEL", "DENSE_PARAMETERS"]


def _dense_parameters() -> int:
    side = (32 - 2) // 2  # convolution without padding, then pooling: 32 -> 30 -> 15
    side = (side - 2) // 2  # once more: 15 -> 13 -> 6
    flattened = side * side * 64
    dense_parameters = flattened * 128 + 128  # weights and biases
    return dense_parameters  # noqa: RET504


DENSE_PARAMETERS = Exercise(
    id="04.2",
    title="parameters of a dense layer by hand",
    kind="compute by hand",
    prompt="Compute how many parameters the first dense layer of program B has.",
    stub="dense_parameters = ...",
    check=number_is(
        295_040,
        tolerance=0.5,
        mistakes={
            294_912: "Those are the weights. Each of the 128 units has a bias as well.",
            524_416: "That is with padding. Without it each 3x3 convolution takes one pixel from every side.",
            524_288: "That is with padding and without biases. Each 3x3 convolution takes one pixel from every side.",
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
        "Follow the side of the image: 32, then a 3x3 convolution without padding, then pooling by 2, and so on.",
        "32 → 30 → 15 → 13 → 6. Flatten gives 6 x 6 x 64 inputs.",
        "A dense layer has one weight for each pair of input and unit, and one bias for each unit.",
    ),
    solution=computed(_dense_parameters),
    right=(295_040, 295040.0, np.int64(295_040)),
    wrong=(
        (294_912, "a bias as well"),
        (524_416, "with padding"),
        (315_722, "whole model"),
        (401_536, "pooling drops"),
        (2_304, "inputs of the layer"),
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


def _wrong(**change: Any) -> Any:
    """A function that builds a model with one thing wrong."""

    def build_model(classes: int) -> "keras.Model":
        import keras
        from keras import layers

        inputs = keras.Input(shape=change.get("shape", (24, 40, 3)))
        x = layers.Conv2D(4, 3, activation="relu")(inputs) if change.get("convolution", True) else inputs
        x = layers.Flatten()(x) if change.get("flatten", True) else x
        units = change.get("units", classes)
        return keras.Model(inputs, layers.Dense(units, activation=change.get("activation", "softmax"))(x))

    return build_model


def _summary(classes: int) -> str:
    return f"a model for {classes} classes"


def _input_is_right(model: Any) -> None:
    shape = tuple(model.input_shape) if isinstance(model.input_shape, tuple) else model.input_shape
    if shape == (None, 40, 24, 3):
        raise Wrong(f"Height comes before width: the images are 24 high and 40 wide.\nReceived: {shape}")
    if shape != (None, 24, 40, 3):
        raise Wrong(f"Expected inputs of shape (None, 24, 40, 3). Received: {shown(shape)}.")


def _output_is_right(model: Any) -> None:
    shape = model.output_shape
    if shape != (None, 7):
        long = "\nAn output with height and width is left: flatten the maps, or pool them, before the last layer."
        more = long if isinstance(shape, tuple) and len(shape) == 4 else ""
        raise Wrong(f"Expected outputs of shape (None, 7) from build_model(7). Received: {shown(shape)}.{more}")


def _has_a_convolution(model: Any) -> None:
    import keras

    def inside(some: Any) -> bool:
        return any(isinstance(one, keras.layers.Conv2D) or inside(one) for one in getattr(some, "layers", ()))

    if not inside(model):
        raise Wrong("Expected a convolution layer. Received: a model without one.")


def _gives_probabilities(model: Any) -> None:
    """On three different images, in [0, 1] and with a pattern, so that scores and probabilities come apart."""
    images = (np.arange(3 * 24 * 40 * 3) % 17 / 17).reshape(3, 24, 40, 3).astype("float32")
    images[1] *= 0.3
    outputs = np.asarray(model(images, training=False))
    sums = outputs.sum(axis=1)
    if (outputs < 0).any() or not np.allclose(sums, 1, atol=1e-3):
        raise Wrong(
            "Expected probabilities: not negative, with the sum 1 for each image. Which activation gives that?\n"
            f"Sums received for three images: {shown(sums)}"
        )


BUILD_MODEL = Exercise(
    id="04.3",
    title="a functional model",
    kind="build",
    prompt="Write build_model(classes): a functional model for RGB images 24 high and 40 wide, with a convolution.",
    stub="""\
def build_model(classes):
    ...""",
    check=keras_model_satisfies(
        _input_is_right, _output_is_right, _has_a_convolution, _gives_probabilities, arguments=(7,)
    ),
    hints=(
        "Begin with `inputs = keras.Input(shape=(height, width, channels))`, and call each layer on what came before.",
        "A convolution leaves maps with a height and a width. `layers.Flatten()` turns them into one row an image.",
        'The last layer has one unit for each class and `activation="softmax"`; then `keras.Model(inputs, outputs)`.',
    ),
    solution=written(build_model),
    right=(_averaged, _sequential),
    wrong=(
        (_wrong(shape=(40, 24, 3)), "Height comes before width"),
        (_wrong(shape=(24, 40, 1)), "Expected inputs of shape"),
        (_wrong(units=10), "from build_model(7)"),
        (_wrong(flatten=False), "flatten the maps"),
        (_wrong(activation=None), "Expected probabilities"),
        (_wrong(activation="sigmoid"), "Expected probabilities"),
        (_wrong(convolution=False), "Expected a convolution"),
        (_summary, "Expected a Keras model"),
    ),
    seconds=60.0,  # the first model of a process takes seconds on a busy machine
    needs_keras=True,
)
