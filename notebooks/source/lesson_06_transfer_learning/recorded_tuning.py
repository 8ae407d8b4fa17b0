"""Fine-tuning as it should be, and with one mistake each; then what a new task leaves of the old one."""

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from course_utils import datasets, models, training
from course_utils.training.transfer import FineTuner, fit_steps, linear_probe, split_network

TINY = {"deals": 1, "pictures": 5, "steps": 3, "tests": 12, "digits": 20}
SIZE = 96  # pixels
CUT = "stage4_block3_output"  # what lies below stays frozen
FIRST_DEAL = 5  # the deals of the other comparisons


def new_digits(written: datasets.Dataset, count: int) -> tuple[np.ndarray, np.ndarray]:
    """So many test digits and their labels."""
    return written.test.x[:count], written.test.y[:count]


def enlarged(digits: np.ndarray) -> np.ndarray:
    """Grey pictures (n, 8, 8, 1) as colour pictures of the network's size."""
    large = keras.ops.image.resize(digits.astype("float32"), (SIZE, SIZE))
    return np.repeat(np.array(large), 3, axis=3).astype("uint8")


def moved(digits: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Each digit at a random place of a black picture of 16 by 16."""
    wide = np.zeros((len(digits), 16, 16, 1), dtype="uint8")
    for picture, digit, (row, column) in zip(wide, digits, random.integers(0, 9, (len(digits), 2)), strict=True):
        picture[row : row + 8, column : column + 8] = digit
    return wide


def fitted(model: keras.Model, known: tuple, new: tuple, steps: int, seed: int) -> float:
    """The accuracy on new examples after training from new weights."""
    training.reset(model, seed=seed)
    fit_steps(model, *known, steps=steps, seed=seed)
    return model.evaluate(*new, verbose=0)[1]


def with_mistakes(tuners: dict, cutouts: tuple, steps: int, deal: int) -> dict[str, float]:
    """Accuracy on new objects before fine-tuning, after it, and after it with one mistake each."""
    maps, y, new_maps, y_new = cutouts
    scores = {}
    for name, (tuner, rate) in tuners.items():
        learned = tuner.probe.get_weights()
        tuner.restart(seed=deal, rate=rate)
        scores["before: the probe"] = tuner.model.evaluate(new_maps, y_new, verbose=0)[1]
        fit_steps(tuner.model, maps, y, steps=steps, seed=deal)
        scores[name] = tuner.model.evaluate(new_maps, y_new, verbose=0)[1]
        tuner.probe.set_weights(learned)
        tuner.restart(seed=deal)
    return scores


def on_digits(
    lower: keras.Model, upper: keras.Model, digits: tuple, in_place: tuple, steps: int, deal: int
) -> dict[str, float]:
    """Bare pixels against the network's features, with digits in their place and moved about."""
    x, y, x_new, y_new = digits
    random = np.random.default_rng(deal)
    away, new_away = moved(x, random), moved(x_new, random)
    ten = linear_probe(1280, 10)
    scores = {}
    for name, pixels, maps in (
        ("in their place", (x, x_new), in_place),
        ("moved about", (away, new_away), [lower.predict(enlarged(part), verbose=0) for part in (away, new_away)]),
    ):
        flat, new_flat = (part.reshape(len(part), -1) / 255 for part in pixels)
        scores[f"{name}: pixels"] = LogisticRegression(max_iter=1000).fit(flat, y).score(new_flat, y_new)
        features, new_features = (upper.predict(part, verbose=0) for part in maps)
        scores[f"{name}: linear probe"] = fitted(ten, (features, y), (new_features, y_new), steps, deal)
    return scores


def forgotten(upper: keras.Model, old: FineTuner, tasks: tuple, steps: int, deal: int) -> dict[str, float]:
    """Both tasks' accuracies before and after fine-tuning on the new; the old dense layer stays as it is."""
    (maps, y, new_maps, y_new), (old_maps, y_old), tuning_steps = *tasks, steps // 3
    new = FineTuner(upper, linear_probe(1280, 10))
    features, new_features = (upper.predict(part, verbose=0) for part in (maps, new_maps))
    scores = {
        "before, cutouts": old.model.evaluate(old_maps, y_old, verbose=0)[1],
        "before, digits": fitted(new.probe, (features, y), (new_features, y_new), steps, deal),
    }
    new.restart(seed=deal)
    fit_steps(new.model, maps, y, steps=tuning_steps, seed=deal)
    scores["after, digits"] = new.model.evaluate(new_maps, y_new, verbose=0)[1]
    scores["after, cutouts"] = old.model.evaluate(old_maps, y_old, verbose=0)[1]
    old.restart(seed=deal)
    return scores


def main(deals: int = 3, pictures: int = 25, steps: int = 200, tests: int = 240, digits: int = 200) -> dict:
    """Figures: one dictionary of accuracies a deal, for the mistakes, the digits and what was forgotten."""
    lower, upper = split_network(models.imagenet(size=SIZE), CUT)
    probe = linear_probe(1280, 6)
    usual = FineTuner(upper, probe)
    tuners = {
        "as it should be": (usual, 0.0003),
        "rate a hundred times too large": (usual, 0.03),
        "batch normalisation in training mode": (FineTuner(upper, probe, batch_norm_trains=True), 0.0003),
    }
    written = datasets.load("digits", quiet=True)
    figures: dict[str, list] = {"mistakes": [], "digits": [], "forgetting": []}
    for deal in range(FIRST_DEAL, FIRST_DEAL + deals):
        knobs = {"size": SIZE, "split_seed": deal, "seed": deal, "validation": 1}
        data = datasets.load("cutouts", train=6 * pictures, test=tests, quiet=True, **knobs)
        maps, new_maps = (lower.predict(split.x, verbose=0) for split in (data.train, data.test))
        fitted(probe, (upper.predict(maps, verbose=0), data.train.y), (np.zeros((1, 1280)), np.zeros(1)), steps, deal)
        cutouts = (maps, data.train.y, new_maps, data.test.y)
        figures["mistakes"].append(with_mistakes(tuners, cutouts, steps // 3, deal))
        usual.restart(seed=deal, rate=0.0003)
        some = np.random.default_rng(deal).permutation(len(written.train.x))[:digits]
        x, y, x_new, y_new = *(part[some] for part in (written.train.x, written.train.y)), *new_digits(written, tests)
        in_place = [lower.predict(enlarged(part), verbose=0) for part in (x, x_new)]
        figures["digits"].append(on_digits(lower, upper, (x, y, x_new, y_new), in_place, steps, deal))
        tasks = (in_place[0], y, in_place[1], y_new), (new_maps, data.test.y)
        figures["forgetting"].append(forgotten(upper, usual, tasks, steps, deal))
        print(deal, {name: found[-1] for name, found in figures.items()}, flush=True)
    rounded = {
        name: [{key: round(float(value), 4) for key, value in one.items()} for one in found]
        for name, found in figures.items()
    }
    label = f"{data.card.label}; {written.card.label}"
    return {"figures": rounded, "data": label, "seeds": range(FIRST_DEAL, FIRST_DEAL + deals)}
