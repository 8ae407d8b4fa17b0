"""Worn photographs: how often the machine is right, how sure it is, and what it still answers, over deals."""

import keras
import numpy as np
from keras import layers
from scipy.special import softmax

from course_utils import calibration, datasets, models, robustness, training

TINY = {"pictures": 60, "tested": 12, "epochs": 2, "deals": 1}
SIZE, CLASSES, WANTED = 96, 6, 0.9


def judged(
    logits: np.ndarray, y: np.ndarray, temperature: float, threshold: float, raw_threshold: float
) -> dict[str, float]:
    """What becomes of some photographs: shares of all of them, and means of the confidence."""
    raw, confidence = (softmax(logits / t, axis=1).max(axis=1) for t in (1, temperature))
    right, answered, raw_answered = logits.argmax(axis=1) == y, confidence >= threshold, raw >= raw_threshold
    found = {
        "right": right,
        "confidence as trained": raw,
        "confidence": confidence,
        "answered": answered,
        "answered and right": answered & right,
        "answered as trained": raw_answered,
        "answered and right as trained": raw_answered & right,
    }
    return {name: round(float(values.mean()), 4) for name, values in found.items()}


def main(pictures: int = 450, tested: int = 100, epochs: int = 30, first: int = 2, deals: int = 3) -> dict:
    """Figures: for each deal a dictionary, from "untouched", "noise 1" and so on to what was found there.

    Temperature and thresholds come from untouched validation photographs. The worn ones are the first of the test set.
    """
    network = models.imagenet(SIZE, include_top=False, pooling="avg")
    model = keras.Sequential([keras.Input((1280,)), layers.Dense(CLASSES)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    figures, seeds = [], range(first, first + deals)
    for deal in seeds:
        amounts = {"train": pictures, "validation": 200, "test": tested, "size": SIZE, "quiet": True}
        data = datasets.load("cutouts", seed=deal, split_seed=deal, **amounts)
        training.reset(model, seed=deal)
        model.fit(network.predict(data.train.x, verbose=0), data.train.y, batch_size=50, epochs=epochs, verbose=0)
        logits = model.predict(network.predict(data.validation.x, verbose=0), verbose=0).astype("float64")
        temperature = calibration.fit_temperature(logits, data.validation.y)
        raw, confidence = (softmax(logits / t, axis=1).max(axis=1) for t in (1, temperature))
        right = logits.argmax(axis=1) == data.validation.y
        threshold, raw_threshold = (
            calibration.fit_threshold(values, right, aim=WANTED) for values in (confidence, raw)
        )
        shown = {"untouched": data.test.x}
        for kind in robustness.KINDS:
            for strength in range(1, 6):
                shown[f"{kind} {strength}"] = robustness.corrupt(data.test.x, kind, strength)
        found = {}
        for name, photos in shown.items():
            answers = model.predict(network.predict(photos, verbose=0), verbose=0).astype("float64")
            found[name] = judged(answers, data.test.y, temperature, threshold, raw_threshold)
        figures.append(found)
        print(deal, f"T {temperature:.1f}, threshold {threshold:.2f}", found["untouched"], flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": seeds}
