"""Freezing, the rate and the mode of batch normalisation in fine-tuning: each is broken once, the rest held equal.

Every way sees the same pictures in the same order. Where the dense layer goes first it takes the first half of them, on
the features of the network as it came; then the rest learns, too.
"""

from typing import NamedTuple

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models, training
from course_utils.training.fine_tuning import fit_batches
from course_utils.training.resetting import renew_optimizer

TINY = {"deals": 1, "pictures": 2, "batches": 2, "tests": 12, "ways": "last_stage_at_once norm norm_by_threes"}
SIZE = 96  # pixels
BATCH, FEW = 10, 3  # pictures in a batch
ASKED = 20  # at a time: they go into all pictures evenly, so that one compiled function is enough
FIRST_DEAL = 40  # settings were tried on deals before this one
SMALL, USUAL = 0.0001, 0.001  # the second is Adam's own, with which the dense layer learns


class Way(NamedTuple):
    """How to fine-tune."""

    everything: bool  # or only the last stage
    normalises_batches: bool  # batch normalisation learns, and takes means and spreads from the batch
    first: bool  # the dense layer learns alone first
    rate: float
    size: int = BATCH  # of a batch, where more than the dense layer learns


WAYS = {
    "last_stage": Way(False, False, True, SMALL),
    "last_stage_at_once": Way(False, False, False, USUAL),
    "everything": Way(True, False, True, SMALL),
    "everything_at_usual_rate": Way(True, False, True, USUAL),
    "everything_at_once": Way(True, False, False, USUAL),
    "everything_by_threes": Way(True, False, True, SMALL, FEW),
    "norm": Way(True, True, True, SMALL),
    "norm_by_threes": Way(True, True, True, SMALL, FEW),
}


class Deal:
    """The pictures of one deal of the objects, and what the dense layer learns on bare features."""

    def __init__(self, deal: int, tuning: "Tuning", pictures: int, batches: int, tests: int) -> None:
        knobs = {"size": SIZE, "seed": deal, "split_seed": deal, "validation": 1, "quiet": True}
        data = datasets.load("cutouts", train=6 * pictures, test=tests, **knobs)
        self.number, self.train, self.test, self.label = deal, data.train, data.test, data.card.label
        features, new_features = (
            tuning.base.predict(split.x, batch_size=ASKED, verbose=0) for split in (data.train, data.test)
        )
        training.reset(tuning.dense, seed=deal)
        self.untrained = tuning.dense.get_weights()
        fit_batches(tuning.dense, features, self.train.y, batches=batches // 2, size=BATCH, seed=deal)
        self.half_trained = tuning.dense.get_weights()
        fit_batches(tuning.dense, features, self.train.y, batches=batches, size=BATCH, seed=deal, done=batches // 2)
        self.probe = score(tuning.dense, new_features, self.test.y)


class Tuning:
    """The ImageNet network with a dense layer behind it, made ready for one way of fine-tuning after the other."""

    def __init__(self) -> None:
        self.base = models.imagenet(size=SIZE, include_top=False, pooling="avg")
        self.dense = keras.Sequential([keras.Input((1280,)), layers.Dense(6, activation="softmax")])
        self.dense.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        self._original = self.base.get_weights()

    def compiled(self, *, everything: bool, normalises_batches: bool) -> keras.Model:
        """Both as one model, in which the chosen layers learn; a model of an earlier call is of no use any more."""
        for layer in self.base.layers:
            chosen = everything or layer.name.startswith(("stage7", "head"))
            normalises = isinstance(layer, layers.BatchNormalization)
            layer.trainable = chosen and (normalises_batches or not normalises)
        model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), self.base, self.dense])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    def tune(self, model: keras.Model, deal: Deal, way: Way, batches: int) -> None:
        """Fine-tune on one deal, from the network as it came and a dense layer that is half trained or untrained."""
        keras.utils.set_random_seed(deal.number)
        self.base.set_weights(self._original)
        self.dense.set_weights(deal.half_trained if way.first else deal.untrained)
        renew_optimizer(model)
        model.optimizer.learning_rate = way.rate
        done, steps = ((batches // 2 if way.first else 0) * BATCH // way.size, batches * BATCH // way.size)
        fit_batches(model, deal.train.x, deal.train.y, batches=steps, size=way.size, seed=deal.number, done=done)


def score(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The accuracy, at three decimals."""
    return round(float(model.evaluate(x, y, batch_size=ASKED, verbose=0)[1]), 3)


def score_in_training_mode(model: keras.Model, x: np.ndarray, y: np.ndarray, order: np.ndarray) -> float:
    """The accuracy, at three decimals, of answers in training mode, in batches in this order; the weights stay."""
    kept, right = model.get_weights(), []
    for chosen in np.split(order, range(BATCH, len(order), BATCH)):
        answers = np.array(model(x[chosen].astype("float32"), training=True)).argmax(axis=1)
        right.extend(answers == y[chosen])
    model.set_weights(kept)  # the stored means have moved
    return round(float(np.mean(right)), 3)


def main(deals: int = 3, pictures: int = 10, batches: int = 40, tests: int = 180, ways: str = "all") -> dict:
    """Figures, one a deal: accuracy by way on new pictures and on those learned from; answers in training mode."""
    tuning = Tuning()
    dealt = [Deal(deal, tuning, pictures, batches, tests) for deal in range(FIRST_DEAL, FIRST_DEAL + deals)]
    figures: dict = {"linear_probe": [deal.probe for deal in dealt], "small_rate": SMALL, "usual_rate": USUAL}
    chosen = {name: way for name, way in WAYS.items() if ways == "all" or name in ways.split()}
    for kind in dict.fromkeys((way.everything, way.normalises_batches) for way in chosen.values()):
        model = tuning.compiled(everything=kind[0], normalises_batches=kind[1])
        for deal in dealt:
            x, y = deal.test.x, deal.test.y
            for name, way in chosen.items():
                if (way.everything, way.normalises_batches) != kind:
                    continue
                tuning.tune(model, deal, way, batches)
                figures.setdefault(name, []).append(score(model, x, y))
                figures.setdefault(f"{name}_learned", []).append(score(model, deal.train.x, deal.train.y))
                if name == "norm":
                    orders = {"mixed": np.random.default_rng(deal.number).permutation(len(y)), "sorted": np.argsort(y)}
                    for called, order in orders.items():
                        found = score_in_training_mode(model, x, y, order)
                        figures.setdefault(f"{name}_asked_{called}", []).append(found)
                print(deal.number, name, figures[name][-1], figures[f"{name}_learned"][-1], flush=True)
    return {"figures": figures, "data": dealt[0].label, "seeds": range(FIRST_DEAL, FIRST_DEAL + deals)}
