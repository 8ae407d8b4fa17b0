"""Is the CNN ahead because it counts on neighbours? The race with 200 pictures, and with their pixels in another order.

All pictures get the same other order, training pictures and new ones. Whoever knew it could put them right again; but
pixels that were neighbours are so no longer.
"""

import keras
import numpy as np

from course_utils import datasets, models, training
from course_utils.training.fine_tuning import fit_batches

TINY = {"name": "digits", "train": 60, "steps": 3, "seeds": 1, "held": 40}
PATCH = 7  # pixels, as in the race
BATCH = 32
RATE = 0.002  # the best of three for both networks, in the race


def reordered(pictures: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Every picture with its pixels in this order, a permutation of their numbers, (n, height, width, channels)."""
    n, height, width, channels = pictures.shape
    return pictures.reshape(n, height * width, channels)[:, order].reshape(pictures.shape)


def main(name: str = "fashion_mnist", train: int = 200, steps: int = 200, seeds: int = 3, held: int = 2000) -> dict:
    """Figures: network to order of the pixels to accuracies, one a seed, on "new" pictures and on its "own"."""
    data = datasets.load(name, train=train, validation=held, test=held, seed=0, quiet=True)
    shape, classes = data.train.x.shape[1:], len(data.class_names)
    order = np.random.default_rng(0).permutation(shape[0] * shape[1])
    networks = {"CNN": models.narrow_cnn(shape, classes), "ViT": models.small_vit(shape, classes, PATCH, width=32)}
    figures: dict[str, dict] = {}
    for network, model in networks.items():
        model.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"])
        figures[network] = {way: {"new": [], "own": []} for way in ("as they are", "another order")}
        for seed in range(seeds):
            for way, found in figures[network].items():
                seen, new = data.train.x, data.test.x
                if way == "another order":
                    seen, new = reordered(seen, order), reordered(new, order)
                training.reset(model, seed=seed)
                fit_batches(model, seen, data.train.y, batches=steps, size=BATCH, seed=seed)
                for place, x, y in (("new", new, data.test.y), ("own", seen, data.train.y)):
                    found[place].append(round(float(model.evaluate(x, y, batch_size=500, verbose=0)[1]), 4))
                print(network, way, seed, found["new"][-1], found["own"][-1], flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(seeds)}
