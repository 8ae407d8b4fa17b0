"""Pairs of colour and thing that no training picture showed: two networks with captions, and two classifiers.

Each start has other weights, other pictures and six other missing pairs, one for each colour and for each thing. All
networks look at pictures with the same layers and pass over the same pictures equally often.
"""

import keras
import numpy as np
from keras import layers, ops

from course_utils import datasets
from course_utils.datasets.cutouts.dyeing import COLOURS, SIDES, THINGS

TINY = {"pictures": 150, "held": 30, "passes": 2, "seeds": 1}
EVERY = [(colour, thing) for colour in COLOURS for thing in THINGS]
BATCH = 128
WIDTH = 32  # numbers in which a picture and a sentence are compared
TEMPERATURE = 0.1


def missing(seed: int) -> list[tuple[str, str]]:
    """Six pairs, one for each colour and for each thing."""
    things = np.random.default_rng(seed).permutation(list(THINGS)).tolist()
    return list(zip(COLOURS, things, strict=True))


def looking(pictures: keras.KerasTensor) -> keras.KerasTensor:
    """The layers that every rival looks with: (batch, 32, 32, 3) to (batch, 128)."""
    x = layers.Rescaling(1 / 255)(pictures)
    for filters in (16, 32, 64):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
    return layers.Dense(128, activation="relu")(layers.Flatten()(x))


def both_ways(number: np.ndarray, similar: np.ndarray) -> np.ndarray:
    """The contrastive loss, from pictures to sentences and back; equal captions are equally right."""
    number = ops.reshape(number, (-1, 1))
    same = ops.cast(number == ops.transpose(number), "float32")
    right = same / ops.sum(same, axis=1, keepdims=True)
    loss = keras.losses.categorical_crossentropy
    return loss(right, similar, from_logits=True) + loss(right, ops.transpose(similar), from_logits=True)


class Paired:
    """Two networks, one for pictures and one for sentences."""

    def __init__(self) -> None:
        sentences = [f"a {colour} {thing} on the {side}" for colour, thing in EVERY for side in SIDES]
        self._words = layers.TextVectorization()
        self._words.adapt(sentences)
        self._sentences = self._words(sentences)
        picture, words = keras.Input((32, 32, 3)), keras.Input((None,), dtype="int64")
        looked = layers.UnitNormalization()(layers.Dense(WIDTH)(looking(picture)))
        meanings = layers.Embedding(self._words.vocabulary_size(), WIDTH)(words)
        read = layers.UnitNormalization()(layers.GlobalAveragePooling1D()(meanings))
        self.looks, self.reads = keras.Model(picture, looked), keras.Model(words, read)
        self.model = keras.Model([picture, words], ops.matmul(looked, ops.transpose(read)) / TEMPERATURE)
        self.model.compile("adam", both_ways)

    def learn(self, x: np.ndarray, colour: np.ndarray, thing: np.ndarray, side: np.ndarray) -> None:
        """One pass over the pictures."""
        number = (colour * len(THINGS) + thing) * len(SIDES) + side
        self.model.fit([x, ops.take(self._sentences, number, axis=0)], number, batch_size=BATCH, verbose=0)

    def answers(self, x: np.ndarray) -> np.ndarray:
        """Colour and thing of each picture: those of the most similar of all sentences, (n, 2)."""
        similar = self.looks.predict(x, verbose=0) @ self.reads.predict(self._sentences, verbose=0).T
        pair = similar.argmax(axis=1) // len(SIDES)
        return np.stack([pair // len(THINGS), pair % len(THINGS)], axis=1)


class OneEach:
    """A classifier for the colour and another one for the thing."""

    def __init__(self) -> None:
        picture = keras.Input((32, 32, 3))
        outputs = [layers.Dense(len(kinds), activation="softmax")(looking(picture)) for kinds in (COLOURS, THINGS)]
        self.model = keras.Model(picture, outputs)
        self.model.compile("adam", ["sparse_categorical_crossentropy"] * 2)

    def learn(self, x: np.ndarray, colour: np.ndarray, thing: np.ndarray, _: np.ndarray) -> None:
        """One pass over the pictures."""
        self.model.fit(x, [colour, thing], batch_size=BATCH, verbose=0)

    def answers(self, x: np.ndarray) -> np.ndarray:
        """Colour and thing of each picture, (n, 2)."""
        return np.stack([said.argmax(axis=1) for said in self.model.predict(x, verbose=0)], axis=1)


def numbers(pairs: list[tuple[str, str]]) -> np.ndarray:
    """The places of colours and things in their lists, (n, 2)."""
    return np.array([(list(COLOURS).index(colour), list(THINGS).index(thing)) for colour, thing in pairs])


RIVALS = {"captions": Paired, "colour and thing apart": OneEach}


def main(pictures: int = 6000, held: int = 600, passes: int = 10, seeds: int = 3, first: int = 12) -> dict:
    """Figures: rival to "seen", "missing" pairs, "colour" and "thing" of the missing pairs.

    Of captions one row of accuracies a start, one number for each pass; of the classifiers one number a start.
    """
    figures: dict[str, dict] = {name: {"seen": [], "missing": [], "colour": [], "thing": []} for name in RIVALS}
    for seed in range(first, first + seeds):
        gone = missing(seed)
        there = [pair for pair in EVERY if pair not in gone]
        learned = datasets.dyed_things(pictures, there, seed=10 * seed)
        new_seen = datasets.dyed_things(held, there, seed=10 * seed + 1, split="test")
        new_gone = datasets.dyed_things(held, gone, seed=10 * seed + 2, split="test")
        colour, thing = numbers(there)[learned.pair].T
        for name, rival in RIVALS.items():
            keras.utils.set_random_seed(seed)
            one = rival()
            rows: dict[str, list[float]] = {what: [] for what in figures[name]}
            for number in range(passes):
                one.learn(learned.x, colour, thing, learned.side)
                if name != "captions" and number < passes - 1:
                    continue
                seen = one.answers(new_seen.x) == numbers(there)[new_seen.pair]
                never = one.answers(new_gone.x) == numbers(gone)[new_gone.pair]
                found = (seen.all(axis=1), never.all(axis=1), never[:, 0], never[:, 1])
                for what, right in zip(rows, found, strict=True):
                    rows[what].append(round(float(right.mean()), 4))
            for what, values in rows.items():
                figures[name][what].append(values if name == "captions" else values[0])
            print(seed, name, rows, flush=True)
    return {
        "figures": figures | {"new pictures": held},
        "data": "cut-out photographs, dyed",
        "seeds": range(first, first + seeds),
    }
