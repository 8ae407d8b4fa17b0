"""Twelve kinds of flowers from one to sixty photographs a kind, at 96 and at 160 pixels: a probe, and fine-tuning.

The archive `flowers12.tar` lies in the data home: one subfolder a kind in `train` and in `test`. Every choice is made
by cross-validation on training photographs; the test photographs are asked once, at the end.
"""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import datasets, paths
from course_utils.training.few_labels import draw_labels
from course_utils.training.fine_tuning import FineTuner

TINY = {"name": "cutouts", "most": 5, "passes": 1, "draws": 1, "sizes": "96"}
PENALTIES = (0.0001, 0.001, 0.01, 0.1)
RATES = (0.0001, 0.0003, 0.001)
CHOOSING = 20  # penalty and rate are chosen on so many photographs of each kind
BATCH = 20
AMOUNTS = (1, 2, 5, 10, 20, 60)
TUNED = (5, 20, 60)  # fine-tuning is left out at the other amounts, for time
SAMPLES = 4000  # of the intervals


def photographs(name: str, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """All training photographs and labels, and those of the test; for a trial, cutouts."""
    if name == "cutouts":
        data = datasets.load(name, train=60, validation=6, test=24, size=size, quiet=True)
    else:
        data = datasets.load(f"folder:{paths.data_home() / name}.tar", size=size, quiet=True)
    x = np.concatenate([data.train.x, data.validation.x])  # cross-validation makes its own parts
    y = np.concatenate([data.train.y, data.validation.y])
    return x, y, data.test.x, data.test.y


def probe_with(penalty: float) -> Pipeline:
    """A linear model on features of equal scale."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=300))


def as_dense(fitted: Pipeline) -> list[np.ndarray]:
    """The same linear model as kernel (features, classes) and bias (classes,) of a dense layer on bare features."""
    scaler, linear = fitted[0], fitted[1]
    kernel = linear.coef_ / scaler.scale_
    return [kernel.T, linear.intercept_ - kernel @ scaler.mean_]


def difference(first: np.ndarray, second: np.ndarray) -> list[float]:
    """How many points the first is ahead on the same photographs, with the 95 % interval over photographs."""
    ahead = first.astype(float) - second
    picks = np.random.default_rng(0).integers(0, len(ahead), (SAMPLES, len(ahead)))
    ends = np.quantile(ahead[picks].mean(axis=1), (0.025, 0.975))
    return [round(100 * float(value), 1) for value in (ahead.mean(), *ends)]


def accuracy(right: np.ndarray) -> float:
    """The share of right answers, at three decimals."""
    return round(float(np.mean(right)), 3)


def tune(
    tuner: FineTuner, start: list[np.ndarray], maps: np.ndarray, y: np.ndarray, *, rate: float, passes: int
) -> None:
    """Fine-tune at a rate, from the network's own weights and those of a trained probe."""
    tuner.begin(start, rate=rate, seed=0)
    random = np.random.default_rng(0)
    order = np.concatenate([random.permutation(len(y)) for _ in range(passes)])
    whole = order[: max(BATCH, len(order) // BATCH * BATCH)]  # batches of one size: one compiled step
    tuner.model.fit(maps[whole], y[whole], batch_size=BATCH, shuffle=False, verbose=0)


class AtOneSize:
    """Photographs of one size, what the network gives for them, and the choices made on them."""

    def __init__(self, name: str, size: int, passes: int) -> None:
        x, self.y, x_new, self.y_new = photographs(name, size)
        self.passes = passes
        self.tuner = FineTuner(size=size, classes=int(self.y.max()) + 1)
        self.maps, self.new_maps = (self.tuner.lower.predict(some, verbose=0) for some in (x, x_new))
        self.features, self.new_features = (self.tuner.features(maps) for maps in (self.maps, self.new_maps))

    def choose(self, known: np.ndarray) -> tuple[list[float], list[float]]:
        """Choose penalty and rate by cross-validation on these photographs; give the accuracy of each."""
        x, y = self.features[known], self.y[known]
        penalties = [accuracy(cross_val_score(probe_with(penalty), x, y, cv=3)) for penalty in PENALTIES]
        self.penalty = PENALTIES[int(np.argmax(penalties))]
        rates = []
        for rate in RATES:
            right: list[bool] = []
            for a, b in StratifiedKFold(2, shuffle=True, random_state=0).split(known, y):
                right += list(self.tuned(known[a], self.maps[known[b]], rate) == y[b])
            rates.append(accuracy(right))
        self.rate = RATES[int(np.argmax(rates))]
        return penalties, rates

    def probed(self, known: np.ndarray) -> Pipeline:
        """A probe, fitted to the photographs at these places."""
        return probe_with(self.penalty).fit(self.features[known], self.y[known])

    def tuned(self, known: np.ndarray, asked: np.ndarray, rate: float) -> np.ndarray:
        """The classes that fine-tuning, begun from the probe on these photographs, gives to the maps that are asked."""
        start = as_dense(self.probed(known))
        tune(self.tuner, start, self.maps[known], self.y[known], rate=rate, passes=self.passes)
        return self.tuner.model.predict(asked, verbose=0).argmax(axis=1)


def main(name: str = "flowers12", most: int = 60, passes: int = 10, draws: int = 2, sizes: str = "96 160") -> dict:
    """Figures: by size the accuracies, a row a draw and a column an amount; what was chosen; paired differences."""
    amounts = [amount for amount in AMOUNTS if amount <= most]
    tuned_amounts = [amount for amount in TUNED if amount <= most]
    figures: dict = {"amounts": amounts, "tuned_amounts": tuned_amounts, "penalties": PENALTIES, "rates": RATES}
    right: dict[str, np.ndarray] = {}
    for size in sizes.split():
        part = AtOneSize(name, int(size), passes)
        penalties, rates = part.choose(draw_labels(part.y, min(CHOOSING, most), draw=0))
        figures |= {f"accuracy_by_penalty_{size}": penalties, f"accuracy_by_rate_{size}": rates}
        figures |= {f"penalty_{size}": part.penalty, f"rate_{size}": part.rate, f"probe_{size}": []}
        for draw in range(draws):
            for amount in amounts:
                known = draw_labels(part.y, amount, draw=draw)
                right[f"probe {size} {amount} {draw}"] = part.probed(known).predict(part.new_features) == part.y_new
            figures[f"probe_{size}"].append([accuracy(right[f"probe {size} {amount} {draw}"]) for amount in amounts])
        for amount in tuned_amounts:
            known = draw_labels(part.y, amount, draw=0)
            right[f"tuned {size} {amount}"] = part.tuned(known, part.new_maps, part.rate) == part.y_new
        figures[f"fine_tuned_{size}"] = [accuracy(right[f"tuned {size} {amount}"]) for amount in tuned_amounts]
        figures[f"gain_of_tuning_{size}"] = [
            [amount, *difference(right[f"tuned {size} {amount}"], right[f"probe {size} {amount} 0"])]
            for amount in tuned_amounts
        ]
        print(size, {key: value for key, value in figures.items() if key.endswith(size)}, flush=True)
    if len(sizes.split()) == 2:
        small, large = sizes.split()
        figures["gain_of_size"] = [
            [amount, *difference(right[f"probe {large} {amount} 0"], right[f"probe {small} {amount} 0"])]
            for amount in amounts
        ]
    label = "12 kinds of Oxford Flowers" if name == "flowers12" else name
    return {"figures": figures, "data": label, "seeds": range(draws)}
