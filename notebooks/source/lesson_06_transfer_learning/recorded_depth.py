"""Three, eleven and 41 layers, with residual connections and without: the same parameters, steps and digits."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, training

TINY = {"epochs": 1, "seeds": 1, "deepest": 1}
BLOCKS = (1, 5, 20)  # of two dense layers each, behind a first one
WIDTH = 32


def network(blocks: int, start: str, skip: bool) -> keras.Model:
    """Dense layers in blocks of two; with `skip` what comes into a block is added to what it computes."""
    images = keras.Input((8, 8, 1))
    how = {"kernel_initializer": start}
    x = layers.Flatten()(layers.Rescaling(1 / 255)(images))
    x = layers.Dense(WIDTH, activation="relu", **how)(x)
    for _ in range(blocks):
        y = layers.Dense(WIDTH, activation="relu", **how)(x)
        y = layers.Dense(WIDTH, **how)(y)
        x = layers.Activation("relu")(layers.Add()([x, y]) if skip else y)
    model = keras.Model(images, layers.Dense(10, activation="softmax")(x))
    model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main(epochs: int = 15, seeds: int = 3, deepest: int = 20) -> dict:
    """Figures: the numbers of layers, and for each way its training accuracies, a row a seed and a column a number."""
    data = datasets.load("digits", quiet=True)
    ways = {
        "plain": {"start": "glorot_uniform", "skip": False},
        "plain, He": {"start": "he_normal", "skip": False},
        "residual": {"start": "glorot_uniform", "skip": True},
    }
    some = BLOCKS[: BLOCKS.index(deepest) + 1]
    figures: dict[str, list] = {"layers": [2 * blocks + 1 for blocks in some]}
    for way, settings in ways.items():
        columns = []
        for blocks in some:
            model, scores = network(blocks, **settings), []
            for seed in range(seeds):
                training.reset(model, seed=seed)
                model.fit(data.train.x, data.train.y, batch_size=64, epochs=epochs, verbose=0)
                scores.append(round(float(model.evaluate(data.train.x, data.train.y, verbose=0)[1]), 3))
            columns.append(scores)
            print(way, 2 * blocks + 1, scores, flush=True)
        figures[way] = np.transpose(columns).tolist()
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
