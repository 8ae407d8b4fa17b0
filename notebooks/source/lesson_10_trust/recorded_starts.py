"""The lesson's layer from other starting weights, and with a smaller step: how good, how sure, and is the rule kept?"""

import keras
import numpy as np
from keras import layers
from scipy.special import softmax

from course_utils import calibration, datasets, metrics, models, training

TINY = {"pictures": 60, "judged": 30, "epochs": 2, "starts": 1}
SIZE, CLASSES, WANTED = 96, 6, 0.9


def judge(layer: keras.Model, x: dict[str, np.ndarray], y: dict[str, np.ndarray]) -> dict[str, float]:
    """What the test pictures say of a layer, with a temperature and a threshold from the validation pictures."""
    logits = {part: layer.predict(x[part], verbose=0).astype("float64") for part in ("validation", "test")}
    temperature = calibration.fit_temperature(logits["validation"], y["validation"])
    confidence = {part: softmax(logits[part] / temperature, axis=1).max(axis=1) for part in logits}
    right = {part: logits[part].argmax(axis=1) == y[part] for part in logits}
    answered = confidence["test"] >= calibration.fit_threshold(
        confidence["validation"], right["validation"], aim=WANTED
    )
    errors = (
        metrics.expected_calibration_error(y["test"], softmax(logits["test"] / t, axis=1), bins=10)
        for t in (1, temperature)
    )
    found = {
        "right": right["test"].mean(),
        "temperature": temperature,
        **dict(zip(("error as trained", "error with T"), errors, strict=True)),
        "answered": answered.mean(),
        "right of the answered": right["test"][answered].mean() if answered.any() else 0.0,
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def main(pictures: int = 450, judged: int = 300, epochs: int = 30, first: int = 1, starts: int = 5) -> dict:
    """Figures: for the steps "0.01" and "0.001" a list with one dictionary a start, all of the lesson's own things."""
    network = models.imagenet(SIZE, include_top=False, pooling="avg")
    data = datasets.load("cutouts", train=pictures, validation=min(200, judged), test=judged, size=SIZE, quiet=True)
    splits = {"train": data.train, "validation": data.validation, "test": data.test}
    x = {part: network.predict(split.x, verbose=0) for part, split in splits.items()}
    y = {part: split.y for part, split in splits.items()}
    model = keras.Sequential([keras.Input((1280,)), layers.Dense(CLASSES)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    figures, seeds = {}, range(first, first + starts)
    for step in (0.01, 0.001):
        model.compile(keras.optimizers.Adam(step), loss)
        figures[str(step)] = []
        for start in seeds:
            training.reset(model, seed=start)
            model.fit(x["train"], y["train"], batch_size=50, epochs=epochs, verbose=0)
            figures[str(step)].append(judge(model, x, y))
            print(step, start, figures[str(step)][-1], flush=True)
    return {"figures": figures, "data": data.card.label, "seeds": seeds}
