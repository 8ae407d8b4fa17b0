"""Exercises on layers: one that scales bytes, and an activation that leaves no class dead."""

from typing import Any

import numpy as np

from course_utils.exercises.checks import attempt
from course_utils.exercises.comparing import kind_of, shown
from course_utils.exercises.exercise import Exercise, Wrong, computed

__all__ = ["ACTIVATION", "SCALE"]

# Three grey pictures of 8 by 8, bytes from 0 to 255, dark and light ones.
_PICTURES = ((np.arange(3 * 64) * 37) % 256).reshape(3, 8, 8, 1).astype("float32")
_PICTURES[1] *= 0.4


def _as_layer(answer: Any) -> Any:
    """A layer, also from a function that makes one."""
    import keras

    if isinstance(answer, type):
        raise Wrong("That is a class. Call it, with brackets behind the name, and you have a layer.")
    if not isinstance(answer, keras.layers.Layer) and callable(answer):
        answer = attempt(answer)
    if not isinstance(answer, keras.layers.Layer):
        raise Wrong(f"Expected a Keras layer. Received: {kind_of(answer)}.")
    return answer


def _scales(answer: Any) -> None:
    layer = _as_layer(answer)
    try:
        # As in training, where batch normalisation takes the mean of the batch.
        values = np.asarray(layer(_PICTURES, training=True), dtype="float32")
    except Exception as error:
        raise Wrong(f"The layer raised {type(error).__name__} on pictures of shape (3, 8, 8, 1).") from None
    if values.size != _PICTURES.size or len(values) != len(_PICTURES):
        raise Wrong(f"Expected all 64 values of each picture. Received: shape {shown(values.shape)}.")
    if not np.isfinite(values).all():
        raise Wrong("Some values are not finite numbers.")
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-6:
        raise Wrong("Every pixel of every picture has become the same number: nothing is left to learn from.")
    received = f"\nFor bytes from 0 to 255 it gives values from {low:.4g} to {high:.4g}."
    largest = max(-low, high)
    if largest > 300:
        raise Wrong(f"The values have become larger still. Multiply by 1/255, not by 255.{received}")
    if largest > 100:
        raise Wrong(f"The values still have the size of bytes.{received}")
    if largest > 5:
        raise Wrong(f"That is smaller than bytes, but still several times too large.{received}")
    if largest < 0.2:
        raise Wrong(f"All values are close to 0, as if scaled twice: every picture is nearly black.{received}")


def _first_layer() -> Any:
    from keras import layers

    first_layer = layers.Rescaling(1 / 255)
    return first_layer  # noqa: RET504


def _layer(name: str, *arguments: Any, **options: Any) -> Any:
    """A function that makes a layer; made at import, the layer would need Keras."""

    def make() -> Any:
        import keras

        return getattr(keras.layers, name)(*arguments, **options)

    return make


SCALE = Exercise(
    id="12.3",
    title="the scale of the pictures",
    kind="mend",
    prompt="Set first_layer to a Keras layer that brings bytes to values of about the size 1.",
    stub="first_layer = ...",
    check=_scales,
    hints=(
        "The largest byte is 255. By what do you multiply it to get 1?",
        "`layers.Rescaling(factor)` multiplies by a factor. `network` above has the line.",
    ),
    solution=computed(_first_layer),
    right=(
        _layer("Rescaling", 1 / 127.5, offset=-1),
        _layer("BatchNormalization"),
        _layer("LayerNormalization", axis=[1, 2, 3]),
    ),
    wrong=(
        (_layer("Flatten"), "still have the size of bytes"),
        (_layer("Rescaling", 255), "Multiply by 1/255"),
        (_layer("Rescaling", 1 / 16), "several times too large"),
        (_layer("Rescaling", 1 / 255**2), "scaled twice"),
        (_layer("LayerNormalization"), "the same number"),
        (_layer("AveragePooling2D", 2), "Expected all 64 values"),
        (1 / 255, "Expected a Keras layer"),
        (str, "That is a class"),
    ),
    seconds=60.0,  # the first operation of a process takes seconds on a busy machine
    needs_keras=True,
)

_SCORES = np.array([[-30.0, -4.0, -0.5, 0.0, 2.0, 30.0], [3.0, 1.0, -2.0, -9.0, 0.5, 0.25]], dtype="float32")


def _no_class_dies(answer: Any) -> None:
    import keras

    try:
        function = keras.activations.get(answer)
    except (ValueError, TypeError):
        raise Wrong(f"Keras knows no activation {shown(answer)}.") from None
    if isinstance(answer, type):
        raise Wrong("That is a class. Give a name, a function or None.")
    try:
        values = np.asarray(attempt(function, _SCORES), dtype="float32")
    except (TypeError, ValueError):
        raise Wrong("The activation does not return numbers.") from None
    if values.shape != _SCORES.shape:
        raise Wrong(f"Expected a number for each score, shape (2, 6). Received: shape {shown(values.shape)}.")
    if np.allclose(values.sum(axis=1), 1, atol=1e-3) and (values >= 0).all():
        raise Wrong("Softmax follows already: this would be softmax twice, the fault of program 2.")
    if values.max() - values.min() < 2.5:
        raise Wrong("This bounds the scores, so that softmax can never be sure, much as in program 2.")
    if abs(values[0, 0] - values[0, 1]) < 0.1:
        raise Wrong(
            "Scores of -30 and -4 come out alike: where an activation is flat, no gradient comes through, "
            "and a class whose scores are negative stays dead."
        )
    if values[0, 0] > values[0, 1]:
        raise Wrong("A lower score comes out higher: the order of the classes is lost.")


def _activation() -> None:
    activation = None  # the scores as they are
    return activation  # noqa: RET504


def _untouched(scores: Any) -> Any:
    return scores


def _size(scores: np.ndarray) -> np.ndarray:
    return np.abs(scores)


def _first_score(scores: np.ndarray) -> np.ndarray:
    return scores[:, :1]


ACTIVATION = Exercise(
    id="12.5",
    title="the activation at the end",
    kind="mend",
    prompt="Set activation to what the last dense layer should have, when Softmax follows.",
    stub="activation = ...",
    check=_no_class_dies,
    hints=(
        "Softmax takes any numbers, negative ones too. What does ReLU do to those?",
        "Does the layer need an activation at all, when softmax follows?",
    ),
    solution=computed(_activation),
    right=("linear", "leaky_relu", _untouched, "log_softmax"),
    wrong=(
        ("relu", "come out alike"),
        ("elu", "stays dead"),
        ("softmax", "softmax twice"),
        ("sigmoid", "bounds the scores"),
        ("tanh", "can never be sure"),
        ("rely", "knows no activation"),
        (_size, "the order of the classes is lost"),
        (_first_score, "Expected a number for each score"),
        (0, "knows no activation"),
    ),
    seconds=60.0,
    needs_keras=True,
)
