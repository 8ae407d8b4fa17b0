"""A background that betrays the class: at home, elsewhere and with the thing painted over, over shares and deals."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models, training

TINY = {"pictures": 60, "epochs": 1, "deals": 1, "judged": 24, "probed": 24}
SHARES = (0.0, 0.5, 0.75, 0.9, 0.95, 1.0)


def small_network() -> keras.Model:
    """Two convolutions and a dense layer, from scratch."""
    model = keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(6, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def without_things(pictures: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """Each thing painted over with the mean colour of what is behind it."""
    empty = pictures.copy()
    for picture, mask in zip(empty, masks, strict=True):
        picture[mask] = picture[~mask].mean(axis=0)
    return empty


def swapped(pictures: np.ndarray, masks: np.ndarray, seed: int) -> np.ndarray:
    """Each thing before the background of another picture, drawn at random."""
    others = np.random.default_rng(seed).permutation(len(pictures))
    return np.where(masks[..., None], pictures, without_things(pictures, masks)[others])


def main(pictures: int = 900, epochs: int = 12, deals: int = 3, judged: int = 300, probed: int = 450) -> dict:
    """Figures: by share of betrayed pictures the accuracy of three tests, one a deal, and the same for two cures."""
    model = small_network()
    network = models.imagenet(size=96)
    to_features = keras.Model(network.inputs, network.get_layer("features").output)
    probe = keras.Sequential([keras.Input((1280,)), layers.Dense(6, activation="softmax")])
    probe.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    tests = ("at home", "elsewhere", "thing painted over")
    figures: dict = {"shares": {test: [[] for _ in range(deals)] for test in tests}, "cures": {}}
    for deal in range(deals):
        deal_of = {"seed": deal, "split_seed": deal, "quiet": True}
        for share in SHARES:
            flaw = {"betrayal": share, "flawed": ("train", "validation")}
            data = datasets.load("cutouts", size=32, train=pictures, validation=judged, test=judged, **flaw, **deal_of)
            home, new = data.validation, data.test
            training.reset(model, seed=deal)
            model.fit(data.train.x, data.train.y, epochs=epochs, verbose=0)
            asked = ((home.x, home.y), (new.x, new.y), (without_things(home.x, home.masks), home.y))
            for test, (x, y) in zip(tests, asked, strict=True):
                figures["shares"][test][deal].append(round(float(model.evaluate(x, y, verbose=0)[1]), 4))
            print(deal, share, [figures["shares"][test][deal][-1] for test in tests], flush=True)
        # the last share is 1: every picture betrays its class
        training.reset(model, seed=deal)
        model.fit(swapped(data.train.x, data.train.masks, deal), data.train.y, epochs=epochs, verbose=0)
        by_swap = [float(model.evaluate(s.x, s.y, verbose=0)[1]) for s in (home, new)]
        large = datasets.load("cutouts", size=96, train=probed, validation=judged, test=judged, **flaw, **deal_of)
        x, at_home, elsewhere = (
            to_features.predict(s.x, verbose=0) for s in (large.train, large.validation, large.test)
        )
        training.reset(probe, seed=deal)
        probe.fit(x, large.train.y, batch_size=50, epochs=40 if epochs > 1 else 1, verbose=0)
        by_probe = [
            float(probe.evaluate(f, s.y, verbose=0)[1])
            for f, s in ((at_home, large.validation), (elsewhere, large.test))
        ]
        for name, scores in (("backgrounds swapped", by_swap), ("features of the ImageNet network", by_probe)):
            found = figures["cures"].setdefault(name, {"at home": [], "elsewhere": []})
            for test, score in zip(tests, scores, strict=False):
                found[test].append(round(score, 4))
            print(deal, name, scores, flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(deals)}
