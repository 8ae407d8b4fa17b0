"""The same lines in three orders of reading: in order, the middle of the picture last, and the middle first."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, training

TINY = {"images": 60, "epochs": 1, "seeds": 1}
INWARD = np.array([[k, 31 - k] for k in range(16)]).ravel()  # 0, 31, 1, 30, ... 15, 16
ORDERS = {"middle last": INWARD, "in order": np.arange(32), "middle first": INWARD[::-1]}
CELLS = {  # cell, units, learning rate
    "simple": (layers.SimpleRNN, 64, 0.001),
    "simple, 134 units": (layers.SimpleRNN, 134, 0.001),  # about as many weights as the GRU
    "GRU": (layers.GRU, 64, 0.004),
}


def main(images: int = 3000, epochs: int = 8, seeds: int = 3) -> dict:
    """Figures: name of a cell to its accuracy on new pictures for each order of reading, one a seed."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, clutter=0, noise=0)
    figures: dict[str, dict[str, list[float]]] = {}
    for name, (cell, units, rate) in CELLS.items():
        model = keras.Sequential(
            [
                keras.Input((32, 32, 3)),
                layers.Rescaling(1 / 127.5, offset=-1),
                layers.Reshape((32, 96)),
                cell(units),
                layers.Dense(10, activation="softmax"),
            ]
        )
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        found: dict[str, list[float]] = {way: [] for way in ORDERS}
        for seed in range(seeds):
            for way, lines in ORDERS.items():
                training.reset(model, seed=seed)
                model.fit(data.train.x[:, lines], data.train.y, batch_size=50, epochs=epochs, verbose=0)
                _, accuracy = model.evaluate(data.validation.x[:, lines], data.validation.y, verbose=0)
                found[way].append(round(float(accuracy), 4))
                print(name, seed, way, found[way][-1], flush=True)
        figures[name] = found
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
