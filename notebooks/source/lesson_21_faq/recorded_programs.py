"""Nine programs that read handwritten digits: one works, eight have one fault each, and none raises an error."""

from collections.abc import Callable

import keras
import numpy as np
from keras import layers

from course_utils import datasets, training

TINY = {"images": 40, "epochs": 2, "seeds": 1, "asked": 3}
BATCH = 30
SPARSE = "sparse_categorical_crossentropy"


def network(*last: layers.Layer, scaled: bool = True, normalised: bool = False) -> keras.Model:
    """One hidden layer of 32, and ten probabilities."""
    middle = [layers.BatchNormalization()] if normalised else []
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            *([layers.Rescaling(1 / 255)] if scaled else []),
            layers.Flatten(),
            layers.Dense(32),
            *middle,
            layers.ReLU(),
            layers.Dense(10, activation="softmax"),
            *last,
        ]
    )


def in_use(model: keras.Model, pictures: np.ndarray, labels: np.ndarray) -> float:
    """The share of right answers when each picture is asked alone, in training mode; the model stays as it was."""
    weights = model.get_weights()  # training mode moves the stored means
    answers = [int(np.argmax(model(picture[None], training=True))) for picture in pictures]
    model.set_weights(weights)
    return float(np.mean(answers == labels[:, 0]))


class InUse(keras.callbacks.Callback):
    """After each epoch, the accuracy as the program of the application asks."""

    def __init__(self, pictures: np.ndarray, labels: np.ndarray) -> None:
        super().__init__()
        self.pictures, self.labels, self.found = pictures, labels, []

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:  # noqa: ARG002
        """Ask, and keep the accuracy."""
        self.found.append(in_use(self.model, self.pictures, self.labels))


def run(
    model: keras.Model, data: tuple[np.ndarray, ...], epochs: int, seed: int, asked: int, *, alone: bool
) -> dict[str, list[float]]:
    """Loss of the untrained network, the curves of training, and the surest probability that it gives to anything."""
    x, y, x_new, y_new = data
    training.reset(model, seed=seed)
    first = float(model.evaluate(x, y, verbose=0)[0])
    asking = InUse(x_new[:asked], y_new[:asked])
    history = model.fit(
        x, y, batch_size=BATCH, epochs=epochs, verbose=0,
        validation_data=(x_new, y_new), callbacks=[asking] if alone else [],
    ).history  # fmt: skip
    new = asking.found if alone else history["val_accuracy"]
    surest = float(np.nan_to_num(model.predict(x_new, verbose=0)).max())
    curves = {"loss": history["loss"], "training": history["accuracy"], "new pictures": new}
    curves |= {"first": [first], "surest": [surest]}
    return {key: [round(float(np.nan_to_num(value, nan=99)), 4) for value in values] for key, values in curves.items()}


def main(images: int = 300, epochs: int = 30, seeds: int = 3, asked: int = 100) -> dict:
    """Figures: name of a program to its runs, one a seed: loss, training, new pictures, first, surest."""
    digits = datasets.load("digits", train=images, quiet=True)
    x, x_new = digits.train.x, digits.test.x
    y, y_new = digits.train.y[:, None], digits.test.y[:, None]  # a column, as some loaders give them
    apart = np.random.default_rng(0)
    few = np.arange(images) % max(images // 10, 1)  # the tenth meant for the test, again and again: equal steps
    sound = x, y, x_new, y_new
    programs: dict[str, tuple[Callable[[], keras.Model], str, float, tuple]] = {
        "pairs": (network, SPARSE, 0.5, (apart.permutation(x), apart.permutation(y), x_new, y_new)),
        "leak": (network, SPARSE, 0.5, (x, y, x[: images // 3], y[: images // 3])),
        "scale": (lambda: network(scaled=False), SPARSE, 0.5, sound),
        "training flag": (lambda: network(normalised=True), SPARSE, 0.5, sound),
        "loss": (network, "mean_squared_error", 0.5, sound),
        "works": (network, SPARSE, 0.5, sound),
        "split": (network, SPARSE, 0.5, (x[few], y[few], x_new, y_new)),
        "softmax twice": (lambda: network(layers.Softmax()), SPARSE, 0.5, sound),
        "rate": (network, SPARSE, 4.0, sound),
    }
    figures: dict[str, list] = {}
    for name, (make, loss, rate, data) in programs.items():
        model = make()
        metric = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
        model.compile(keras.optimizers.SGD(rate), loss, metrics=[metric])
        figures[name] = [run(model, data, epochs, seed, asked, alone=name == "training flag") for seed in range(seeds)]
        last = figures[name][0]
        print(name, last["first"], last["loss"][-1], last["training"][-1], last["new pictures"][-1], flush=True)
    return {"figures": figures, "data": digits.card.label, "seeds": range(seeds)}
