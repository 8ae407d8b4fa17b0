"""Adversarial training of a small network: what it gains under attack, what it costs, and what carries over."""

import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from course_utils import datasets, training

TINY = {"pictures": 64, "epochs": 1, "seeds": 1, "tried": 20, "steps": 1}
EPSILONS = (0, 2, 4, 8, 16)  # grey levels


def network() -> keras.Model:
    """Three convolutions and global max pooling, as in lesson 00, up to the logits."""
    model = keras.Sequential(
        [
            keras.Input((24, 24, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.002), loss)
    return model


@tf.function(reduce_retracing=True)  # once a model: an attack asks for it in every step
def slopes(model: keras.Model, pictures: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """How the loss of each picture changes with each of its values."""
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        loss = keras.losses.sparse_categorical_crossentropy(labels, model(pictures), from_logits=True)
    return tape.gradient(loss, pictures)


def attacked(
    model: keras.Model, pictures: np.ndarray, labels: np.ndarray, most: float, steps: int, seed: int
) -> np.ndarray:
    """Pictures, float32, changed by at most so many grey levels: steps uphill on the loss, from a random start.

    Each step is 2.5 most / steps long, so that every point within reach can be reached. Source: Madry and others
    2018, Towards Deep Learning Models Resistant to Adversarial Attacks, section 2.1.
    """
    start = np.random.default_rng(seed).uniform(-most, most, pictures.shape)
    changed = np.clip(pictures + start.astype("float32"), 0, 255)
    for _ in range(steps):
        uphill = np.sign(slopes(model, tf.constant(changed), tf.constant(labels)).numpy())
        changed = np.clip(changed + 2.5 * most / steps * uphill, 0, 255)
        changed = np.clip(changed, pictures - most, pictures + most)
    return changed


def train(model: keras.Model, x: np.ndarray, y: np.ndarray, most: float, epochs: int, seed: int) -> float:
    """Train afresh, on pictures attacked in three steps where `most` is above 0; returns the seconds of processor."""
    chance, began = np.random.default_rng(seed), time.process_time()
    training.reset(model, seed=seed)
    for epoch in range(epochs):
        now = most * min(1.0, 2 * (epoch + 1) / epochs)  # grows over the first half
        order = chance.permutation(len(x))
        for first in range(0, len(x), 64):
            some = order[first : first + 64]
            pictures = x[some]
            if most:
                start = int(chance.integers(10**9))
                pictures = attacked(model, pictures, y[some], now, steps=3, seed=start)
            model.train_on_batch(pictures, y[some])
    return time.process_time() - began


def is_right(model: keras.Model, pictures: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return np.asarray(model(pictures)).argmax(axis=1) == labels


def curves(model: keras.Model, x: np.ndarray, y: np.ndarray, steps: int, seed: int) -> dict[str, list[float]]:
    """Accuracy at every epsilon: under random changes, and under attack from a random start."""
    found: dict[str, list[float]] = {"random": [], "attacked": []}
    for most in EPSILONS:
        noise = most * np.random.default_rng(seed).choice([-1, 1], x.shape)
        tossed = np.clip(x + noise, 0, 255).astype("float32")
        found["random"].append(round(float(is_right(model, tossed, y).mean()), 4))
        changed = attacked(model, x, y, most, steps, seed) if most else x
        found["attacked"].append(round(float(is_right(model, changed, y).mean()), 4))
    return found


def main(
    pictures: int = 3000, epochs: int = 10, seeds: int = 3, tried: int = 400, steps: int = 20, most: float = 8
) -> dict:
    """Figures: for each training its accuracies, one list a seed, and its seconds; then how often a plain network is
    right on pictures that were attacked with the slopes of the one before."""
    data = datasets.load("shapes", train=pictures, validation=tried, test=10, size=24, clutter=0, noise=0)
    x, y = data.train.x.astype("float32"), data.train.y
    new, labels = data.validation.x.astype("float32"), data.validation.y
    model = network()
    figures: dict[str, dict] = {}
    carried: dict[str, list[float]] = {"on itself": [], "on the next": []}
    for name, limit in (("plain", 0.0), ("adversarial", float(most))):
        runs = figures[name] = {"seconds": [], "training": [], "random": [], "attacked": []}
        changed = None
        for seed in range(seeds):
            runs["seconds"].append(round(train(model, x, y, limit, epochs, seed), 1))
            runs["training"].append(round(float(is_right(model, x[:1000], y[:1000]).mean()), 4))
            for kind, values in curves(model, new, labels, steps, seed).items():
                runs[kind].append(values)
            print(name, seed, {kind: values[-1] for kind, values in runs.items()}, flush=True)
            if name == "plain" and changed is not None:
                carried["on the next"].append(round(float(is_right(model, changed, labels).mean()), 4))
            if name == "plain":
                changed = attacked(model, new, labels, most, steps, seed)
                carried["on itself"].append(round(float(is_right(model, changed, labels).mean()), 4))
    return {"figures": figures | {"carried over": carried}, "data": data.card.label, "seeds": range(seeds)}
