"""A diffusion model of dense layers and its training step, for records; lesson 19 writes it out on small digits."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers

__all__ = ["dense", "diffusion", "out_of_noise", "outputs"]

Step = Callable[[tf.Tensor], tf.Tensor]
LEVELS = 50  # of noise, on the way out of it


def dense(inputs: int, hidden: tuple[int, ...], outputs: int, last: str | None = None) -> keras.Sequential:
    """A network of dense layers."""
    inner = [layers.Dense(width, activation="leaky_relu") for width in hidden]
    return keras.Sequential([keras.Input((inputs,)), *inner, layers.Dense(outputs, activation=last)])


def outputs(network: keras.Model, x: np.ndarray) -> np.ndarray:
    """What a network makes of all rows, in parts, so that memory does not run out."""
    return np.concatenate([network(part, training=False).numpy() for part in np.array_split(x, len(x) // 1000 + 1)])


def diffusion(inputs: int, hidden: tuple[int, ...], told: int = 0) -> tuple[keras.Model, Step]:
    """A network that guesses the clean row from a noisy one and the share of noise, and its training step.

    With `told`, the last so many numbers of a row say the class: they get no noise and are not guessed.
    """
    network = dense(inputs + told + 1, hidden, inputs)
    optimizer, weights = keras.optimizers.Adam(0.001), network.trainable_variables

    @tf.function
    def step(x: tf.Tensor) -> tf.Tensor:
        clean, given = x[:, :inputs], x[:, inputs:]
        t = tf.random.uniform((tf.shape(x)[0], 1))
        noisy = tf.cos(t * np.pi / 2) * clean + tf.sin(t * np.pi / 2) * tf.random.normal(tf.shape(clean))
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((network(tf.concat([noisy, given, t], axis=1)) - clean) ** 2)
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return network, step


def out_of_noise(network: keras.Model, noise: np.ndarray, given: np.ndarray | None = None) -> np.ndarray:
    """Rows without noise, (n, numbers), from rows of noise, level by level."""
    x, given = noise, np.zeros((len(noise), 0)) if given is None else given
    for level in range(LEVELS, 0, -1):
        now, then = (np.pi / 2 * share / LEVELS for share in (level, level - 1))
        asked = np.concatenate([x, given, np.full((len(x), 1), level / LEVELS)], axis=1).astype("float32")
        clean = outputs(network, asked)
        left = (x - np.cos(now) * clean) / np.sin(now)
        x = np.cos(then) * clean + np.sin(then) * left
    return x.astype("float32")
