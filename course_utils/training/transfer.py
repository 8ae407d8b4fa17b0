"""Reusing a trained network for few pictures: its frozen part once, a dense layer on features, fine-tuning the rest."""

import keras
import numpy as np
from keras import layers

from course_utils.training.resetting import reset

__all__ = ["FineTuner", "fit_steps", "linear_probe", "split_network"]


def split_network(network: keras.Model, at: str) -> tuple[keras.Model, keras.Model]:
    """A network in two models: up to a layer, and from there to its layer "features".

    The maps between the two need computing only once for each picture, as long as the first model stays frozen.

    Args:
        network: such as `models.imagenet(size=96)`.
        at: the layer after which it is cut, one through which every path goes, such as "stage4_block3_output".

    Raises:
        ValueError: there is no such layer.
    """
    between = network.get_layer(at).output
    return keras.Model(network.input, between), keras.Model(between, network.get_layer("features").output)


def linear_probe(width: int, classes: int) -> keras.Model:
    """One dense layer on features of shape (batch, width), compiled, with probabilities as its answer."""
    model = keras.Sequential([keras.Input((width,)), layers.Dense(classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit_steps(model: keras.Model, x: np.ndarray, y: np.ndarray, *, steps: int, seed: int, batch: int = 30) -> None:
    """Train for a number of steps, however many examples there are.

    Args:
        model: compiled.
        x: inputs, (n, ...).
        y: labels, (n,).
        steps: how many batches. The examples are gone through in a random order, and in another one after each round.
        seed: of these orders.
        batch: examples in a batch.
    """
    random = np.random.default_rng(seed)
    rounds = -(-steps * batch // len(x))
    order = np.concatenate([random.permutation(len(x)) for _ in range(rounds)])[: steps * batch]
    model.fit(x[order], y[order], batch_size=batch, shuffle=False, verbose=0)


class FineTuner:
    """The upper part of a network and a dense layer behind it, trained together, from the same weights each time.

    Attributes:
        upper: the part of the network that is trained.
        probe: the dense layer behind it.
        model: what is trained, compiled: maps in, probabilities out. It shares its weights with `upper` and `probe`.
    """

    def __init__(
        self, upper: keras.Model, probe: keras.Model, *, rate: float = 0.0003, batch_norm_trains: bool = False
    ) -> None:
        """
        Args:
            upper: the second model of `split_network`; the weights that it has now are those of every start.
            probe: a model on its features, as of `linear_probe`.
            rate: Adam's learning rate.
            batch_norm_trains: whether batch normalisation uses the means of the batch, as `fit` lets it by default;
                False keeps those that it has learned before.
        """
        self.upper, self.probe, self._original = upper, probe, upper.get_weights()
        maps = keras.Input(upper.input_shape[1:])
        features = upper(maps, training=None if batch_norm_trains else False)
        self.model = keras.Model(maps, probe(features))
        self.model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])

    def restart(self, *, seed: int, rate: float | None = None) -> None:
        """Give the upper part its first weights again and take a fresh optimiser; the probe stays as it is."""
        learned = self.probe.get_weights()
        reset(self.model, seed=seed)
        self.upper.set_weights(self._original)
        self.probe.set_weights(learned)
        if rate is not None:
            self.model.optimizer.learning_rate = rate
