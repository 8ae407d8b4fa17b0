"""The arithmetic a machine is fastest in, and a copy of a network that uses it."""

import time
from dataclasses import dataclass
from functools import cache

import keras
import tensorflow as tf
from keras import layers

from course_utils.models.fast import stem_stride

__all__ = ["Machine", "training_copy"]

# Rows of the matrices that are multiplied to see how fast the machine is.
SIDE = 512


@keras.saving.register_keras_serializable("course")
class OnePassNormalization(layers.BatchNormalization):
    """Batch normalisation that TensorFlow computes in one operation while training, at any precision.

    Keras writes it as several, each of which reads and writes the whole batch; on a processor that takes longer than
    a convolution.
    """

    def call(self, inputs: tf.Tensor, training: bool | None = None, mask: tf.Tensor | None = None) -> tf.Tensor:
        """Normalise with the batch's own mean and variance, and move the stored ones towards them."""
        if not training:
            return super().call(inputs, training=training, mask=mask)
        scale = tf.ones_like(self.moving_mean) if self.gamma is None else self.gamma
        normalised, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, tf.convert_to_tensor(scale), tf.convert_to_tensor(self.beta), epsilon=self.epsilon, is_training=True
        )
        self.moving_mean.assign(self.moving_mean * self.momentum + mean * (1 - self.momentum))
        self.moving_variance.assign(self.moving_variance * self.momentum + variance * (1 - self.momentum))
        return normalised


def training_copy(network: keras.Model, arithmetic: str) -> keras.Model:
    """The same network for training, in the arithmetic given, normalising in one operation. Weights stay float32.

    Args:
        network: a functional model; its weights are copied.
        arithmetic: "float32", or "mixed_bfloat16".
    """

    def copied(layer: layers.Layer) -> layers.Layer:
        config = layer.get_config()
        if not isinstance(layer, layers.InputLayer | layers.Softmax) and layer.name != "logits":
            config["dtype"] = arithmetic
        kind = OnePassNormalization if type(layer) is layers.BatchNormalization else type(layer)
        return kind.from_config(config)

    copy = keras.models.clone_model(network, clone_function=copied)
    copy.set_weights(network.get_weights())
    return copy


@dataclass(frozen=True)
class Machine:
    """What this machine is fast in.

    Newer processors multiply numbers of 16 bits many times faster than those of 32; older ones have no instructions
    for that and are slower.

    Attributes:
        arithmetic: "mixed_bfloat16" if that is at least 1.5 times as fast for matrices, else "float32".
        operations: multiplications and additions of numbers a second, in products of matrices, in that arithmetic.
    """

    arithmetic: str
    operations: float

    @classmethod
    @cache
    def measured(cls) -> "Machine":
        """Measure once in a process; it takes some hundredths of a second."""
        single, half = _operations("float32"), _operations("bfloat16")
        return cls("mixed_bfloat16", half) if half > 1.5 * single else cls("float32", single)

    def images_a_second(self, shape: tuple[int, int, int]) -> float:
        """About how many images of a shape (height, width, channels) the narrowest network is trained on a second.

        A rough figure, to choose a recipe by: convolutions reach half the speed of large matrices, and a pixel behind
        the first layer takes 32,000 multiply-adds, three times over with the way back.
        """
        stride = stem_stride(shape)
        pixels = (shape[0] // stride) * (shape[1] // stride)
        return self.operations / 2 / (6 * 32_000 * pixels)


def _operations(kind: str) -> float:
    matrix = tf.cast(tf.random.stateless_normal((SIDE, SIDE), seed=(0, 0)), kind)
    tf.matmul(matrix, matrix)  # the first call prepares
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        tf.matmul(matrix, matrix).numpy()
        runs.append(time.perf_counter() - start)
    return 2 * SIDE**3 / min(runs)
