"""Fine-tuning for recorded experiments: the frozen part is computed once, and every run begins at the same weights."""

import keras
import numpy as np
from keras import layers

from course_utils import models
from course_utils.training.resetting import renew_optimizer

__all__ = ["FineTuner", "fit_batches"]

CUT = "stage6_block4_output"  # what lies below stays frozen, so its maps are computed once


def fit_batches(
    model: keras.Model, x: np.ndarray, y: np.ndarray, *, batches: int, size: int, seed: int, done: int = 0
) -> None:
    """Train for a number of batches, in a random order that begins anew when every example has been seen.

    Args:
        model: compiled.
        x: examples, shape (n, ...).
        y: labels, integers of shape (n,).
        batches: how many training steps, those that are done included.
        size: examples in a batch.
        seed: of the order.
        done: steps that an earlier call with this seed has taken; it goes on behind them.
    """
    random = np.random.default_rng(seed)
    rounds = -(-batches * size // len(x))
    order = np.concatenate([random.permutation(len(x)) for _ in range(rounds)])[done * size : batches * size]
    model.fit(x[order], y[order], batch_size=size, shuffle=False, verbose=0)


class FineTuner:
    """The ImageNet network in two parts: what stays frozen, and the last stage with a dense layer behind it.

    Args:
        size: of the pictures, in pixels.
        classes: of the dense layer.

    Attributes:
        lower: from pictures to the maps of the frozen part.
        probe: the dense layer on features, compiled.
        model: from those maps to probabilities, compiled; batch normalisation keeps its stored means.
    """

    def __init__(self, *, size: int, classes: int) -> None:
        network = models.imagenet(size=size)
        between = network.get_layer(CUT).output
        self.lower = keras.Model(network.input, between)
        self._upper = keras.Model(between, network.get_layer("features").output)
        for layer in self._upper.layers:
            layer.trainable = not isinstance(layer, layers.BatchNormalization)
        self.probe = keras.Sequential([keras.Input((1280,)), layers.Dense(classes, activation="softmax")])
        self.model = keras.Sequential([self._upper, self.probe])
        for one in (self.probe, self.model):
            one.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        self._original = self._upper.get_weights()

    def features(self, maps: np.ndarray) -> np.ndarray:
        """What the network as it came gives for the maps of its frozen part, shape (n, 1280)."""
        self._upper.set_weights(self._original)
        return self._upper.predict(maps, verbose=0)

    def begin(self, probe_weights: list[np.ndarray], *, rate: float, seed: int) -> None:
        """Make `model` ready to be fine-tuned: the network as it came, a trained probe, a fresh optimiser at a rate."""
        keras.utils.set_random_seed(seed)
        self._upper.set_weights(self._original)
        self.probe.set_weights(probe_weights)
        renew_optimizer(self.model)
        self.model.optimizer.learning_rate = rate
