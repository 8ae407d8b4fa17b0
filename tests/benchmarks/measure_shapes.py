"""Measures the figures on the card of `shapes` and writes them to data/results/shapes_card.json.

Run from the project's folder: python tests/benchmarks/measure_shapes.py
About four minutes on two cores. The seed decides both the images and the first weights.
"""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import numpy as np

from course_utils import datasets, paths, recorded
from course_utils.datasets.dataset import Dataset
from course_utils.datasets.shapes import Knobs

SEEDS = range(3)


def majority(data: Dataset, seed: int) -> dict[str, float]:
    """Always answer the most frequent class of the training images."""
    return {"test": float(np.mean(data.test.y == np.bincount(data.train.y).argmax()))}


def _rows(x: np.ndarray) -> np.ndarray:
    return x.reshape(len(x), -1).astype(np.float32) / 255


def linear(data: Dataset, seed: int) -> dict[str, float]:
    """Logistic regression on pixels; validation chooses the strength of the penalty."""
    from sklearn.linear_model import LogisticRegression

    train, mean = _rows(data.train.x), _rows(data.train.x).mean(axis=0)
    tried = []
    for penalty in (3e-4, 3e-3, 3e-2):
        model = LogisticRegression(C=penalty, max_iter=200).fit(train - mean, data.train.y)
        tried.append((model.score(_rows(data.validation.x) - mean, data.validation.y), penalty, model))
    best = max(tried, key=lambda t: t[:2])
    return {"validation": best[0], "penalty": best[1], "test": best[2].score(_rows(data.test.x) - mean, data.test.y)}


def neighbours(data: Dataset, seed: int) -> dict[str, float]:
    """The five nearest training images by the distance between pixels."""
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(n_neighbors=5).fit(_rows(data.train.x), data.train.y)
    return {"test": model.score(_rows(data.test.x), data.test.y)}


def _program_b(data: Dataset, train: int, seed: int) -> dict[str, float]:
    import keras

    from course_utils import models

    keras.utils.set_random_seed(seed)
    keras.backend.clear_session()
    model = models.program_b()
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    start = time.perf_counter()
    x, y = data.train.x[:train].astype(np.float32), data.train.y[:train]
    model.fit(x, y, batch_size=32, epochs=10, verbose=0)
    seconds = time.perf_counter() - start
    splits = {"train": (x, y), "validation": (data.validation.x, data.validation.y), "test": (data.test.x, data.test.y)}
    scores = {name: model.evaluate(x.astype(np.float32), y, verbose=0)[1] for name, (x, y) in splits.items()}
    return {**scores, "gap": scores["train"] - scores["validation"], "seconds": seconds}


def program_b(data: Dataset, seed: int) -> dict[str, float]:
    """Program B, 10 epochs, batches of 32, Adam, on all training images."""
    return _program_b(data, len(data.train), seed)


def program_b_small(data: Dataset, seed: int) -> dict[str, float]:
    """Program B on the first 1,000 training images."""
    return _program_b(data, 1_000, seed)


def speed(data: Dataset, seed: int) -> dict[str, float]:
    """Colour images of 32x32 with masks drawn in a second on one core, photographs already read; best of five runs."""
    seconds = []
    for _ in range(5):
        start = time.process_time()
        datasets.load("shapes", train=2_000, validation=0, test=0, seed=seed, quiet=True)
        seconds.append(time.process_time() - start)
    return {"images_per_second": 2_000 / min(seconds)}


MEASURES = (speed, majority, linear, neighbours, program_b, program_b_small)


def rows(record: dict[str, Any]) -> str:
    """What the card says about a record of measurements: the mean over the seeds, and the lowest and highest."""

    def spread(measure: str, key: str, unit: str = "%") -> str:
        values = [100 * run[key] for run in record["measured"][measure]]
        mean, low, high = (f"{value:.1f}" for value in (sum(values) / len(values), min(values), max(values)))
        return f"{mean} {unit}" if low == high else f"{mean} {unit} ({low} to {high})"

    figures = {
        "conditions": f"default knobs, 10,000 training images, {len(record['seeds'])} seeds (mean, lowest to highest)",
        "majority class, test accuracy": spread("majority", "test"),
        "logistic regression on pixels, test accuracy": spread("linear", "test"),
        "five nearest neighbours on pixels, test accuracy": spread("neighbours", "test"),
        "program B, test accuracy": spread("program_b", "test"),
        "program B, validation accuracy": spread("program_b", "validation"),
        "program B on 1,000 training images, test accuracy": spread("program_b_small", "test"),
        "program B on 1,000 training images, training minus validation": spread("program_b_small", "gap", "points"),
    }
    return "\n".join(f"| {what} | {value} |" for what, value in figures.items())


def main() -> None:
    """Measure, write, print."""
    measured: dict[str, list[dict[str, float]]] = {measure.__name__: [] for measure in MEASURES}
    for seed in SEEDS:
        data = datasets.load("shapes", seed=seed, quiet=True)
        for measure in MEASURES:
            figures = {key: float(f"{value:.4g}") for key, value in measure(data, seed).items()}
            measured[measure.__name__].append(figures)
            print(f"seed {seed}  {measure.__name__:16s} {figures}", flush=True)
    record = {"measured": measured, "seeds": list(SEEDS), "knobs": Knobs().__dict__}
    record |= {"date": date.today().isoformat(), "versions": recorded.versions()}
    (paths.results_folder() / "shapes_card.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print("For the card in data/README.md:", rows(record), sep="\n")


if __name__ == "__main__":
    main()
