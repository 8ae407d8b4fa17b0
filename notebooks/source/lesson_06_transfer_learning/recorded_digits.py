"""Where ImageNet features do not help, handwritten digits; and what fine-tuning for them does to an older task."""

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression

from course_utils import datasets, models

TINY = {"seeds": 1, "digits": 20, "epochs": 1, "tests": 12}
SIZE = 96  # pixels
FIRST_DEAL = 5  # the deals of the other comparisons
KNOWN = 60  # pictures of the six kinds to learn from
RATE = 0.001


def pictures_of(digits: np.ndarray, random: np.random.Generator) -> dict[str, np.ndarray]:
    """The same digits, 8 by 8, twice on black pictures of 16 by 16: in the middle, and anywhere."""
    middle = np.pad(digits, ((0, 0), (4, 4), (4, 4), (0, 0)))
    moves = random.integers(-4, 5, (len(digits), 2))
    anywhere = np.stack([np.roll(one, tuple(move), axis=(0, 1)) for one, move in zip(middle, moves, strict=True)])
    return {"middle": middle, "anywhere": anywhere}


def enlarged(pictures: np.ndarray) -> np.ndarray:
    """Grey pictures as the network wants them: 96 by 96, three channels, shape (n, 96, 96, 3)."""
    large = keras.ops.image.resize(pictures.astype("float32"), (SIZE, SIZE))
    return np.array(large).repeat(3, axis=3)


def linear_score(rows: np.ndarray, y: np.ndarray) -> float:
    """The accuracy of a linear model that learns from the first half, on the second."""
    half = len(rows) // 2
    linear = LogisticRegression(max_iter=1000).fit(rows[:half], y[:half])
    return round(float(linear.score(rows[half:], y[half:])), 3)


def for_classes(base: keras.Model, classes: int, rate: float) -> keras.Model:
    """The network with a dense layer behind it, compiled: what is trainable now is trained."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), base, layers.Dense(classes, activation="softmax")])
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def unfreeze_last_stage(base: keras.Model) -> None:
    """As in the lesson: all but batch normalisation."""
    for layer in base.layers:
        last = layer.name.startswith(("stage7", "head"))
        layer.trainable = last and not isinstance(layer, layers.BatchNormalization)


def forgetting(digits: np.ndarray, y: np.ndarray, seed: int, epochs: int, tests: int) -> tuple[float, float, float]:
    """Accuracy on six kinds before and after the last stage is fine-tuned for digits, and on new digits."""
    keras.utils.set_random_seed(seed)
    deal = FIRST_DEAL + seed
    knobs = {"size": SIZE, "seed": deal, "split_seed": deal, "validation": 1, "quiet": True}
    data = datasets.load("cutouts", train=KNOWN, test=tests, **knobs)
    base = models.imagenet(size=SIZE, include_top=False, pooling="avg")
    base.trainable = False
    kinds = for_classes(base, 6, RATE)
    kinds.fit(data.train.x, data.train.y, batch_size=10, epochs=epochs, verbose=0)
    before = kinds.evaluate(data.test.x, data.test.y, verbose=0)[1]
    unfreeze_last_stage(base)
    half = len(digits) // 2
    tens = for_classes(base, 10, RATE)
    tens.fit(digits[:half], y[:half], batch_size=10, epochs=epochs, verbose=0)
    learned = tens.evaluate(digits[half:], y[half:], verbose=0)[1]
    after = np.mean(kinds.predict(data.test.x, verbose=0).argmax(axis=1) == data.test.y)
    return tuple(round(float(value), 3) for value in (before, after, learned))


def main(seeds: int = 3, digits: int = 200, epochs: int = 10, tests: int = 150) -> dict:
    """Figures: one a draw; a linear model on pixels and on features, by place; the older task, before and after."""
    data = datasets.load("digits", quiet=True)
    network = models.imagenet(size=SIZE, include_top=False, pooling="avg")
    figures: dict[str, list] = {}
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        half = digits // 2
        parts = [(split, random.permutation(len(split.y))[:half]) for split in (data.train, data.test)]
        x, y = (np.concatenate([getattr(split, name)[chosen] for split, chosen in parts]) for name in ("x", "y"))
        places = pictures_of(x, random)
        for place, pictures in places.items():
            pixels = pictures.reshape(len(pictures), -1) / 255
            features = network.predict(enlarged(pictures), verbose=0)
            figures.setdefault(f"pixels_{place}", []).append(linear_score(pixels, y))
            figures.setdefault(f"features_{place}", []).append(linear_score(features, y))
        found = forgetting(enlarged(places["middle"]), y, seed, epochs, tests)
        for name, value in zip(("kinds_before", "kinds_after", "digits_learned"), found, strict=True):
            figures.setdefault(name, []).append(value)
        print(seed, {name: values[-1] for name, values in figures.items()}, flush=True)
    return {"figures": figures, "data": "digits and cutouts", "seeds": range(seeds)}
