"""Fourteen photographs, each pushed to the name guacamole; then shown to a second network, and stored as JPEG."""

import io

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from course_utils import datasets, models, paths

TINY = {"photographs": 2, "steps": 1, "second": "", "size": 96}
GUACAMOLE = 924
NAMES = (
    *("chelsea", "coffee", "camera", "rocket", "astronaut", "china", "flower", "motorcycle_left", "coins", "retina"),
    *("moon", "text", "hubble_deep_field", "clock_motion"),
)


def gradient(network: keras.Model, picture: np.ndarray, label: int) -> np.ndarray:
    """How the loss for one label changes with each number of a picture, (1, height, width, 3)."""
    pixels = tf.Variable(picture)
    with tf.GradientTape() as tape:
        loss = -tf.math.log(network(pixels)[0, label] + 1e-30)
    return tape.gradient(loss, pixels).numpy()


def pushed(network: keras.Model, photo: np.ndarray, label: int, most: float, steps: int, sign: int) -> np.ndarray:
    """A photograph after many small steps, rounded; sign -1 goes toward the label, +1 away from it."""
    changed = photo
    for _ in range(steps):
        changed = changed + sign * most / 4 * np.sign(gradient(network, changed, label))
        changed = np.clip(np.clip(changed, photo - most, photo + most), 0, 255)
    return np.round(changed).astype("float32")


def as_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """A picture stored as JPEG and read again, (1, height, width, 3)."""
    file = io.BytesIO()
    Image.fromarray(picture[0].astype("uint8")).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))[np.newaxis].astype("float32")


def main(
    photographs: int = 14, steps: int = 10, most: float = 4, size: int = 224, second: str = "efficientnet_lite1.npz"
) -> dict:
    """Figures: for each photograph the chance of guacamole after each treatment, and whether the first name changed.

    The second network's weights are written to the folder `build` by `data/imagenet/convert.py --network lite1`.
    """
    ours = models.imagenet(size=size)
    other = models.imagenet(size=size, weights=paths.build_folder() / second if second else None)
    figures: dict[str, dict] = {}
    noise = most * np.random.default_rng(0).choice([-1.0, 1.0], (1, size, size, 3))
    every = datasets.load("photographs")
    for name in NAMES[:photographs]:
        photo = models.prepare(every[name], size).astype("float32")
        own = int(ours.predict_on_batch(photo)[0].argmax())
        toward = pushed(ours, photo, GUACAMOLE, most, steps, -1)
        changed = {
            "as it is": photo,
            "random": np.clip(photo + noise, 0, 255).astype("float32"),
            "toward guacamole": toward,
            "toward guacamole, JPEG 95": as_jpeg(toward, 95),
            "toward guacamole, JPEG 75": as_jpeg(toward, 75),
            "away": pushed(ours, photo, own, most, steps, 1),
            "away, twice as far": pushed(ours, photo, own, 2 * most, steps, 1),
            "random, twice as far": np.clip(photo + 2 * noise, 0, 255).astype("float32"),
        }
        figures[name] = {}
        for network_name, network in {"ours": ours, "second": other}.items():
            first = models.top(network.predict_on_batch(photo)[0], 1)[0][0]
            for how, picture in changed.items():
                answers = network.predict_on_batch(picture)[0]
                found = {"guacamole": round(float(answers[GUACAMOLE]), 4), "name": models.top(answers, 1)[0][0]}
                figures[name][f"{network_name}, {how}"] = found | {"changed": found["name"] != first}
        print(name, {k: (v["guacamole"], v["name"]) for k, v in figures[name].items()}, flush=True)
    label = f"{len(figures)} photographs from scikit-image and scikit-learn, {size} pixels, up to {most:g} grey levels"
    return {"figures": figures, "data": label, "seeds": [0]}
