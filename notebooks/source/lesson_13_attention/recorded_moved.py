"""What positions are worth: patches as they are, rolled and shuffled, on photographs of things and on digits.

For the photographs also: how much of the class token's attention lies on the thing, against another picture's map.
"""

import keras
import numpy as np

from course_utils import datasets, models, training

TINY = {"photographs": 24, "digits": 30, "photo_epochs": 1, "digit_epochs": 1, "seeds": 1, "held": 24}


def shuffled(pictures: np.ndarray, side: int) -> np.ndarray:
    """Every picture with its `side` x `side` patches in the same other order, shape (n, height, width, channels)."""
    patch = pictures.shape[1] // side
    moved = np.zeros_like(pictures)
    for place, old in enumerate(np.random.default_rng(0).permutation(side * side)):  # the same order as in the lesson
        top, left = patch * (place // side), patch * (place % side)
        old_top, old_left = patch * (old // side), patch * (old % side)
        square = pictures[:, old_top : old_top + patch, old_left : old_left + patch]
        moved[:, top : top + patch, left : left + patch] = square
    return moved


def token_maps(model: keras.Model, pictures: np.ndarray) -> np.ndarray:
    """How the class token's attention in the last block is spread over the patches, mean of heads, (n, side, side)."""
    attend = model.get_layer("attention_1")
    before = keras.Model(model.input, attend.input[0])
    maps = []
    for part in np.array_split(pictures, max(1, len(pictures) // 50)):
        rows = before(part, training=False)
        _, weights = attend(rows, rows, return_attention_scores=True)
        maps.append(keras.ops.convert_to_numpy(weights)[:, :, 0, 1:].mean(axis=1))
    maps = np.concatenate(maps)
    side = round(maps.shape[1] ** 0.5)
    return maps.reshape(-1, side, side)


def on_the_thing(maps: np.ndarray, masks: np.ndarray) -> float:
    """The share of what the maps spread over the patches that lies on the things, mean of the pictures."""
    side = maps.shape[1]
    patch = masks.shape[1] // side
    shares = masks.reshape(-1, side, patch, side, patch).mean(axis=(2, 4))  # of each patch, how much is thing
    return round(float(((maps * shares).sum(axis=(1, 2)) / maps.sum(axis=(1, 2))).mean()), 4)


def where_it_looks(model: keras.Model, split: datasets.Split) -> dict[str, float]:
    """The share on the thing of its own map, of the map of another picture, and of a map that is the same everywhere.

    The other picture is the next one but a third of all, so that it seldom shows the same thing.
    """
    maps = token_maps(model, split.x)
    return {
        "its own map": on_the_thing(maps, split.masks),
        "another picture's map": on_the_thing(np.roll(maps, len(maps) // 3, axis=0), split.masks),
        "every patch alike": on_the_thing(np.ones_like(maps), split.masks),
    }


def one_start(
    model: keras.Model, data: datasets.Dataset, tests: dict[str, np.ndarray], epochs: int, seed: int
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Train from new weights: the accuracy on the test's pictures as they are and moved, and where it looks.

    Where it looks is left out, and empty, for pictures without masks.
    """
    training.reset(model, seed=seed)
    looks = {}
    if data.test.masks is not None:
        looks["untrained"] = where_it_looks(model, data.test)
    model.fit(data.train.x, data.train.y, batch_size=50, epochs=epochs, verbose=0)
    if data.test.masks is not None:
        looks["trained"] = where_it_looks(model, data.test)
    scores = {way: model.evaluate(x, data.test.y, batch_size=200, verbose=0)[1] for way, x in tests.items()}
    return {way: round(float(score), 4) for way, score in scores.items()}, looks


def main(
    photographs: int = 1200,
    digits: int = 1200,
    photo_epochs: int = 8,
    digit_epochs: int = 20,
    seeds: int = 3,
    held: int = 360,
) -> dict:
    """Figures: data to network to way to accuracies, one a seed; and, of the photographs, shares on the thing."""
    cutouts = datasets.load("cutouts", train=photographs, validation=10, test=held, size=96, quiet=True)
    written = datasets.load("digits", train=digits, validation=10, test=held, quiet=True)
    figures: dict[str, dict] = {"accuracy": {}, "on the thing": {"trained": [], "untrained": []}}
    # Of the photographs two patches leave on one side and come in on the other, of the digits one.
    for name, data, side, roll, epochs in (
        ("photographs", cutouts, 6, 32, photo_epochs),
        ("digits", written, 4, 2, digit_epochs),
    ):
        shape, classes = data.train.x.shape[1:], len(data.class_names)
        x = data.test.x
        tests = {"as they are": x, "rolled": np.roll(x, roll, axis=(1, 2)), "shuffled": shuffled(x, side)}
        for network in ("with positions", "without positions"):
            model = models.small_vit(shape, classes, shape[0] // side, positions=network == "with positions")
            model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
            found: dict[str, list[float]] = {way: [] for way in tests}
            for seed in range(seeds):
                scores, looks = one_start(model, data, tests, epochs, seed)
                print(name, network, seed, scores, flush=True)
                for way, score in scores.items():
                    found[way].append(score)
                if network == "with positions":
                    for when, shares in looks.items():
                        figures["on the thing"][when].append(shares)
            figures["accuracy"].setdefault(name, {})[network] = found
    return {"figures": figures, "data": f"{cutouts.card.label}; {written.card.label}", "seeds": range(seeds)}
