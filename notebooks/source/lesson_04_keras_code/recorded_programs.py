"""The reference programs A, B and C, three runs each: validation chooses the epoch, the test set is opened once."""

import time
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from scipy import stats

from course_utils import datasets, metrics, models
from course_utils.datasets.dataset import Dataset

TINY = {"clothes": "shapes", "things": "shapes", "images": 60, "held": 50, "epochs": 2, "seeds": 2}


def main(
    clothes: str = "fashion_mnist",
    things: str = "cifar10",
    images: int | None = None,
    held: int | None = None,
    epochs: int = 10,
    seeds: int = 3,
) -> dict[str, Any]:
    """Train and measure.

    Args:
        clothes: the data of program A; "shapes" is drawn in its form.
        things: the data of programs B and C.
        images: to train on; None for all that are not kept for validation.
        held: pictures to choose the epoch by, and as many for the test; None for all.
        epochs: passes over the training pictures.
        seeds: runs of each program; with one, the intervals count test pictures alone.
    """
    grey = {"size": 28, "channels": 1} if clothes == "shapes" else {}
    amounts = {"train": images, "validation": held, "test": held}
    data_a, data_bc = datasets.load(clothes, **amounts, **grey), datasets.load(things, **amounts)
    programs = {
        "A": (models.program_a, data_a, "categorical_crossentropy"),
        "B": (models.program_b, data_bc, "categorical_crossentropy"),
        "C": (models.program_c, data_bc, "sparse_categorical_crossentropy"),
    }
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in programs}
    for seed in range(seeds):  # in the outer loop, so that a machine that slows down touches all programs alike
        for name, (build, data, loss) in programs.items():
            run = _run(build, data, loss, epochs, seed)
            runs[name].append(run)
            print(f"program {name}, seed {seed}: {run['right'].mean():.4f}, {run['seconds']:.0f} s", flush=True)
    figures = {name: _summary(runs[name], *programs[name][:2]) for name in programs}
    sources = f"{data_a.card.label} (A), {data_bc.card.label} (B, C)"
    return {"figures": figures, "data": sources, "seeds": range(seeds)}


def _run(build: Any, data: Dataset, loss: str, epochs: int, seed: int) -> dict[str, Any]:
    """One training; the weights of the epoch with the best validation accuracy meet the test set, once."""
    keras.utils.set_random_seed(seed)
    model = build()
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    # `fit` on arrays would show them in the same order in every epoch once a seed is set; this shuffles anew
    train = tf.data.Dataset.from_tensor_slices((data.train.x, _labels(data.train.y, loss)))
    train = train.shuffle(len(data.train), seed=seed).batch(32)
    validation = (data.validation.x, _labels(data.validation.y, loss))
    best = keras.callbacks.EarlyStopping("val_accuracy", patience=epochs, restore_best_weights=True)  # stops never
    started = time.perf_counter()
    history = model.fit(
        train, epochs=epochs, validation_data=validation, callbacks=[best], shuffle=False, verbose=2
    ).history
    seconds = time.perf_counter() - started
    said = model.predict(data.test.x, batch_size=500, verbose=0).argmax(axis=1)
    recall = metrics.per_class_recall(data.test.y, said, classes=len(data.class_names))
    return {"history": history, "seconds": seconds, "right": said == data.test.y, "recall": recall}


def _labels(labels: np.ndarray, loss: str) -> np.ndarray:
    return labels if loss.startswith("sparse") else keras.utils.to_categorical(labels)


def _summary(runs: list[dict[str, Any]], build: Any, data: Dataset) -> dict[str, Any]:
    histories = [run["history"] for run in runs]
    right = np.array([run["right"] for run in runs])  # (seeds, pictures)
    tests = right.mean(axis=1)
    seeds, pictures = right.shape
    of_seeds = stats.t.ppf(0.975, seeds - 1) * tests.std(ddof=1) / np.sqrt(seeds) if seeds > 1 else 0.0
    of_pictures = 1.96 * right.mean(axis=0).std() / np.sqrt(pictures)
    half = float(np.hypot(of_seeds, of_pictures))  # 95 %: other seeds and other test pictures of the same kind
    recalls = np.mean([run["recall"] for run in runs], axis=0)
    return {
        "parameters": build().count_params(),
        "training pictures": len(data.train),
        "test": tests.tolist(),
        "interval": [float(tests.mean()) - half, float(tests.mean()) + half],
        "best epoch": [int(np.argmax(history["val_accuracy"])) + 1 for history in histories],
        "validation at the best epoch": [max(history["val_accuracy"]) for history in histories],
        "seconds": [run["seconds"] for run in runs],
        "recall": dict(zip(data.class_names, recalls.tolist(), strict=True)),
        "histories": histories,
    }
