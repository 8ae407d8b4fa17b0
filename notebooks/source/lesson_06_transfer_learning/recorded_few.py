"""Five, ten, 25 and 50 pictures a class: from scratch, on features of a network, with class means, fine-tuned."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models, training

TINY = {"deals": 1, "most": 5, "steps": 2, "tuning_steps": 1, "tests": 12}
SIZE = 96  # pixels
CUT = "stage4_block3_output"  # what lies below stays frozen, so its maps are computed once
FIRST_DEAL = 5  # on deal 0 the numbers of steps and the rates were chosen


def split_network(network: keras.Model, at: str) -> tuple[keras.Model, keras.Model]:
    """A network in two models: up to a layer, and from there to its features."""
    between = network.get_layer(at).output
    return keras.Model(network.input, between), keras.Model(between, network.get_layer("features").output)


def linear_probe(width: int, classes: int) -> keras.Model:
    """One dense layer on features of shape (batch, width), compiled, with probabilities as its answer."""
    model = keras.Sequential([keras.Input((width,)), layers.Dense(classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def from_scratch(classes: int) -> keras.Model:
    """Three convolutions and a dense layer, as in lesson 05's comparison on cutouts, on the pictures at a third."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), layers.Rescaling(1 / 255), layers.AveragePooling2D(3)])
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, activation="relu", padding="same"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(classes, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit_steps(model: keras.Model, x: np.ndarray, y: np.ndarray, *, steps: int, seed: int) -> None:
    """Train for a number of batches of 30, in a random order that begins anew when every example has been seen."""
    random = np.random.default_rng(seed)
    rounds = -(-steps * 30 // len(x))
    order = np.concatenate([random.permutation(len(x)) for _ in range(rounds)])[: steps * 30]
    model.fit(x[order], y[order], batch_size=30, shuffle=False, verbose=0)


class FineTuner:
    """The upper part of the network and the probe behind it, trained together, from the same weights each time."""

    def __init__(self, upper: keras.Model, probe: keras.Model) -> None:
        for layer in upper.layers:  # fit overrides training=False inside a functional model, so it is not enough
            layer.trainable = not isinstance(layer, layers.BatchNormalization)
        self.upper, self.probe, self.original = upper, probe, upper.get_weights()
        maps = keras.Input(upper.input_shape[1:])
        self.model = keras.Model(maps, probe(upper(maps)))
        self.model.compile(keras.optimizers.Adam(0.0003), "sparse_categorical_crossentropy", metrics=["accuracy"])

    def restart(self, *, seed: int) -> None:
        """Give the upper part its first weights again and take a fresh optimiser; the probe stays as it is."""
        keras.utils.set_random_seed(seed)
        self.upper.set_weights(self.original)
        self.model.optimizer.build(self.model.trainable_variables)
        for variable in self.model.optimizer.variables:
            if variable.name != "learning_rate":  # step count and momenta start at zero
                variable.assign(keras.ops.zeros_like(variable))


def unit(features: np.ndarray) -> np.ndarray:
    """Each row brought to length 1."""
    return features / np.linalg.norm(features, axis=1, keepdims=True)


def class_means(x: np.ndarray, y: np.ndarray, x_new: np.ndarray) -> np.ndarray:
    """For each new row the class whose mean points most nearly the same way."""
    means = np.stack([unit(x)[y == label].mean(axis=0) for label in range(y.max() + 1)])
    return (unit(x_new) @ unit(means).T).argmax(axis=1)


def fitted(model: keras.Model, known: tuple, new: tuple, steps: int, seed: int) -> float:
    """The accuracy on new examples after training from new weights."""
    training.reset(model, seed=seed)
    fit_steps(model, *known, steps=steps, seed=seed)
    return model.evaluate(*new, verbose=0)[1]


class Ways:
    """Every way to a classifier, on the same few pictures of one deal."""

    def __init__(self) -> None:
        network = models.imagenet(size=SIZE)
        self.lower, self.upper = split_network(network, CUT)
        self.scratch, self.probe = from_scratch(6), linear_probe(1280, 6)
        self.tuner = FineTuner(self.upper, self.probe)

    def take(self, data: datasets.Dataset, deal: int) -> None:
        """Compute once what the frozen parts give for the pictures of a deal."""
        self.data, self.deal = data, deal
        self.tuner.restart(seed=deal)
        self.maps, self.new_maps = (self.lower.predict(split.x, verbose=0) for split in (data.train, data.test))
        self.features, self.new_features = (self.upper.predict(maps, verbose=0) for maps in (self.maps, self.new_maps))

    def scores(self, amount: int, steps: int, tuning_steps: int) -> dict[str, float]:
        """The accuracy of each way on the test pictures, from `amount` pictures a class."""
        deal, test, y = self.deal, self.data.test, self.data.train.y[: 6 * amount]
        few, features, maps = (every[: len(y)] for every in (self.data.train.x, self.features, self.maps))
        scores = {
            "from scratch": fitted(self.scratch, (few, y), (test.x, test.y), steps, deal),
            "class means": np.mean(class_means(features, y, self.new_features) == test.y),
            "linear probe": fitted(self.probe, (features, y), (self.new_features, test.y), steps, deal),
        }
        if tuning_steps:
            self.tuner.restart(seed=deal)
            fit_steps(self.tuner.model, maps, y, steps=tuning_steps, seed=deal)
            scores["fine-tuned"] = self.tuner.model.evaluate(self.new_maps, test.y, verbose=0)[1]
        return {name: round(float(score), 4) for name, score in scores.items()}


def main(deals: int = 2, most: int = 50, steps: int = 100, tuning_steps: int = 25, tests: int = 180) -> dict:
    """Figures: name of a way to its accuracies on new objects, by number of pictures, one figure a deal."""
    amounts = [amount for amount in (5, 10, 25, 50) if amount <= most]
    ways = Ways()
    found: dict[str, dict[str, list[float]]] = {}
    for deal in range(FIRST_DEAL, FIRST_DEAL + deals):
        knobs = {"size": SIZE, "seed": deal, "split_seed": deal, "quiet": True}
        data = datasets.load("cutouts", train=6 * most, validation=1, test=tests, **knobs)
        ways.take(data, deal)
        for amount in amounts:
            ends = amount in (amounts[0], amounts[-1])  # between them fine-tuning would take too long
            scores = ways.scores(amount, steps, tuning_steps if ends else 0)
            print(deal, amount, scores, flush=True)
            for name, score in scores.items():
                found.setdefault(name, {}).setdefault(str(amount), []).append(score)
    figures = {"amounts": amounts, "accuracy": found}
    return {"figures": figures, "data": data.card.label, "seeds": range(FIRST_DEAL, FIRST_DEAL + deals)}
