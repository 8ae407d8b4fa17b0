"""Five to fifty pictures a class: from scratch, class means, a linear probe, and fine-tuning at a chosen rate."""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, models, training

TINY = {"deals": 1, "most": 5, "steps": 2, "scratch_steps": 2, "tests": 12}
SIZE = 96  # pixels
BATCH = 20
CUT = "stage6_block4_output"  # what lies below stays frozen, so its maps are computed once
RATES = (0.0001, 0.0003, 0.001)
TOO_LARGE = 0.01  # shown beside the others with the most pictures, and never chosen
FIRST_DEAL = 5  # the lesson shows deal 0
SAMPLES = 2000  # of the intervals


def fit_steps(model: keras.Model, x: np.ndarray, y: np.ndarray, *, steps: int, seed: int) -> None:
    """Train for a number of batches, in a random order that begins anew when every example has been seen."""
    random = np.random.default_rng(seed)
    rounds = -(-steps * BATCH // len(x))
    order = np.concatenate([random.permutation(len(x)) for _ in range(rounds)])[: steps * BATCH]
    model.fit(x[order], y[order], batch_size=BATCH, shuffle=False, verbose=0)


def from_scratch() -> keras.Model:
    """Three convolutions and a dense layer, as in lesson 05, on the pictures at a third of their size, mirrored too."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), layers.Rescaling(1 / 255), layers.AveragePooling2D(3)])
    model.add(layers.RandomFlip("horizontal", seed=0))
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, activation="relu", padding="same"))
        model.add(layers.MaxPooling2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(6, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


class FineTuner:
    """The last stage of the network and a probe behind it, trained together, from the same weights each time."""

    def __init__(self, *, batch_norm_trains: bool = False) -> None:
        network = models.imagenet(size=SIZE)
        between = network.get_layer(CUT).output
        self.lower = keras.Model(network.input, between)
        self.upper = keras.Model(between, network.get_layer("features").output)
        for layer in self.upper.layers:
            layer.trainable = batch_norm_trains or not isinstance(layer, layers.BatchNormalization)
        self.probe = keras.Sequential([keras.Input((1280,)), layers.Dense(6, activation="softmax")])
        self.probe.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        self.model = keras.Sequential([self.upper, self.probe])
        self.model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        self.original = self.upper.get_weights()

    def tune(
        self, probe_weights: list[np.ndarray], maps: np.ndarray, y: np.ndarray, *, rate: float, steps: int, seed: int
    ) -> None:
        """Fine-tune at a rate, from the network's own weights and those of a trained probe."""
        keras.utils.set_random_seed(seed)
        self.upper.set_weights(self.original)
        self.probe.set_weights(probe_weights)
        self.model.optimizer.build(self.model.trainable_variables)
        for variable in self.model.optimizer.variables:  # step count and momenta start at zero
            variable.assign(keras.ops.zeros_like(variable))
        self.model.optimizer.learning_rate = rate
        fit_steps(self.model, maps, y, steps=steps, seed=seed)


def answers(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """The most probable class of each example, shape (n,)."""
    return np.array(model(x, training=False)).argmax(axis=1)


def a_third_of_the_objects(y: np.ndarray, objects: np.ndarray) -> np.ndarray:
    """True for the pictures of every third object of each class, shape (n,)."""
    aside = np.zeros(len(y), dtype=bool)
    for label in range(6):
        aside |= np.isin(objects, np.unique(objects[y == label])[::3])
    return aside


def class_means(x: np.ndarray, y: np.ndarray, x_new: np.ndarray) -> np.ndarray:
    """For each new row the class whose mean is nearest."""
    means = np.stack([x[y == label].mean(axis=0) for label in range(6)])
    return np.linalg.norm(x_new[:, None] - means, axis=2).argmin(axis=1)


def interval(gains: np.ndarray, objects: np.ndarray) -> list[float]:
    """The mean of gains, one a picture, with its 95 % interval over the objects that the pictures show."""
    names = np.unique(objects)
    sums = np.array([gains[objects == name].sum() for name in names])
    counts = np.array([np.sum(objects == name) for name in names])
    picks = np.random.default_rng(0).integers(0, len(names), (SAMPLES, len(names)))
    means = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    return [round(float(value), 3) for value in (gains.mean(), *np.quantile(means, (0.025, 0.975)))]


class Deal:
    """The pictures of one deal of the objects, and what the frozen part of the network gives for them."""

    def __init__(self, deal: int, most: int, tests: int, tuner: FineTuner) -> None:
        knobs = {"size": SIZE, "seed": deal, "split_seed": deal, "quiet": True}
        data = datasets.load("cutouts", train=6 * most, validation=1, test=tests, **knobs)
        self.seed, self.train, self.test, self.card = deal, data.train, data.test, data.card
        self.maps, self.new_maps = (tuner.lower.predict(split.x, verbose=0) for split in (data.train, data.test))
        tuner.upper.set_weights(tuner.original)
        self.features = tuner.upper.predict(self.maps, verbose=0)
        self.new_features = tuner.upper.predict(self.new_maps, verbose=0)

    def train_probe(self, probe: keras.Model, known: np.ndarray, steps: int) -> list[np.ndarray]:
        """The weights of a probe that is trained on the pictures at these places."""
        training.reset(probe, seed=self.seed)
        fit_steps(probe, self.features[known], self.train.y[known], steps=steps, seed=self.seed)
        return probe.get_weights()

    def scores_of_rates(self, tuner: FineTuner, known: np.ndarray, rates: tuple[float, ...], steps: int) -> list[float]:
        """The accuracy of each rate on a third of the training objects, after training on the others."""
        aside = a_third_of_the_objects(self.train.y[known], self.train.objects[known])
        rest, judged = known[~aside], known[aside]
        weights = self.train_probe(tuner.probe, rest, 3 * steps)
        scores = []
        for rate in rates:
            tuner.tune(weights, self.maps[rest], self.train.y[rest], rate=rate, steps=steps, seed=self.seed)
            scores.append(float(np.mean(answers(tuner.model, self.maps[judged]) == self.train.y[judged])))
        return scores


def answers_of_all(
    one: Deal, known: np.ndarray, scratch: keras.Model, tuners: tuple[FineTuner, FineTuner], rate: float, steps: tuple
) -> dict[str, np.ndarray]:
    """Way to its answers on the test pictures, after training on the pictures at these places."""
    scratch_steps, tuning_steps = steps
    y = one.train.y[known]
    training.reset(scratch, seed=one.seed)
    fit_steps(scratch, one.train.x[known], y, steps=scratch_steps, seed=one.seed)
    usual, batch_norm = tuners
    weights = one.train_probe(usual.probe, known, 3 * tuning_steps)
    found = {
        "from scratch": answers(scratch, one.test.x),
        "class means": class_means(one.features[known], y, one.new_features),
        "linear probe": answers(usual.probe, one.new_features),
    }
    for name, tuner in {"fine-tuned": usual, "batch normalisation trains along": batch_norm}.items():
        tuner.tune(weights, one.maps[known], y, rate=rate, steps=tuning_steps, seed=one.seed)
        found[name] = answers(tuner.model, one.new_maps)
    return found


def main(deals: int = 3, most: int = 50, steps: int = 25, scratch_steps: int = 150, tests: int = 240) -> dict:
    """Figures: way to accuracies, a row a deal and a column a number of pictures; the rates; fine-tuning's gain."""
    amounts = [amount for amount in (5, 10, 25, 50) if amount <= most]
    tuners, scratch = (FineTuner(), FineTuner(batch_norm_trains=True)), from_scratch()
    accuracy: dict[str, list] = {}
    chosen, by_rate, gains, shown = [], [], {amount: [] for amount in amounts}, []
    for deal in range(FIRST_DEAL, FIRST_DEAL + deals):
        one = Deal(deal, most, tests, tuners[0])
        rows: dict[str, list[float]] = {}
        chosen.append([])
        for amount in amounts:
            known = np.arange(6 * amount)
            rates = (*RATES, TOO_LARGE) if amount == amounts[-1] else RATES
            scores = one.scores_of_rates(tuners[0], known, rates, steps)
            rate = RATES[int(np.argmax(scores[: len(RATES)]))]  # of equals the smallest
            found = answers_of_all(one, known, scratch, tuners, rate, (scratch_steps, steps))
            right = {name: said == one.test.y for name, said in found.items()}
            chosen[-1].append(rate)
            for name, is_right in right.items():
                rows.setdefault(name, []).append(round(float(is_right.mean()), 3))
            gains[amount].append(right["fine-tuned"].astype(float) - right["linear probe"])
            print(deal, amount, rate, np.round(scores, 3), {name: row[-1] for name, row in rows.items()}, flush=True)
        by_rate.append([round(score, 3) for score in scores])  # with the most pictures
        shown.append(one.test.objects + 1000 * deal)  # an object of another deal counts as another
        for name, row in rows.items():
            accuracy.setdefault(name, []).append(row)
    figures = {
        "amounts": amounts,
        "accuracy": accuracy,
        "rates": [*RATES, TOO_LARGE],
        "held_out_by_rate": by_rate,
        "chosen_rates": chosen,
        "gain": {str(amount): interval(np.concatenate(gains[amount]), np.concatenate(shown)) for amount in amounts},
    }
    return {"figures": figures, "data": one.card.label, "seeds": range(FIRST_DEAL, FIRST_DEAL + deals)}
