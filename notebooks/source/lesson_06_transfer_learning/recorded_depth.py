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
    """Figures: way to number of layers before the last to accuracies in training and on new digits, one a seed."""
    data = datasets.load("digits", quiet=True)
    ways = {
        "plain": {"start": "glorot_uniform", "skip": False},
        "plain, He": {"start": "he_normal", "skip": False},
        "residual": {"start": "glorot_uniform", "skip": True},
    }
    figures: dict[str, dict] = {}
    for way, settings in ways.items():
        for blocks in BLOCKS[: BLOCKS.index(deepest) + 1]:
            model, found = network(blocks, **settings), {"training": [], "new": []}
            for seed in range(seeds):
                training.reset(model, seed=seed)
                model.fit(data.train.x, data.train.y, batch_size=64, epochs=epochs, verbose=0)
                for part, split in (("training", data.train), ("new", data.test)):
                    found[part].append(round(float(model.evaluate(split.x, split.y, verbose=0)[1]), 4))
            figures.setdefault(way, {})[str(2 * blocks + 1)] = found | {"parameters": model.count_params()}
            print(way, 2 * blocks + 1, {part: np.round(found[part], 3) for part in found}, flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
