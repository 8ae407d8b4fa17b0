"""Five to fifty pictures a class: a linear probe, fine-tuning, class means, and a network from scratch.

Each way that is trained gets as many batches as any other; fine-tuning spends the first half of them on the probe. Its
learning rate is chosen beforehand, on the validation pictures of other deals.
"""

import keras
import numpy as np
from keras import layers

from course_utils import datasets, training
from course_utils.training.fine_tuning import FineTuner, fit_batches

TINY = {"deals": 1, "most": 5, "batches": 2, "tests": 12, "asked": 12}
SIZE = 96  # pixels
BATCH = 20
RATES = (0.00003, 0.0001, 0.0003, 0.001, 0.01)
CHOOSING = 0  # the rate is chosen on the deals from this one on, with so many pictures of each class
PICTURES = 10
JUDGING = 5  # the deals that are shown begin here
SAMPLES = 2000  # of the intervals


def answers(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """The most probable class of each example, shape (n,)."""
    return np.array(model(x, training=False)).argmax(axis=1)


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


def train_probe(tuner: FineTuner, features: np.ndarray, y: np.ndarray, *, batches: int, seed: int) -> list[np.ndarray]:
    """The weights of a probe after so many batches."""
    training.reset(tuner.probe, seed=seed)
    fit_batches(tuner.probe, features, y, batches=batches, size=BATCH, seed=seed)
    return tuner.probe.get_weights()


def tune(
    tuner: FineTuner, start: list[np.ndarray], maps: np.ndarray, y: np.ndarray, *, rate: float, batches: int, seed: int
) -> None:
    """Fine-tune at a rate, from the network's own weights and those of a trained probe."""
    tuner.begin(start, rate=rate, seed=seed)
    fit_batches(tuner.model, maps, y, batches=batches, size=BATCH, seed=seed)


def scores_of_rates(tuner: FineTuner, deal: int, *, pictures: int, asked: int, batches: int) -> list[float]:
    """The accuracy of each rate on the validation pictures of one deal, which show things of their own."""
    data = datasets.load(
        "cutouts", train=6 * pictures, validation=asked, test=1, size=SIZE, seed=deal, split_seed=deal, quiet=True
    )
    maps, asked_maps = (tuner.lower.predict(split.x, verbose=0) for split in (data.train, data.validation))
    start = train_probe(tuner, tuner.features(maps), data.train.y, batches=batches // 2, seed=deal)
    scores = []
    for rate in RATES:
        tune(tuner, start, maps, data.train.y, rate=rate, batches=batches - batches // 2, seed=deal)
        right = answers(tuner.model, asked_maps) == data.validation.y
        scores.append(round(float(right.mean()), 3))
    return scores


def class_means(x: np.ndarray, y: np.ndarray, x_new: np.ndarray) -> np.ndarray:
    """For each new row the class whose mean is nearest."""
    means = np.stack([x[y == label].mean(axis=0) for label in range(6)])
    return np.linalg.norm(x_new[:, None] - means, axis=2).argmin(axis=1)


def interval(gains: np.ndarray, objects: np.ndarray) -> list[float]:
    """The mean of gains, one a picture, in points, with its 95 % interval over the objects that the pictures show."""
    names = np.unique(objects)
    sums = np.array([gains[objects == name].sum() for name in names])
    counts = np.array([np.sum(objects == name) for name in names])
    picks = np.random.default_rng(0).integers(0, len(names), (SAMPLES, len(names)))
    means = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    return [round(100 * float(value), 1) for value in (gains.mean(), *np.quantile(means, (0.025, 0.975)))]


class Deal:
    """The pictures of one deal of the objects, and what the network gives for them."""

    def __init__(self, deal: int, most: int, tests: int, tuner: FineTuner) -> None:
        knobs = {"size": SIZE, "seed": deal, "split_seed": deal, "quiet": True}
        data = datasets.load("cutouts", train=6 * most, validation=1, test=tests, **knobs)
        self.seed, self.train, self.test, self.label = deal, data.train, data.test, data.card.label
        self.maps, self.new_maps = (tuner.lower.predict(split.x, verbose=0) for split in (data.train, data.test))
        self.features, self.new_features = tuner.features(self.maps), tuner.features(self.new_maps)

    def answers_of_all(
        self, count: int, scratch: keras.Model, tuner: FineTuner, rate: float, batches: int
    ) -> dict[str, np.ndarray]:
        """Way to its answers on the test pictures, after training on the first `count` pictures."""
        x, y, seed = self.train.x[:count], self.train.y[:count], self.seed
        maps, features = self.maps[:count], self.features[:count]
        found = {"class_means": class_means(features, y, self.new_features)}
        training.reset(scratch, seed=seed)
        fit_batches(scratch, x, y, batches=batches, size=BATCH, seed=seed)
        found["from_scratch"] = answers(scratch, self.test.x)
        train_probe(tuner, features, y, batches=batches, seed=seed)
        found["linear_probe"] = answers(tuner.probe, self.new_features)
        start = train_probe(tuner, features, y, batches=batches // 2, seed=seed)
        tune(tuner, start, maps, y, rate=rate, batches=batches - batches // 2, seed=seed)
        found["fine_tuned"] = answers(tuner.model, self.new_maps)
        return found


def main(deals: int = 3, most: int = 50, batches: int = 120, tests: int = 240, asked: int = 120) -> dict:
    """Figures: for each way its accuracies, a row a deal and a column a number of pictures; rates; paired gains."""
    amounts = [amount for amount in (5, 10, 25, 50) if amount <= most]
    tuner, scratch = FineTuner(size=SIZE, classes=6), from_scratch()
    pictures = min(PICTURES, most)
    choosing = range(CHOOSING, CHOOSING + deals)
    by_rate = [scores_of_rates(tuner, deal, pictures=pictures, asked=asked, batches=batches) for deal in choosing]
    rate = RATES[int(np.mean(by_rate, axis=0).argmax())]
    print(RATES, by_rate, rate, flush=True)
    accuracy: dict[str, list] = {}
    gains, shown = {amount: [] for amount in amounts}, []
    for deal in range(JUDGING, JUDGING + deals):
        one = Deal(deal, most, tests, tuner)
        rows: dict[str, list[float]] = {}
        for amount in amounts:
            found = one.answers_of_all(6 * amount, scratch, tuner, rate, batches)
            right = {way: (said == one.test.y).astype(float) for way, said in found.items()}
            for way, is_right in right.items():
                rows.setdefault(way, []).append(round(float(is_right.mean()), 3))
            gains[amount].append(right["fine_tuned"] - right["linear_probe"])
            print(deal, amount, {way: row[-1] for way, row in rows.items()}, flush=True)
        shown.append(one.test.objects + 1000 * deal)  # an object of another deal counts as another
        for way, row in rows.items():
            accuracy.setdefault(way, []).append(row)
    figures = {
        "amounts": amounts,
        **accuracy,
        "rates": RATES,
        "accuracy_by_rate": by_rate,
        "chosen_rate": rate,
        "gain_of_tuning": [
            [amount, *interval(np.concatenate(gains[amount]), np.concatenate(shown))] for amount in amounts
        ],
    }
    return {"figures": figures, "data": one.label, "seeds": range(JUDGING, JUDGING + deals)}
