"""Do drawn pictures help a classifier with few labels? Beside the labelled pictures alone, and beside moved copies.

The pictures are drawn by diffusion that is told the class and has learned from the same few labelled pictures. All
classifiers take equally many steps.
"""

import keras
import numpy as np
import tensorflow as tf

from course_utils import datasets, models
from course_utils.training.generators import diffusion, out_of_noise, outputs

TINY = {"name": "shapes", "images": 300, "few": 2, "more": 3, "steps": 2, "starts": 1, "held": 20, "times": 2}
CLASSES = 10


def moved(pictures: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Copies moved by up to two pixels up or down and two to a side, (n, height, width)."""
    return np.stack([np.roll(one, random.integers(-2, 3, 2), (0, 1)) for one in pictures])


def drawn(x: np.ndarray, y: np.ndarray, each: int, steps: int, random: np.random.Generator) -> np.ndarray:
    """So many drawings of each class, in the order of the classes, after the labelled pictures, (n, height, width)."""
    rows, told = 2 * x.reshape(len(x), -1) - 1, np.eye(CLASSES, dtype="float32")
    network, step = diffusion(rows.shape[1], (256, 256), told=CLASSES)
    for _ in range(steps):
        picked = random.integers(len(x), size=128)
        step(tf.constant(np.concatenate([rows[picked], told[y[picked]]], axis=1)))
    given = told[np.repeat(np.arange(CLASSES), each)]
    made = out_of_noise(network, random.normal(size=(len(given), rows.shape[1])), given)
    return ((1 + made) / 2).clip(0, 1).reshape(-1, *x.shape[1:])


def accuracy(x: np.ndarray, y: np.ndarray, test: datasets.Split, steps: int, seed: int) -> float:
    """Of program A after so many batches of 32 random pictures of these, on new photographs."""
    keras.utils.set_random_seed(seed)
    picked = np.random.default_rng(seed).integers(len(x), size=32 * steps)
    classifier = models.program_a()
    classifier.compile("adam", "sparse_categorical_crossentropy")
    classifier.fit(255 * x[picked][..., None], y[picked], batch_size=32, verbose=0)
    said = outputs(classifier, grey(test.x)[..., None] * 255).argmax(axis=1)
    return round(float(np.mean(said == test.y)), 4)


def grey(pictures: np.ndarray) -> np.ndarray:
    """Pictures from 0 to 1, (n, height, width)."""
    return pictures.mean(axis=-1).astype("float32") / 255


def main(
    name: str = "fashion_mnist",
    images: int = 5000,
    few: int = 10,
    more: int = 50,
    steps: int = 400,
    starts: int = 3,
    held: int = 2000,
    times: int = 10,
    first: int = 11,
) -> dict:
    """Figures: labels a class to what was learned from to accuracies, one a start."""
    options = {"size": 28} if name == "shapes" else {}
    data = datasets.load(name, train=images, validation=10, test=held, seed=0, quiet=True, **options)
    x, y = grey(data.train.x), data.train.y
    figures: dict[str, dict[str, list[float]]] = {}
    for each in (few, more):
        found = figures.setdefault(str(each), {"labelled alone": [], "with drawings": [], "with moved copies": []})
        for seed in range(first, first + starts):
            keras.utils.set_random_seed(seed)
            random = np.random.default_rng(seed)
            chosen = np.concatenate([random.permutation(np.flatnonzero(y == k))[:each] for k in range(CLASSES)])
            mine, answers = x[chosen], y[chosen]
            copies = moved(np.tile(mine, (times, 1, 1)), random)
            drawings = drawn(mine, answers, times * each, steps, random)
            named = np.repeat(np.arange(CLASSES), times * each)
            sets = {
                "labelled alone": (mine, answers),
                "with drawings": (np.concatenate([mine, drawings]), np.concatenate([answers, named])),
                "with moved copies": (np.concatenate([mine, copies]), np.tile(answers, times + 1)),
            }
            for kind, some in sets.items():
                found[kind].append(accuracy(*some, data.test, steps, seed))
            print(each, seed, {kind: values[-1] for kind, values in found.items()}, flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": range(first, first + starts)}
