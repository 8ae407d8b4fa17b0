"""Program C on photographs: three remedies alone on few pictures, and all three together on all of them.

The recipe (how many passes, which learning rates) was chosen on validation pictures before; the test pictures judge
program C and the recipe, and nothing else.
"""

import time

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models, training

TINY = {
    "name": "shapes",
    "images": 60,
    "few": 40,
    "held": 30,
    "few_passes": 1,
    "plain_passes": 1,
    "recipe_passes": 2,
    "seeds": 1,
}
PARTS = {  # batch normalisation, schedule, flip and crop
    "program C": (False, False, False),
    "schedule": (False, True, False),
    "batch normalisation": (True, False, False),
    "flip and crop": (False, False, True),
    "the recipe": (True, True, True),
}
MOST_VIEWS = 40_000  # pictures in memory at once


def with_normalisation() -> keras.Model:
    """Program C with batch normalisation behind each pooling and before the dense part."""
    model = keras.Sequential([keras.Input((32, 32, 3))])
    for layer in models.program_c().layers:
        if isinstance(layer, layers.Flatten):
            model.add(layers.BatchNormalization(momentum=0.95))
        model.add(layer)
        if isinstance(layer, layers.MaxPooling2D):
            model.add(layers.BatchNormalization(momentum=0.95))
    return model


def flip_and_crop(images: np.ndarray, random: np.random.Generator, margin: int = 2) -> np.ndarray:
    """Mirror half of the pictures; then move each by at most `margin` pixels, the border filled by reflection."""
    mirrored = random.random(len(images)) < 0.5
    images = np.where(mirrored[:, None, None, None], images[:, :, ::-1], images)
    height, width = images.shape[1:3]
    wider = np.pad(images, ((0, 0), (margin, margin), (margin, margin), (0, 0)), mode="reflect")
    places = random.integers(0, 2 * margin + 1, (len(images), 2))
    return np.stack([wider[k, i : i + height, j : j + width] for k, (i, j) in enumerate(places)])


def train(model: keras.Model, split: datasets.Split, seed: int, passes: int, batch_size: int, changes: bool) -> None:
    """Train from new weights, each pass in a new order, and with new views where the pictures are to be changed."""
    training.reset(model, seed=seed)
    random = np.random.default_rng(seed)
    views: list[tuple[np.ndarray, np.ndarray]] = []
    for number in range(1, passes + 1):
        order = random.permutation(len(split.x))
        x = split.x[order]
        views.append((flip_and_crop(x, random) if changes else x, split.y[order]))
        if len(views) * len(x) >= MOST_VIEWS or number == passes:
            x_views, y_views = (np.concatenate(part) for part in zip(*views, strict=True))
            model.fit(x_views, y_views, batch_size=batch_size, shuffle=False, verbose=0)
            views = []


def measured(part: str, learn: datasets.Split, judge: datasets.Split, passes: int, seeds: int) -> dict:
    """The accuracy of each seed, and the seconds of one run."""
    normalised, scheduled, changes = PARTS[part]
    batch_size, rate = (128, 0.001) if scheduled else (32, 0.001)
    if scheduled:
        steps = passes * len(learn.x) // batch_size
        rate = keras.optimizers.schedules.CosineDecay(
            0.0002, max(1, steps * 4 // 5), warmup_target=0.004, warmup_steps=max(1, steps // 5)
        )
    model = with_normalisation() if normalised else models.program_c()
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    accuracies, start = [], time.perf_counter()
    for seed in range(seeds):
        train(model, learn, seed, passes, batch_size, changes)
        accuracies.append(float(np.mean(model.predict(judge.x, verbose=0).argmax(axis=1) == judge.y)))
    return {"accuracy": accuracies, "seconds": (time.perf_counter() - start) / seeds}


def main(
    name: str = "cifar10",
    images: int | None = None,
    few: int = 3000,
    held: int | None = None,
    few_passes: int = 12,
    plain_passes: int = 10,
    recipe_passes: int = 14,
    seeds: int = 3,
) -> dict:
    """Figures: where it was measured to name of a part to its accuracies and seconds. None means all."""
    some, everything = (datasets.load(name, train=count, validation=held, test=held) for count in (few, images))
    learn, test = everything.train, everything.test
    figures = {
        "3,000, validation": {part: measured(part, some.train, some.validation, few_passes, seeds) for part in PARTS},
        "all, test": {
            "program C": measured("program C", learn, test, plain_passes, seeds),
            "the recipe": measured("the recipe", learn, test, recipe_passes, seeds),
        },
    }
    return {"figures": figures, "data": everything.card.label, "seeds": range(seeds)}
