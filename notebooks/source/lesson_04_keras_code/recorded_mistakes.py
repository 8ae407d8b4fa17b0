"""Four silent mistakes on two kinds of pictures: what each costs depends on what the network has learned to look at."""

from typing import Any

import keras
import numpy as np

from course_utils import datasets, metrics, models
from course_utils.datasets.dataset import Dataset

TINY = {"images": 60, "epochs": 1, "seeds": 1}


def main(images: int = 1500, epochs: int = 8, seeds: int = 3) -> dict[str, Any]:
    """Train program C on each kind, and test it with pictures that were prepared well and badly.

    Args:
        images: `cutouts` to train on; of `shapes`, which have more classes, twice as many.
        epochs: passes over them.
        seeds: runs, from seed 1; seed 0 is the lesson's own.
    """
    kinds = {
        "cutouts": datasets.load("cutouts", train=images, validation=6, test=600, size=32),
        "shapes": datasets.load("shapes", train=2 * images, validation=10, test=1000),
    }
    chosen = range(1, seeds + 1)
    figures: dict[str, dict[str, list[float]]] = {}
    for kind, data in kinds.items():
        runs = [_run(data, epochs, seed) for seed in chosen]
        figures[kind] = {mistake: [run[mistake] for run in runs] for mistake in runs[0]}
        print(kind, figures[kind], flush=True)
    return {"figures": figures, "data": "cutouts, shapes", "seeds": chosen}


def _run(data: Dataset, epochs: int, seed: int) -> dict[str, float]:
    keras.utils.set_random_seed(seed)
    model = models.program_c(classes=len(data.class_names))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(data.train.x, data.train.y, epochs=epochs, verbose=0)
    pictures = data.test.x
    prepared = {
        "as in training": pictures,
        "scaled twice": pictures / np.float32(255),
        "red and blue swapped": pictures[..., ::-1],
        "lying on its side": np.rot90(pictures, axes=(1, 2)),
        "upside down": np.rot90(pictures, 2, axes=(1, 2)),
    }
    said = {name: model.predict(x, batch_size=200, verbose=0).argmax(axis=1) for name, x in prepared.items()}
    return {name: float(metrics.accuracy(data.test.y, answers)) for name, answers in said.items()}
