"""How much of the square that a map finds strongest lies on a small animal: three methods and their rivals."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from course_utils import datasets, models

TINY = {"things": 1, "deals": 1, "looked_at": 24}
SIZE, SQUARES = 224, 7  # pixels; squares a side, as many as the network's last maps have places
SIDE = SIZE // SQUARES
OBJECT_SIZE = 0.4  # share of the picture's side
ANIMAL_CLASSES, ANIMAL_NAMES = 3, 398  # classes 0 to 2 of the pictures, and the first 398 names of ImageNet
METHODS = ("class map", "occlusion", "saliency")


@dataclass(frozen=True)
class Parts:
    """A network taken apart, once: a model that is made anew for each picture would be compiled anew as well.

    Attributes:
        to_maps: from pictures to the last feature maps.
        scores: from pictures to the scores of all names.
        weights: of the feature maps in the scores, (1280, 1000).
    """

    to_maps: keras.Model
    scores: keras.Model
    weights: np.ndarray


def parts_of(network: keras.Model) -> Parts:
    """What the three methods need of a network."""
    maps, logits = network.get_layer("last_maps"), network.get_layer("logits")
    scores = keras.Model(network.input, logits.output)
    return Parts(keras.Model(network.input, maps.output), scores, logits.get_weights()[0])


def on_object(heat: np.ndarray, shares: np.ndarray) -> float:
    """How much of the strongest square lies on the object; the mean of those that tie."""
    return float(shares[heat == heat.max()].mean())


def occlusion(scores: keras.Model, picture: np.ndarray, label: int) -> np.ndarray:
    """By how much the score falls when each square is covered with grey, as in the lesson."""
    covered = np.repeat(picture[np.newaxis], SQUARES**2 + 1, axis=0)  # the last one stays as it is
    for place in range(SQUARES**2):
        row, column = divmod(place, SQUARES)
        covered[place, row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE] = 127
    after = scores.predict(covered, batch_size=10, verbose=0)[:, label]
    return (after[-1] - after[:-1]).reshape(SQUARES, SQUARES)


def saliency(scores: keras.Model, picture: np.ndarray, label: int) -> np.ndarray:
    """The mean size of the slopes in each square."""
    pixels = tf.constant(picture[np.newaxis], dtype="float32")
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        score = scores(pixels)[0, label]
    slopes = np.abs(tape.gradient(score, pixels)[0]).max(axis=-1)  # (SIZE, SIZE)
    return slopes.reshape(SQUARES, SIDE, SQUARES, SIDE).mean(axis=(1, 3))


def three_maps(parts: Parts, picture: np.ndarray, label: int) -> dict[str, np.ndarray]:
    """The map of each method for one picture and one name, (SQUARES, SQUARES)."""
    heats = (
        parts.to_maps(picture[np.newaxis])[0].numpy() @ parts.weights[:, label],
        occlusion(parts.scores, picture, label),
        saliency(parts.scores, picture, label),
    )
    return dict(zip(METHODS, heats, strict=True))


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Of two maps; 0 where one of them says nothing."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def first_of_each_thing(said: np.ndarray, new: datasets.Split, things: int) -> list[int]:
    """The first picture of each animal that is called an animal, at most so many."""
    named = np.flatnonzero((new.y < ANIMAL_CLASSES) & (said < ANIMAL_NAMES))
    _, first = np.unique(new.objects[named], return_index=True)
    return named[np.sort(first)][:things].tolist()


def judged(trained: Parts, random: Parts, picture: np.ndarray, mask: np.ndarray, label: int) -> dict:
    """One picture: shares on the object for every method and rival, and how alike the two networks' maps are."""
    shares = mask.reshape(SQUARES, SIDE, SQUARES, SIDE).mean(axis=(1, 3))
    learned, unlearned = three_maps(trained, picture, label), three_maps(random, picture, label)
    found = {method: on_object(learned[method], shares) for method in METHODS}
    found |= {f"{method}, random weights": on_object(unlearned[method], shares) for method in METHODS}
    found |= {
        "middle square": float(shares[SQUARES // 2, SQUARES // 2]),
        "any square": float(shares.mean()),
        "best square": float(shares.max()),
    }
    return {"shares": found, "alike": {method: correlation(learned[method], unlearned[method]) for method in METHODS}}


def main(things: int = 12, deals: int = 3, looked_at: int = 60) -> dict:
    """Figures: "shares", for every method and rival one number a thing (the mean of its pictures, one a deal);
    "correlations", of the maps with and without learning, a mean over the pictures; and how many "pictures".
    """
    trained = parts_of(models.imagenet(SIZE))
    by_thing: dict[int, list[dict[str, float]]] = {}
    alike: list[dict[str, float]] = []
    for deal in range(deals):
        amounts = {"train": 6, "validation": 6, "test": looked_at, "size": SIZE, "quiet": True}
        data = datasets.load("cutouts", object_size=OBJECT_SIZE, seed=deal, split_seed=deal, **amounts)
        new = data.test
        said = trained.scores.predict(new.x, batch_size=10, verbose=0).argmax(axis=1)
        keras.utils.set_random_seed(deal)
        random = parts_of(models.imagenet(SIZE, weights=None))
        for place in first_of_each_thing(said, new, things):
            one = judged(trained, random, new.x[place], new.masks[place], int(said[place]))
            by_thing.setdefault(int(new.objects[place]), []).append(one["shares"])
            alike.append(one["alike"])
        print(deal, f"{len(alike)} pictures of {len(by_thing)} things", flush=True)
    names = next(iter(by_thing.values()))[0]
    shares = {
        name: [round(float(np.mean([one[name] for one in pictures])), 4) for pictures in by_thing.values()]
        for name in names
    }
    correlations = {method: round(float(np.mean([one[method] for one in alike])), 3) for method in METHODS}
    figures = {"shares": shares, "correlations": correlations, "pictures": len(alike)}
    return {"figures": figures, "data": data.card.label, "seeds": range(deals)}
