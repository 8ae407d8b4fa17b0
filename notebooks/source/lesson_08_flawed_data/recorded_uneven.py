"""Uneven classes: accuracy at home and recall of each class, with four remedies beside even classes, over deals."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, metrics, models, training

TINY = {"pictures": 40, "epochs": 2, "deals": 1, "imbalance": 5, "judged": 12}  # some of the rarest class
SIZE, CLASSES = 96, 6


def recalls(y: np.ndarray, probabilities: np.ndarray) -> list[float]:
    """Of each class, the share that gets its name."""
    found = metrics.per_class_recall(y, probabilities.argmax(axis=1), classes=CLASSES)
    return [round(float(value), 4) for value in found]


def main(pictures: int = 450, epochs: int = 40, deals: int = 5, imbalance: int = 100, judged: int = 300) -> dict:
    """Figures: name of a training to its accuracy at home, a deal, and its recalls on even new pictures, a deal.

    Every training sees pictures x epochs pictures. Pictures at home are as uneven as those for training; the new ones
    are even.
    """
    network = models.imagenet(size=SIZE)
    to_features = keras.Model(network.inputs, network.get_layer("features").output)
    model = keras.Sequential([keras.Input((1280,)), layers.Dense(CLASSES, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    figures: dict[str, dict[str, list]] = {}
    for deal in range(deals):
        deal_of = {"size": SIZE, "seed": deal, "split_seed": deal, "quiet": True}
        even = datasets.load("cutouts", train=pictures, validation=6, test=judged, **deal_of)
        flaw = {"imbalance": imbalance, "flawed": ("train", "validation")}
        uneven = datasets.load("cutouts", train=pictures, validation=judged, test=6, **flaw, **deal_of)
        x, home, new = (to_features.predict(s.x, verbose=0) for s in (uneven.train, uneven.validation, even.test))
        y = uneven.train.y
        counts = np.bincount(y, minlength=CLASSES)
        chance = np.random.default_rng(deal)
        drawn = chance.choice(pictures, pictures, p=(1 / counts[y]) / np.sum(1 / counts[y]))
        runs = {
            "uneven, nothing done": (x, y, None, 1),
            "class weights": (x, y, {k: pictures / CLASSES / counts[k] for k in range(CLASSES)}, 1),
            "resampling": (x[drawn], y[drawn], None, 1),
            "prior correction": (x, y, None, counts),
            "even classes": (to_features.predict(even.train.x, verbose=0), even.train.y, None, 1),
        }
        for name, (features, labels, weights, divided_by) in runs.items():
            training.reset(model, seed=deal)
            model.fit(features, labels, batch_size=50, epochs=epochs, class_weight=weights, verbose=0)
            at_home = model.predict(home, verbose=0) / divided_by
            found = figures.setdefault(name, {"home": [], "recalls": []})
            found["home"].append(round(metrics.accuracy(uneven.validation.y, at_home.argmax(axis=1)), 4))
            found["recalls"].append(recalls(even.test.y, model.predict(new, verbose=0) / divided_by))
            print(deal, name, found["home"][-1], found["recalls"][-1], flush=True)
    return {"figures": figures, "data": even.card.label, "seeds": range(deals)}
