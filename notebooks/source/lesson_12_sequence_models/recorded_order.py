"""The lines of every picture in order, and shuffled in the same way in all of them: three networks, over seeds."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, training

TINY = {"images": 60, "epochs": 1, "seeds": 1}


def networks() -> dict[str, tuple[list[layers.Layer], float]]:
    """Name to the layers between scaling and answer, and the learning rate."""
    convolutions = [
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
    ]
    return {
        "CNN": (convolutions, 0.002),
        "GRU": ([layers.Reshape((32, 96)), layers.GRU(64)], 0.004),
        "dense": ([layers.Flatten(), layers.Dense(64, activation="relu")], 0.001),
    }


def main(images: int = 3000, epochs: int = 8, seeds: int = 3) -> dict:
    """Figures: name of a network to its number of weights and its accuracy in order and shuffled, one a seed."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, clutter=0, noise=0)
    order = {"in order": np.arange(32), "shuffled": np.random.default_rng(0).permutation(32)}
    figures: dict[str, dict] = {}
    for name, (middle, rate) in networks().items():
        first = [keras.Input((32, 32, 3)), layers.Rescaling(1 / 127.5, offset=-1)]
        model = keras.Sequential([*first, *middle, layers.Dense(10, activation="softmax")])
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        found: dict = {"weights": model.count_params(), "in order": [], "shuffled": []}
        for seed in range(seeds):
            for way, lines in order.items():
                training.reset(model, seed=seed)
                model.fit(data.train.x[:, lines], data.train.y, batch_size=50, epochs=epochs, verbose=0)
                _, accuracy = model.evaluate(data.validation.x[:, lines], data.validation.y, verbose=0)
                found[way].append(round(float(accuracy), 4))
                print(name, seed, way, found[way][-1], flush=True)
        figures[name] = found
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
