"""As many pictures of few objects or of many, scored on new objects and on their own; and a user's own things."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models, training

TINY = {"deals": 1, "pictures": 2, "steps": 2, "tests": 48, "own": 1}
SIZE = 96  # pixels
FIRST_DEAL = 5  # the deals of the other comparisons


class Features:
    """What the network computes for a split, in the place of its pictures."""

    def __init__(self) -> None:
        network = models.imagenet(size=SIZE)
        self.part = keras.Model(network.input, network.get_layer("features").output)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.part.predict(x, verbose=0)


def linear_probe(width: int, classes: int) -> keras.Model:
    """One dense layer on features of shape (batch, width), compiled, with probabilities as its answer."""
    model = keras.Sequential([keras.Input((width,)), layers.Dense(classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fit_steps(model: keras.Model, x: np.ndarray, y: np.ndarray, *, steps: int, seed: int) -> None:
    """Train for a number of batches of 30, in a random order that begins anew when every example has been seen."""
    random = np.random.default_rng(seed)
    rounds = -(-steps * 30 // len(x))
    order = np.concatenate([random.permutation(len(x)) for _ in range(rounds)])[: steps * 30]
    model.fit(x[order], y[order], batch_size=30, shuffle=False, verbose=0)


def fitted(model: keras.Model, known: tuple, new: tuple, steps: int, seed: int) -> float:
    """The accuracy on new examples after training from new weights."""
    training.reset(model, seed=seed)
    fit_steps(model, *known, steps=steps, seed=seed)
    return model.evaluate(*new, verbose=0)[1]


def by_objects(
    features: Features, probe: keras.Model, new: tuple, deal: int, pictures: int, steps: int
) -> dict[str, dict[str, float]]:
    """Number of objects a class to the accuracy from a third of the pictures and from all."""
    scores = {}
    for objects in (1, 2, 4, 8):
        knobs = {"size": SIZE, "split_seed": deal, "objects_per_class": objects, "validation": 1, "test": 1}
        data = datasets.load("cutouts", train=6 * pictures, seed=deal, quiet=True, **knobs)
        x, y = features(data.train.x), data.train.y
        third = 6 * max(1, pictures // 3)
        scores[str(objects)] = {
            "a third": fitted(probe, (x[:third], y[:third]), new, steps, deal),
            "all": fitted(probe, (x, y), new, steps, deal),
        }
        if objects == 2:
            others = datasets.load("cutouts", train=60, seed=deal + 100, quiet=True, **knobs).train
            same = probe.evaluate(features(others.x), others.y, verbose=0)[1]
            scores[str(objects)]["all, new pictures of the same objects"] = same
    return scores


def for_a_user(
    probe: keras.Model, known: tuple, test: datasets.Split, x_test: np.ndarray, deal: int, steps: int, own: int
) -> dict[str, float]:
    """Accuracy on a user's things and on all others, before and after the user's own pictures are added."""
    theirs = np.zeros(len(x_test), dtype=bool)
    given = np.zeros(len(x_test), dtype=bool)
    for label in range(6):
        for thing in np.unique(test.objects[test.y == label])[:2]:  # two things of each kind are the user's
            shown = np.flatnonzero(test.objects == thing)
            theirs[shown] = True
            given[shown[:own]] = True
    asked = theirs & ~given
    scores = {}
    both = (np.concatenate([known[0], x_test[given]]), np.concatenate([known[1], test.y[given]]))
    for name, pairs in {"before": known, "after": both}.items():
        scores[f"{name}, the user's things"] = fitted(probe, pairs, (x_test[asked], test.y[asked]), steps, deal)
        scores[f"{name}, other things"] = probe.evaluate(x_test[~theirs], test.y[~theirs], verbose=0)[1]
    return scores


def main(deals: int = 3, pictures: int = 24, steps: int = 150, tests: int = 300, own: int = 3) -> dict:
    """Figures: for each deal the accuracies by number of objects, and those for a user."""
    features, probe = Features(), linear_probe(1280, 6)
    figures: dict[str, list] = {"objects": [], "user": []}
    for deal in range(FIRST_DEAL, FIRST_DEAL + deals):
        knobs = {"size": SIZE, "split_seed": deal, "seed": deal, "validation": 1}
        data = datasets.load("cutouts", train=6 * pictures, test=tests, quiet=True, **knobs)
        known, x_test = (features(data.train.x), data.train.y), features(data.test.x)
        figures["objects"].append(by_objects(features, probe, (x_test, data.test.y), deal, pictures, steps))
        figures["user"].append(for_a_user(probe, known, data.test, x_test, deal, steps, own))
        print(deal, figures["objects"][-1], figures["user"][-1], flush=True)
    return {
        "figures": rounded(figures),
        "data": data.card.label,
        "seeds": range(FIRST_DEAL, FIRST_DEAL + deals),
    }


def rounded(figures: object) -> object:
    """The same with every number at four digits."""
    if isinstance(figures, dict):
        return {name: rounded(value) for name, value in figures.items()}
    if isinstance(figures, list):
        return [rounded(value) for value in figures]
    return round(float(figures), 4)
