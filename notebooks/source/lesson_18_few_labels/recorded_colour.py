"""The loophole of colour: an encoder trained on pairs of crops, and one on pairs of crops that change colour as well.

Asked of each: a linear model on its features, how much they tell of the mean colour, and how often a picture's
colours alone find the partner of a view.
"""

import keras
import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import datasets
from course_utils.training.contrastive import learn_from_views
from course_utils.training.few_labels import probe_scores, small_encoder, small_views

TINY = {"pictures": 500, "tests": 60, "seeds": 1, "epochs": 1}
SIZE = 24
AMOUNTS = (1, 5, 20, 100)
FIRST_SEED = 30


def histograms(pictures: np.ndarray) -> np.ndarray:
    """How many pixels have each of 64 colours: four steps of red, of green and of blue, (n, 64)."""
    red, green, blue = np.moveaxis(np.clip(pictures, 0, 255).astype(int) // 64, -1, 0)
    colours = 16 * red + 4 * green + blue
    return np.stack([np.bincount(picture.ravel(), minlength=64) for picture in colours])


def share_of_partners(first: np.ndarray, second: np.ndarray) -> float:
    """How often, among all other views, the one most alike by the angle is the partner."""
    both = np.concatenate([first, second]).astype(float)
    both /= np.linalg.norm(both, axis=1, keepdims=True)
    alike = both @ both.T
    np.fill_diagonal(alike, -np.inf)
    partner = np.roll(np.arange(len(both)), len(first))
    return round(float(np.mean(alike.argmax(axis=1) == partner)), 4)


def share_of_colour(features: np.ndarray, pictures: np.ndarray, new: np.ndarray, new_pictures: np.ndarray) -> float:
    """How much of the spread of new pictures' mean colour a linear model reads off the features, 1 for all."""
    model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-2, 4, 7)))
    model.fit(features, pictures.mean(axis=(1, 2)))
    return round(float(model.score(new, new_pictures.mean(axis=(1, 2)))), 4)


def main(pictures: int = 2000, tests: int = 1000, seeds: int = 2, epochs: int = 15, batch_size: int = 100) -> dict:
    """Figures: for each encoder its probes, share of colour and last loss, one entry a start; partners found."""
    kinds = ("untrained", "crops", "crops and colour")
    found: dict[str, dict[str, list]] = {kind: {"probe": [], "mean colour": [], "loss": []} for kind in kinds}
    histogram: dict[str, list] = {"probe": [], "partners in crops": [], "partners in crops and colour": []}
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        data = datasets.load(
            "shapes", train=pictures, validation=10, test=tests, size=SIZE, clutter=0, noise=0, seed=seed, quiet=True
        )
        x, y, new, y_new = data.train.x, data.train.y, data.test.x, data.test.y
        for kind in kinds:
            keras.utils.set_random_seed(seed)
            encoder = small_encoder(SIZE)
            if kind != "untrained":
                losses = learn_from_views(
                    encoder, small_views(colour=kind != "crops"), x, epochs=epochs, batch_size=batch_size
                )
                found[kind]["loss"].append(round(losses[-1], 3))
            features, new_features = (encoder.predict(some, batch_size=500, verbose=0) for some in (x, new))
            found[kind]["probe"].append(probe_scores(features, y, new_features, y_new, AMOUNTS))
            found[kind]["mean colour"].append(share_of_colour(features, x, new_features, new))
            print(seed, kind, {what: values[-1:] for what, values in found[kind].items()}, flush=True)
        histogram["probe"].append(probe_scores(histograms(x), y, histograms(new), y_new, AMOUNTS))
        for kind in kinds[1:]:
            views = small_views(colour=kind != "crops")
            pair = [histograms(np.array(views(new[:100].astype("float32"), training=True))) for _ in range(2)]
            histogram[f"partners in {kind}"].append(share_of_partners(*pair))
        print(seed, {what: values[-1] for what, values in histogram.items()}, flush=True)
    figures = {"amounts": AMOUNTS, "encoders": found, "histogram of colours": histogram}
    return {"figures": figures, "data": data.card.label, "seeds": range(FIRST_SEED, FIRST_SEED + seeds)}
