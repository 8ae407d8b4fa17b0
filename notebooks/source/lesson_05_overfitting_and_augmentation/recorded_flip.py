"""Mirrored at random, ten shapes of which two are mirror images of each other: without, with, and with new names."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, metrics, training

TINY = {"images": 80, "epochs": 2, "seeds": 1}


def network(*first: layers.Layer) -> keras.Model:
    """Three convolutions and global max pooling, as in lesson 00, behind the layers that are given."""
    model = keras.Sequential(
        [
            keras.Input((24, 24, 3)),
            *first,
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(images: int = 4000, epochs: int = 8, seeds: int = 3) -> dict:
    """Figures: name of a way to the recall of each class, one list a seed. Weights: of the first run without a flip."""
    data = datasets.load("shapes", train=images, validation=2000, test=10, size=24, clutter=0, noise=0)
    x, y = data.train.x, data.train.y
    partner = np.array([0, 1, 2, 3, 4, 5, 6, 7, 9, 8])  # the arrows change places, the others keep their names
    x_both = np.concatenate([x, x[:, :, ::-1]])
    y_both = np.concatenate([y, partner[y]])
    recalls: dict[str, list[list[float]]] = {"no flip": [], "flip": [], "flip and rename": []}
    weights = {}
    plain, mirroring = network(), network(layers.RandomFlip("horizontal"))
    for seed in range(seeds):
        for name, found in recalls.items():
            model = mirroring if name == "flip" else plain
            training.reset(model, seed=seed)
            if name == "flip and rename":  # twice the pictures in half the passes
                model.fit(x_both, y_both, batch_size=64, epochs=epochs // 2, verbose=0)
            else:
                model.fit(x, y, batch_size=64, epochs=epochs, verbose=0)
            answers = model.predict(data.validation.x, verbose=0).argmax(axis=1)
            recall = metrics.per_class_recall(data.validation.y, answers, classes=10)
            found.append([round(float(value), 4) for value in recall])
            print(name, seed, found[-1], flush=True)
            if name == "no flip" and seed == 0:
                weights = {f"{place:02d}": array for place, array in enumerate(model.get_weights())}
    return {"figures": recalls, "data": data.card.label, "seeds": range(seeds), "weights": weights}
