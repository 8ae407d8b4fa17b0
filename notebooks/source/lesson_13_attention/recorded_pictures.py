"""A small vision transformer and a CNN with about as many weights, from few to many pictures.

Both get the same number of steps, and the transformer also gets the steps that fit into the CNN's time. A step's time
is measured first, the two networks in turn; so the budgets do not depend on what else the machine does later.
"""

import time

import keras
import numpy as np

from course_utils import datasets, models, training
from course_utils.training.fine_tuning import fit_batches

TINY = {"name": "digits", "most": 200, "steps": 4, "timed_steps": 1, "seeds": 1, "held": 40}
AMOUNTS = (200, 800, 3200)
PATCH = 7  # pixels; 4 x 4 patches of 28 x 28 pixels
BATCH = 32
RATES = (0.0005, 0.001, 0.002)
RATE_SEED = 10  # the rates are chosen with another seed than those that are shown


def seconds_a_step(networks: dict[str, keras.Model], split: datasets.Split, steps: int) -> dict[str, float]:
    """Wall-clock seconds of one training step of each network: the median of five rounds in which they take turns.

    One round more comes first: it prepares, and does not count.
    """
    taken: dict[str, list[float]] = {name: [] for name in networks}
    for number in range(6):
        for name, model in networks.items():
            started = time.perf_counter()
            fit_batches(model, split.x, split.y, batches=steps, size=BATCH, seed=number)
            taken[name].append((time.perf_counter() - started) / steps)
    return {name: float(np.median(times[1:])) for name, times in taken.items()}


def accuracy(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """The share of right answers."""
    return round(float(model.evaluate(x, y, batch_size=500, verbose=0)[1]), 4)


def best_rate(model: keras.Model, split: datasets.Split, held: datasets.Split, steps: int) -> tuple[float, list[float]]:
    """The rate with the highest validation accuracy, of equals the smallest, and what each of them gets."""
    scores = []
    for rate in RATES:
        training.reset(model, seed=RATE_SEED)
        model.optimizer.learning_rate = rate
        fit_batches(model, split.x, split.y, batches=steps, size=BATCH, seed=RATE_SEED)
        scores.append(accuracy(model, held.x, held.y))
    return RATES[int(np.argmax(scores))], scores


def at_its_budgets(
    model: keras.Model, draw: datasets.Dataset, budgets: dict[str, int], rate: float, seed: int
) -> dict[str, tuple[float, float]]:
    """Train once from new weights; the accuracy on new pictures and on its own when each number of steps is reached."""
    training.reset(model, seed=seed)
    model.optimizer.learning_rate = rate
    found, first = {}, 0
    for way, last in sorted(budgets.items(), key=lambda pair: pair[1]):
        if last > first:
            fit_batches(model, draw.train.x, draw.train.y, batches=last, size=BATCH, seed=seed, done=first)
        first = last
        few = len(draw.test.x)  # of its own pictures no more than of the new ones
        found[way] = accuracy(model, draw.test.x, draw.test.y), accuracy(model, draw.train.x[:few], draw.train.y[:few])
    return found


def main(
    name: str = "fashion_mnist",
    most: int = 3200,
    steps: int = 200,
    timed_steps: int = 20,
    seeds: int = 3,
    held: int = 2000,
) -> dict:
    """Figures: way to accuracies on new pictures and on its own, a row a seed and a column a number of pictures."""
    amounts = [amount for amount in AMOUNTS if amount <= most]
    draws = [datasets.load(name, train=amount, validation=held, test=held, seed=0, quiet=True) for amount in amounts]
    classes = len(draws[0].class_names)
    shape = draws[0].train.x.shape[1:]
    networks = {"CNN": models.narrow_cnn(shape, classes), "ViT": models.small_vit(shape, classes, PATCH, width=32)}
    for model in networks.values():
        model.compile(keras.optimizers.Adam(0.001), "sparse_categorical_crossentropy", metrics=["accuracy"])
    seconds = seconds_a_step(networks, draws[0].train, timed_steps)
    same_time = max(1, round(steps * seconds["CNN"] / seconds["ViT"]))
    budgets = {"CNN": {"CNN": steps}, "ViT": {"ViT, equal steps": steps, "ViT, equal seconds": same_time}}
    rates, most_pictures = {}, draws[-1]
    for network, model in networks.items():
        rates[network] = best_rate(model, most_pictures.train, most_pictures.validation, steps)
        print(network, seconds[network], rates[network], flush=True)
    new: dict[str, list] = {way: [[] for _ in range(seeds)] for ways in budgets.values() for way in ways}
    own: dict[str, list] = {way: [[] for _ in range(seeds)] for way in new}
    for seed in range(seeds):
        for network, model in networks.items():
            for draw in draws:
                for way, scores in at_its_budgets(model, draw, budgets[network], rates[network][0], seed).items():
                    new[way][seed].append(scores[0])
                    own[way][seed].append(scores[1])
                    print(seed, way, len(draw.train.x), scores, flush=True)
    figures = {
        "amounts": amounts,
        "new": new,
        "own": own,
        "weights": {network: model.count_params() for network, model in networks.items()},
        "seconds_a_step": seconds,
        "steps": {way: count for ways in budgets.values() for way, count in ways.items()},
        "rates": {network: {"chosen": rate, "held_out": scores} for network, (rate, scores) in rates.items()},
    }
    return {"figures": figures, "data": draws[0].card.label, "seeds": range(seeds)}
