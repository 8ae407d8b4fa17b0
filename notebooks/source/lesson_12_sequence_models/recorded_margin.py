"""Pictures of 32 lines with 32 empty ones below: recurrent networks as Keras starts them, and set to keep."""

from collections.abc import Callable

import keras
from keras import layers

from course_utils import datasets, training

TINY = {"images": 60, "epochs": 1, "seeds": 1, "empty": 4}
UNITS = 64
KEEP = 4  # about log(64), the logarithm of the number of lines


def leave(cell: layers.Layer) -> None:
    """As Keras starts it."""


def set_gru_to_keep(cell: layers.Layer) -> None:
    """Its first gate keeps 0.98 of the old state, and writes the rest."""
    kernel, recurrent_kernel, bias = cell.get_weights()
    bias[0, :UNITS] = KEEP
    cell.set_weights([kernel, recurrent_kernel, bias])


def set_lstm_to_keep(cell: layers.Layer) -> None:
    """The parts of its bias, in order: write, keep, candidate, read."""
    kernel, recurrent_kernel, bias = cell.get_weights()
    bias[:UNITS], bias[UNITS : 2 * UNITS] = -KEEP, KEEP
    cell.set_weights([kernel, recurrent_kernel, bias])


RUNS: dict[str, tuple[type[layers.RNN], float, Callable]] = {  # cell, learning rate, what is done before training
    "GRU": (layers.GRU, 0.004, leave),
    "GRU, set to keep": (layers.GRU, 0.004, set_gru_to_keep),
    "LSTM": (layers.LSTM, 0.004, leave),
    "LSTM, set to keep": (layers.LSTM, 0.004, set_lstm_to_keep),
}


def main(images: int = 3000, epochs: int = 8, seeds: int = 3, empty: int = 32) -> dict:
    """Figures: name of a run to its accuracy on its own pictures, "home", and on new ones, one a seed."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, clutter=0, noise=0)
    figures: dict[str, dict[str, list[float]]] = {}
    for name, (cell, rate, change) in RUNS.items():
        model = keras.Sequential(
            [
                keras.Input((32, 32, 3)),
                layers.Rescaling(1 / 127.5, offset=-1),
                layers.Reshape((32, 96)),
                layers.ZeroPadding1D((0, empty)),
                cell(UNITS),
                layers.Dense(10, activation="softmax"),
            ]
        )
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        found: dict[str, list[float]] = {"home": [], "new": []}
        for seed in range(seeds):
            training.reset(model, seed=seed)
            change(model.layers[-2])
            model.fit(data.train.x, data.train.y, batch_size=50, epochs=epochs, verbose=0)
            for place, split in {"home": data.train, "new": data.validation}.items():
                _, accuracy = model.evaluate(split.x, split.y, verbose=0)
                found[place].append(round(float(accuracy), 4))
            print(name, seed, found["home"][-1], found["new"][-1], flush=True)
        figures[name] = found
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
