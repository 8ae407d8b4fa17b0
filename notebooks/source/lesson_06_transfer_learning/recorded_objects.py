"""As many pictures of few objects or of many, scored on new objects and on their own; and a user's own things."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models, training
from course_utils.training.fine_tuning import fit_batches

TINY = {"deals": 1, "pictures": 3, "steps": 2, "tests": 48, "own": 1}
SIZE = 96  # pixels
OBJECTS = (1, 2, 4, 8)  # of each class
FIRST_DEAL = 5  # the deals of the other comparisons


class Features:
    """What the network computes for a split, in the place of its pictures."""

    def __init__(self) -> None:
        self.network = models.imagenet(size=SIZE, include_top=False, pooling="avg")

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.network.predict(x, verbose=0)


def linear_probe() -> keras.Model:
    """One dense layer on features of shape (batch, 1280), compiled, with probabilities as its answer."""
    model = keras.Sequential([keras.Input((1280,)), layers.Dense(6, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fitted(model: keras.Model, known: tuple, new: tuple, steps: int, seed: int) -> float:
    """The accuracy on new examples after training from new weights."""
    training.reset(model, seed=seed)
    fit_batches(model, *known, batches=steps, size=30, seed=seed)
    return score(model, *new)


def score(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The accuracy, at three decimals."""
    return round(float(model.evaluate(x, y, verbose=0)[1]), 3)


def by_objects(
    features: Features, probe: keras.Model, new: tuple, deal: int, pictures: int, steps: int
) -> tuple[list[float], list[float], float]:
    """Accuracies by number of objects, from a third of the pictures and from all; and on the two objects' own."""
    few, all_of_them, same = [], [], 0.0
    for objects in OBJECTS:
        knobs = {"size": SIZE, "split_seed": deal, "objects_per_class": objects, "validation": 1, "test": 1}
        data = datasets.load("cutouts", train=6 * pictures, seed=deal, quiet=True, **knobs)
        x, y, third = features(data.train.x), data.train.y, 2 * pictures  # of six classes
        few.append(fitted(probe, (x[:third], y[:third]), new, steps, deal))
        all_of_them.append(fitted(probe, (x, y), new, steps, deal))
        if objects == 2:
            others = datasets.load("cutouts", train=60, seed=deal + 100, quiet=True, **knobs).train
            same = score(probe, features(others.x), others.y)
    return few, all_of_them, same


def for_a_user(
    probe: keras.Model, known: tuple, test: datasets.Split, x_test: np.ndarray, deal: int, steps: int, own: int
) -> list[float]:
    """Accuracy on a user's things before and after their pictures are added, then on all others before and after."""
    random = np.random.default_rng(deal)
    theirs = np.zeros(len(x_test), dtype=bool)
    given = np.zeros(len(x_test), dtype=bool)
    for label in range(6):
        for thing in random.permutation(np.unique(test.objects[test.y == label]))[:2]:  # two of each kind
            shown = np.flatnonzero(test.objects == thing)
            theirs[shown] = True
            given[shown[:own]] = True
    asked = theirs & ~given
    both = (np.concatenate([known[0], x_test[given]]), np.concatenate([known[1], test.y[given]]))
    on_theirs, on_others = [], []
    for pairs in (known, both):
        on_theirs.append(fitted(probe, pairs, (x_test[asked], test.y[asked]), steps, deal))
        on_others.append(score(probe, x_test[~theirs], test.y[~theirs]))
    return [*on_theirs, *on_others]


def main(deals: int = 3, pictures: int = 24, steps: int = 150, tests: int = 300, own: int = 3) -> dict:
    """Figures: accuracies, a row a deal and a column a number of objects; on the same objects; for a user, by deal."""
    features, probe = Features(), linear_probe()
    few, all_of_them, same, users = [], [], [], []
    for deal in range(FIRST_DEAL, FIRST_DEAL + deals):
        knobs = {"size": SIZE, "split_seed": deal, "seed": deal, "validation": 1}
        data = datasets.load("cutouts", train=6 * pictures, test=tests, quiet=True, **knobs)
        known, x_test = (features(data.train.x), data.train.y), features(data.test.x)
        found = by_objects(features, probe, (x_test, data.test.y), deal, pictures, steps)
        few.append(found[0])
        all_of_them.append(found[1])
        same.append(found[2])
        users.append(for_a_user(probe, known, data.test, x_test, deal, steps, own))
        print(deal, found, users[-1], flush=True)
    columns = [list(column) for column in zip(*users, strict=True)]
    figures = {
        "things": OBJECTS,
        "8_pictures": few,
        "24_pictures": all_of_them,
        "two_things_same": same,
        "two_things_new": [row[OBJECTS.index(2)] for row in all_of_them],
        "user_before": columns[0],
        "user_after": columns[1],
        "others_before": columns[2],
        "others_after": columns[3],
    }
    return {"figures": figures, "data": data.card.label, "seeds": range(FIRST_DEAL, FIRST_DEAL + deals)}
