"""Exercises on residual blocks and on choosing a model."""

from typing import TYPE_CHECKING, Any

import numpy as np

from course_utils.exercises.checks import keras_model_satisfies, open_question
from course_utils.exercises.comparing import shown
from course_utils.exercises.exercise import Exercise, Wrong, computed, written

if TYPE_CHECKING:
    import keras

__all__ = ["CHOOSING", "RESIDUAL_BLOCK"]

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
    id="06.5",
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
    id="06.6",
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
