"""Measures the figures on the card of `cutouts` and writes them to data/results/cutouts_card.json.

Run from the project's folder: python tests/benchmarks/measure_cutouts.py [--splits 5] [--dry-run] [--only NAME ...]
With the default knobs five deals of the objects, with each other setting of the knobs the first of them. About half an
hour on two quiet cores; --settings measures some of the settings again and keeps the others on record. Intervals count
objects and not pictures: an object is drawn or left out with all pictures that show it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np

from course_utils import paths
from course_utils.datasets.cutouts import Knobs, all_cutouts, load_cutouts
from course_utils.datasets.cutouts.card import figures_from
from course_utils.datasets.dataset import Dataset

PACKAGES = ("numpy", "pillow", "scikit-image", "scikit-learn", "keras", "tensorflow")
AMOUNTS = {"train": 600, "validation": 120, "test": 300}
EPOCHS = 20
FILE = "cutouts_card.json"
# The default, and one knob turned at a time.
SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "train 1200": {"train": 1_200},
    "object_size 0.5": {"object_size": 0.5},
    "blur 0": {"blur": 0.0},
    "objects_per_class 3": {"objects_per_class": 3},
    "size 96": {"size": 96},
}


def _linear(data: Dataset, rows: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """The answers of a logistic regression to the test pictures; validation chooses the strength of the penalty."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    train, validation, test = (rows(split.x) for split in (data.train, data.validation, data.test))
    tried = []
    for penalty in (1e-5, 1e-4, 1e-3, 1e-2):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=500)).fit(train, data.train.y)
        tried.append((model.score(validation, data.validation.y), -penalty, model))
    return max(tried, key=lambda t: t[:2])[2].predict(test)


def pixels(data: Dataset, seed: int) -> np.ndarray:
    """Logistic regression on pixels, every picture reduced to 32x32."""
    from PIL import Image

    def rows(x: np.ndarray) -> np.ndarray:
        small = [Image.fromarray(image).resize((32, 32), Image.Resampling.BOX) for image in x]
        return np.stack([np.asarray(image, dtype=np.float32).reshape(-1) for image in small])

    return _linear(data, rows)


def cnn(data: Dataset, seed: int) -> np.ndarray:
    """Three convolutions trained from scratch: 20 epochs in batches of 32, Adam."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    keras.backend.clear_session()
    model = keras.Sequential(
        [
            keras.Input(data.train.x.shape[1:]),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, strides=2, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.GlobalMaxPooling2D(),
            layers.Dense(len(data.class_names), activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(data.train.x, data.train.y, batch_size=32, epochs=EPOCHS, verbose=0)
    print(f"           cnn: training accuracy {history.history['accuracy'][-1]:.3f}", flush=True)
    return model.predict(data.test.x, verbose=0).argmax(axis=1)


def features(data: Dataset, seed: int) -> np.ndarray:
    """Logistic regression on the 1,280 features of the ImageNet network."""
    import keras

    from course_utils import models

    network = models.imagenet(size=data.train.x.shape[1])
    to_features = keras.Model(network.input, network.get_layer("features").output)
    return _linear(data, lambda x: to_features.predict(x, verbose=0))


MEASURES: dict[str, Callable[[Dataset, int], np.ndarray]] = {f.__name__: f for f in (pixels, cnn, features)}


def interval(right: list[tuple[np.ndarray, np.ndarray]], draws: int = 4_000) -> tuple[float, float]:
    """The middle 95 % of the mean score over the splits when the objects are drawn anew, with replacement.

    Args:
        right: for each split, whether each test picture was answered rightly (or a difference of two such), (n,), and
            the number of its object, (n,).
    """
    weights = np.random.default_rng(0).multinomial(
        len(all_cutouts()), np.full(len(all_cutouts()), 1 / len(all_cutouts())), draws
    )
    scores = np.mean([(weights[:, o] * r).sum(axis=1) / weights[:, o].sum(axis=1) for r, o in right], axis=0)
    low, high = np.quantile(scores, (0.025, 0.975))
    return float(low), float(high)


def speed() -> float:
    """Pictures of 96x96 with masks made in a second of processor time on one core; best of five runs of 1,000."""
    seconds = []
    for run in range(5):
        start = time.process_time()
        load_cutouts(train=1_000, validation=0, test=0, size=96, seed=run)
        seconds.append(time.process_time() - start)
    return 1_000 / min(seconds)


def measure(setting: str, names: list[str], splits: int) -> dict[str, Any]:
    """The scores of each way to learn with one setting of the knobs, their intervals, and the gaps between them."""
    right: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {name: [] for name in names}
    for split_seed in range(splits):
        data = load_cutouts(**{**AMOUNTS, **SETTINGS[setting]}, seed=split_seed, split_seed=split_seed)
        for name in names:
            answers = MEASURES[name](data, split_seed)
            right[name].append((answers == data.test.y, data.test.objects))
            print(f"{setting:20s} split {split_seed}  {name:10s} {np.mean(right[name][-1][0]):.3f}", flush=True)
    result: dict[str, Any] = {
        name: {
            "test": [round(float(np.mean(r)), 4) for r, _ in runs],
            "interval": [round(v, 4) for v in interval(runs)],
        }
        for name, runs in right.items()
    }
    for low, high in (("pixels", "cnn"), ("cnn", "features")):
        if low in right and high in right:
            gaps = [(b.astype(int) - a, o) for (a, o), (b, _) in zip(right[low], right[high], strict=True)]
            result[f"{high} minus {low}"] = {
                "test": [round(float(np.mean(g)), 4) for g, _ in gaps],
                "interval": [round(v, 4) for v in interval(gaps)],
            }
    return result


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--splits", type=int, default=5, help="how many deals of the objects with the default knobs")
    parser.add_argument("--only", nargs="+", choices=list(MEASURES), default=list(MEASURES))
    parser.add_argument("--settings", nargs="+", choices=list(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--dry-run", action="store_true", help="print, but write nothing")
    options = parser.parse_args()
    record: dict[str, Any] = {"images_per_second": round(speed()), "settings": on_record()}
    print("pictures a second:", record["images_per_second"], flush=True)
    for setting in options.settings:
        splits = options.splits if setting == "default" else 1
        record["settings"][setting] = measure(setting, options.only, splits)
        print(setting, json.dumps(record["settings"][setting]), flush=True)
        if not options.dry_run:  # after each setting, so that an interrupted run leaves what it has
            write(record)
    if not options.dry_run:
        print("FIGURES for the card:", json.dumps(figures_from(record | _conditions()), indent=4))


def _conditions() -> dict[str, Any]:
    return {"amounts": AMOUNTS, "epochs": EPOCHS, "knobs": json.loads(json.dumps(Knobs().__dict__))}


def on_record() -> dict[str, Any]:
    """The settings measured before under the same conditions."""
    path = paths.results_folder() / FILE
    record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return record["settings"] if _conditions().items() <= record.items() else {}


def write(record: dict[str, Any]) -> None:
    """Write the record."""
    about = {
        **_conditions(),
        "date": date.today().isoformat(),
        "versions": {package: version(package) for package in PACKAGES},
    }
    path = paths.results_folder() / FILE
    path.write_text(json.dumps({**record, **about}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
