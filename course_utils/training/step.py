"""One step of training as a compiled function. Images arrive as uint8 and are moved and mirrored inside it."""

from collections.abc import Callable

import keras
import tensorflow as tf

from course_utils.training.muon import Muon
from course_utils.training.recipe import Recipe

__all__ = ["compiled_step", "moved"]


def compiled_step(network: keras.Model, recipe: Recipe) -> tuple[Callable[..., tf.Tensor], Muon]:
    """Compile a step for a network and a recipe.

    Args:
        network: takes uint8 images; has a layer "logits".
        recipe: batch size, and whether rows are moved.

    Returns:
        The step and its optimiser. The step takes images (batch, height, width, channels), labels (batch,), the rows
        (batch, height) and the columns (batch, width) to read, and returns the loss.
    """
    height, width, channels = network.input_shape[1:]
    batch, classes = recipe.batch, network.output_shape[-1]
    logits = keras.Model(network.input, network.get_layer("logits").output)
    weights = network.trainable_variables
    optimizer = Muon()
    optimizer.build(weights)
    measure = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)

    def step(images: tf.Tensor, labels: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor) -> tf.Tensor:
        images = moved(images, rows, columns, recipe)
        with tf.GradientTape() as tape:
            loss = measure(tf.one_hot(labels, classes), logits(images, training=True))
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    # A concrete function is compiled once, and a fifth training in one process does not warn of compiling again.
    compiled = tf.function(step, autograph=False).get_concrete_function(
        tf.TensorSpec((batch, height, width, channels), tf.uint8),
        tf.TensorSpec((batch,), tf.int32),
        tf.TensorSpec((batch, height), tf.int32),
        tf.TensorSpec((batch, width), tf.int32),
    )
    return lambda *arrays: compiled(*(tf.constant(array) for array in arrays)), optimizer


def moved(images: tf.Tensor, rows: tf.Tensor, columns: tf.Tensor, recipe: Recipe) -> tf.Tensor:
    """Images read at other columns and, where a recipe moves them, at other rows.

    Args:
        images: shape (batch, height, width, channels).
        rows: which rows are read, shape (batch, height).
        columns: which columns are read, shape (batch, width).
        recipe: shift.
    """
    if recipe.shift:
        images = tf.gather(images, rows, axis=1, batch_dims=1)
    return tf.gather(images, columns, axis=2, batch_dims=1)
