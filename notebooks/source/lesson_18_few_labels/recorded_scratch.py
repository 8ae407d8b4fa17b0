"""The rivals of learning from views, on the same shapes and labels: networks from scratch, and the ImageNet network."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models
from course_utils.training.few_labels import draw_labels, probe_scores, small_encoder, small_views
from course_utils.training.fine_tuning import fit_batches

TINY = {"pictures": 300, "tests": 30, "seeds": 1, "most_batches": 2, "most": 5}
SIZE = 24  # for the ImageNet network each pixel is repeated four times in both directions, since it wants 96
FIRST_SEED = 30  # the data and the draws of labels are those of recorded_colour.py
BATCH = 50


def trained(x: np.ndarray, y: np.ndarray, changes: list[keras.Layer], *, batches: int, seed: int) -> keras.Model:
    """A network of the encoder's form, trained on the labelled pictures alone, as they are or changed at random."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input(x.shape[1:]), *changes, small_encoder(SIZE)])
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit_batches(model, x, y, batches=batches, size=BATCH, seed=seed)
    return model


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    return round(model.evaluate(x, y, batch_size=500, verbose=0)[1], 4)


def main(pictures: int = 2000, tests: int = 1000, seeds: int = 2, most_batches: int = 1000, most: int = 100) -> dict:
    """Figures: way to its accuracies, a row a start and a column an amount; how well the labelled are fitted."""
    amounts = [amount for amount in (1, 5, 20, 100) if amount <= most]
    network = models.imagenet(4 * SIZE, include_top=False, pooling="avg")
    found: dict[str, list] = {}
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        data = datasets.load(
            "shapes", train=pictures, validation=10, test=tests, size=SIZE, clutter=0, noise=0, seed=seed, quiet=True
        )
        x, y, new, y_new = data.train.x, data.train.y, data.test.x, data.test.y
        rows: dict[str, list[float]] = {}
        for way, changes in (("from scratch", []), ("from scratch, changed", [small_views(colour=True)])):
            rows[way], rows[f"{way}, fitted"] = [], []
            for amount in amounts:
                chosen = draw_labels(y, amount, 0)
                batches = min(most_batches, 100 + 4 * len(chosen) // 5)  # for few labels fewer are enough
                model = trained(x[chosen], y[chosen], changes, batches=batches, seed=seed)
                rows[way].append(accuracy(model, new, y_new))
                rows[f"{way}, fitted"].append(accuracy(model, x[chosen], y[chosen]))
        features, new_features = (
            network.predict(some.repeat(4, axis=1).repeat(4, axis=2), verbose=0) for some in (x, new)
        )
        rows["ImageNet"] = probe_scores(features, y, new_features, y_new, amounts)
        print(seed, rows, flush=True)
        for way, row in rows.items():
            found.setdefault(way, []).append(row)
    figures = {"amounts": amounts, "ways": found}
    return {"figures": figures, "data": data.card.label, "seeds": range(FIRST_SEED, FIRST_SEED + seeds)}
