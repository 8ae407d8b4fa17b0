"""Programs that draw pictures: an autoencoder, a GAN and a diffusion model of dense layers, with their training steps.

Lesson 19 writes each of them out on small digits; its records take them from here.
"""

import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import layers

__all__ = ["autoencoder", "diffusion", "game", "out_of_noise", "outputs", "train_for"]

Step = Callable[[tf.Tensor], tf.Tensor]


def _dense(inputs: int, hidden: tuple[int, ...], outputs: int, last: str | None = None) -> keras.Sequential:
    """A network of dense layers."""
    inner = [layers.Dense(width, activation="leaky_relu") for width in hidden]
    return keras.Sequential([keras.Input((inputs,)), *inner, layers.Dense(outputs, activation=last)])


def outputs(network: keras.Model, x: np.ndarray) -> np.ndarray:
    """What a network makes of all rows, in parts, so that memory does not run out."""
    return np.concatenate([network(part, training=False).numpy() for part in np.array_split(x, len(x) // 1000 + 1)])


def train_for(seconds: float, step: Step, x: np.ndarray, seed: int, batch: int = 64) -> int:
    """Take steps on random rows until the processor time is spent; how many there were."""
    random = np.random.default_rng(seed)
    step(tf.constant(x[random.integers(len(x), size=batch)]))  # compiled before the clock starts
    steps, start = 1, time.process_time()
    while time.process_time() - start < seconds:
        step(tf.constant(x[random.integers(len(x), size=batch)]))
        steps += 1
    return steps


def autoencoder(pixels: int, code: int, pull: float | None = None) -> tuple[keras.Model, keras.Model, Step]:
    """Encoder, decoder and a training step; with a pull, variational: the encoder gives means and log variances."""
    encoder = _dense(pixels, (256,), code if pull is None else 2 * code)
    decoder = _dense(code, (256,), pixels, "sigmoid")
    optimizer = keras.optimizers.Adam(0.001)
    weights = encoder.trainable_variables + decoder.trainable_variables

    @tf.function
    def step(x: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            codes, loss = encoder(x), 0.0
            if pull is not None:
                codes, log_variance = tf.split(codes, 2, axis=1)
                divergence = codes**2 + tf.exp(log_variance) - 1 - log_variance
                loss = pull * tf.reduce_mean(tf.reduce_sum(divergence, axis=1)) / 2
                codes += tf.exp(log_variance / 2) * tf.random.normal(tf.shape(codes))
            loss += tf.reduce_mean(tf.reduce_sum((decoder(codes) - x) ** 2, axis=1))
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    return encoder, decoder, step


def game(pixels: int, code: int) -> tuple[keras.Model, Step]:
    """The generator of a GAN, and a turn in which discriminator and generator take one step each."""
    generator = keras.Sequential([keras.Input((code,))])
    for _ in range(2):
        generator.add(layers.Dense(256, activation="leaky_relu"))
        generator.add(layers.BatchNormalization())  # without it the pictures stay full of dots
    generator.add(layers.Dense(pixels, activation="sigmoid"))
    discriminator = keras.Sequential([keras.Input((pixels,))])
    for _ in range(2):
        discriminator.add(layers.Dense(256, activation="leaky_relu"))
        discriminator.add(layers.Dropout(0.3))
    discriminator.add(layers.Dense(1))
    forger, police = (keras.optimizers.Adam(0.0005, beta_1=0.5) for _ in range(2))
    measure = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def turn(x: tf.Tensor) -> tf.Tensor:
        numbers = tf.random.normal((tf.shape(x)[0], code))
        with tf.GradientTape() as first, tf.GradientTape() as second:
            made = generator(numbers, training=True)
            of_real, of_made = discriminator(x, training=True), discriminator(made, training=True)
            caught = measure(tf.ones_like(of_real), of_real) + measure(tf.zeros_like(of_made), of_made)
            fooled = measure(tf.ones_like(of_made), of_made)
        mine, yours = discriminator.trainable_variables, generator.trainable_variables
        police.apply(first.gradient(caught, mine), mine)
        forger.apply(second.gradient(fooled, yours), yours)
        return fooled

    return generator, turn


def diffusion(inputs: int, hidden: tuple[int, ...], told: int = 0) -> tuple[keras.Model, Step]:
    """A network that guesses the clean row from a noisy one and the share of noise, and its training step.

    With `told`, the last so many numbers of a row say the class: they get no noise and are not guessed.
    """
    network = _dense(inputs + told + 1, hidden, inputs)
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


def out_of_noise(
    network: keras.Model, noise: np.ndarray, given: np.ndarray | None = None, *, levels: int = 50
) -> np.ndarray:
    """Rows without noise, (n, numbers), from rows of noise, level by level."""
    x, given = noise, np.zeros((len(noise), 0)) if given is None else given
    for level in range(levels, 0, -1):
        now, then = (np.pi / 2 * share / levels for share in (level, level - 1))
        asked = np.concatenate([x, given, np.full((len(x), 1), level / levels)], axis=1).astype("float32")
        clean = outputs(network, asked)
        left = (x - np.cos(now) * clean) / np.sin(now)
        x = np.cos(then) * clean + np.sin(then) * left
    return x.astype("float32")
