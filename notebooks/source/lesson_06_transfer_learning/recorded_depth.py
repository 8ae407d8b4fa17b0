"""Three, nine and 25 convolutions, with residual connections and without: the same parameters, steps and pictures."""

import keras
import numpy as np

from course_utils import datasets, models, training

TINY = {"images": 40, "epochs": 1, "seeds": 1, "deepest": 1}
BLOCKS = (1, 4, 12)  # of two convolutions each, behind a first one


def main(images: int = 1500, epochs: int = 10, seeds: int = 3, deepest: int = 12) -> dict:
    """Figures: way to number of convolutions to accuracies in training and on new pictures, one a seed."""
    data = datasets.load("shapes", train=images, validation=1000, test=10, size=24, clutter=0, noise=0)
    ways = {"plain": {"skip": False}, "plain, He": {"skip": False, "start": "he_normal"}, "residual": {"skip": True}}
    figures: dict[str, dict] = {}
    for way, settings in ways.items():
        for blocks in BLOCKS[: BLOCKS.index(deepest) + 1]:
            model = models.residual_network((24, 24, 3), 10, width=16, blocks=blocks, stride=2, **settings)
            model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
            found = {"training": [], "new": []}
            for seed in range(seeds):
                training.reset(model, seed=seed)
                model.fit(data.train.x, data.train.y, batch_size=32, epochs=epochs, verbose=0)
                for part, split in (("training", data.train), ("new", data.validation)):
                    found[part].append(round(float(model.evaluate(split.x, split.y, verbose=0)[1]), 4))
            figures.setdefault(way, {})[str(2 * blocks + 1)] = found | {"parameters": model.count_params()}
            print(way, 2 * blocks + 1, {part: np.round(found[part], 3) for part in found}, flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
