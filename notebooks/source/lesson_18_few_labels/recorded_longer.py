"""More patience with views: three times as long as in recorded_colour.py, and then trained on with the labels."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets
from course_utils.training.contrastive import learn_from_views
from course_utils.training.few_labels import draw_labels, probe_scores, small_encoder, small_views
from course_utils.training.fine_tuning import fit_batches

TINY = {"pictures": 300, "tests": 30, "seeds": 1, "epochs": 1, "most_batches": 2, "most": 5}
SIZE = 24
FIRST_SEED = 30  # the data and the draws of labels are those of recorded_colour.py
BATCH = 50


def trained_on(
    encoder: keras.Model, x: np.ndarray, y: np.ndarray, new: np.ndarray, y_new: np.ndarray, *, batches: int, seed: int
) -> float:
    """The accuracy of a copy of the encoder that is trained further with labels, in the same changed views."""
    copy = keras.models.clone_model(encoder)
    copy.set_weights(encoder.get_weights())
    model = keras.Sequential(
        [keras.Input(x.shape[1:]), small_views(colour=True), copy, layers.Dense(10, activation="softmax")]
    )
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit_batches(model, x, y, batches=batches, size=BATCH, seed=seed)
    return round(model.evaluate(new, y_new, batch_size=500, verbose=0)[1], 4)


def main(
    pictures: int = 2000, tests: int = 1000, seeds: int = 2, epochs: int = 45, most_batches: int = 1000, most: int = 100
) -> dict:
    """Figures: way to its accuracies, a row a start and a column an amount; the last loss of each start."""
    amounts = [amount for amount in (1, 5, 20, 100) if amount <= most]
    found: dict[str, list] = {"views, longer": [], "views, then labels": [], "loss": []}
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        data = datasets.load(
            "shapes", train=pictures, validation=10, test=tests, size=SIZE, clutter=0, noise=0, seed=seed, quiet=True
        )
        x, y, new, y_new = data.train.x, data.train.y, data.test.x, data.test.y
        keras.utils.set_random_seed(seed)
        encoder = small_encoder(SIZE)
        losses = learn_from_views(encoder, small_views(colour=True), x, epochs=epochs, batch_size=100)
        found["loss"].append(round(losses[-1], 3))
        features, new_features = (encoder.predict(some, batch_size=500, verbose=0) for some in (x, new))
        found["views, longer"].append(probe_scores(features, y, new_features, y_new, amounts))
        row = []
        for amount in amounts:
            chosen = draw_labels(y, amount, 0)
            batches = min(most_batches, 100 + 4 * len(chosen) // 5)  # as many as from scratch
            row.append(trained_on(encoder, x[chosen], y[chosen], new, y_new, batches=batches, seed=seed))
        found["views, then labels"].append(row)
        print(seed, {what: values[-1] for what, values in found.items()}, flush=True)
    figures = {"amounts": amounts, "ways": found}
    return {"figures": figures, "data": data.card.label, "seeds": range(FIRST_SEED, FIRST_SEED + seeds)}
