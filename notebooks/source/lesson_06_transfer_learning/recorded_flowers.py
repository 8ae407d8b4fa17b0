"""Twelve kinds of flowers from one to sixty photographs a kind, at 96 and at 160 pixels: a probe, and fine-tuning.

Every choice is made by cross-validation on training photographs; the test photographs are asked once, at the end.
"""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import datasets, models, paths, training
from course_utils.training.transfer import FineTuner, fit_steps, linear_probe, split_network

TINY = {"name": "cutouts", "most": 5, "tuned_from": 5, "steps": 3, "draws": 1, "sizes": "96"}
CUT = "stage4_block3_output"  # what lies below stays frozen
PENALTIES = (0.0001, 0.001, 0.01, 0.1)
RATES = (0.0001, 0.0003, 0.001)
SAMPLES = 4000  # of the intervals


def photographs(name: str, size: int) -> datasets.Dataset:
    """The flowers of an archive in the data home, resized; another name is loaded as it is."""
    where = f"folder:{paths.data_home() / 'flowers12.tar'}" if name == "flowers12" else name
    return datasets.load(where, size=size, quiet=True)


def probe_with(penalty: float) -> object:
    """A linear model on features of equal scale."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=300))


def first_of_each(y: np.ndarray, amount: int, seed: int) -> np.ndarray:
    """The places of so many examples of each class, drawn by a seed; more continue the draw."""
    order = np.random.default_rng(seed).permutation(len(y))
    return np.concatenate([order[y[order] == label][:amount] for label in range(y.max() + 1)])


def gain(right: np.ndarray, before: np.ndarray) -> list[float]:
    """The difference of two accuracies on the same photographs, with the ends of its 95 % interval over photographs."""
    difference = right.astype(float) - before
    picks = np.random.default_rng(0).integers(0, len(difference), (SAMPLES, len(difference)))
    ends = np.quantile(difference[picks].mean(axis=1), (0.025, 0.975))
    return [round(float(value), 4) for value in (difference.mean(), *ends)]


def chosen_penalty(features: np.ndarray, y: np.ndarray) -> float:
    """The penalty that is best in three folds of the training photographs."""
    scores = [cross_val_score(probe_with(penalty), features, y, cv=3).mean() for penalty in PENALTIES]
    return PENALTIES[int(np.argmax(scores))]


class AtOneSize:
    """Photographs of one size, and what the frozen network gives for them."""

    def __init__(self, name: str, size: int, steps: int) -> None:
        data = photographs(name, size)
        self.y, self.y_new, self.steps = data.train.y, data.test.y, steps
        lower, upper = split_network(models.imagenet(size=size), CUT)
        self.maps, self.new_maps = (lower.predict(split.x, verbose=0) for split in (data.train, data.test))
        self.features, self.new_features = (upper.predict(maps, verbose=0) for maps in (self.maps, self.new_maps))
        self.probe = linear_probe(1280, len(data.class_names))
        self.tuner = FineTuner(upper, self.probe)

    def tuned(self, known: np.ndarray, asked: np.ndarray, rate: float) -> np.ndarray:
        """The classes that fine-tuning on the training photographs at `known` gives to the maps that are asked."""
        training.reset(self.probe, seed=0)
        fit_steps(self.probe, self.features[known], self.y[known], steps=self.steps, seed=0)
        self.tuner.restart(seed=0, rate=rate)
        fit_steps(self.tuner.model, self.maps[known], self.y[known], steps=self.steps // 3, seed=0)
        return self.tuner.model.predict(asked, verbose=0).argmax(axis=1)

    def chosen_rate(self, known: np.ndarray) -> tuple[float, list[float]]:
        """The rate that is best in two folds of these training photographs, and the accuracy of each."""
        scores = []
        for rate in RATES:
            right = []
            for a, b in StratifiedKFold(2, shuffle=True, random_state=0).split(known, self.y[known]):
                right += list(self.tuned(known[a], self.maps[known[b]], rate) == self.y[known[b]])
            scores.append(round(float(np.mean(right)), 4))
        return RATES[int(np.argmax(scores))], scores


def main(
    name: str = "flowers12",
    most: int = 60,
    tuned_from: int = 20,
    steps: int = 200,
    draws: int = 3,
    sizes: str = "96 160",
) -> dict:
    """Figures: the probe's accuracies by size and photographs a kind, fine-tuning's, and the paired differences."""
    amounts = [amount for amount in (1, 2, 5, 10, 20, 60) if amount <= most]
    at = {size: AtOneSize(name, int(size), steps) for size in sizes.split()}
    first = at[sizes.split()[0]]
    twenty = first_of_each(first.y, min(20, most), seed=0)
    rate, scores = first.chosen_rate(twenty)  # at the first size, for all
    figures: dict = {"amounts": amounts, "probe": {}, "fine-tuned": {}, "gains": {}}
    figures["chosen"] = {"rate": rate, "rates": list(RATES), "rates, cross-validated": scores}
    right: dict[tuple, np.ndarray] = {}
    for size, part in at.items():
        penalty = chosen_penalty(part.features[twenty], part.y[twenty])
        figures["chosen"][f"penalty at {size}"] = penalty
        for amount in amounts:
            for draw in range(draws):
                some = first_of_each(part.y, amount, seed=draw)
                probe = probe_with(penalty).fit(part.features[some], part.y[some])
                right["probe", size, amount, draw] = probe.predict(part.new_features) == part.y_new
            if amount >= tuned_from:
                some = first_of_each(part.y, amount, seed=0)
                right["fine-tuned", size, amount, 0] = part.tuned(some, part.new_maps, rate) == part.y_new
    for (way, size, amount, _), is_right in right.items():
        accuracy = round(float(is_right.mean()), 4)
        figures[way].setdefault(size, {}).setdefault(str(amount), []).append(accuracy)
    figures["gains"] = gains(right)
    label = "12 kinds of Oxford Flowers" if name == "flowers12" else name
    return {"figures": figures, "data": label, "seeds": range(draws)}


def gains(right: dict[tuple, np.ndarray]) -> dict[str, list[float]]:
    """Fine-tuning against the probe, and 160 pixels against 96, each pair on the same photographs and draw."""
    found = {}
    for (way, size, amount, draw), is_right in right.items():
        if way == "fine-tuned":
            found[f"fine-tuned minus probe, {size}, {amount}"] = gain(is_right, right["probe", size, amount, draw])
        elif size == "160" and draw == 0:
            found[f"160 minus 96, probe, {amount}"] = gain(is_right, right["probe", "96", amount, 0])
    return found
