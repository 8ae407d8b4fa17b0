"""Ten photographs, each pushed to the name guacamole; then shown to a second network, and stored as JPEG."""

import io
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from course_utils import datasets, models, paths

TINY = {"photographs": 2, "steps": 1, "second": "", "size": 96}
GUACAMOLE = 924
NAMES = ("chelsea", "coffee", "camera", "rocket", "astronaut", "china", "flower", "motorcycle_left", "coins", "retina")


def as_jpeg(picture: np.ndarray, quality: int) -> np.ndarray:
    """A picture stored as JPEG and read again, (1, height, width, 3)."""
    file = io.BytesIO()
    Image.fromarray(picture[0].astype("uint8")).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))[np.newaxis].astype("float32")


def pushed(
    slopes: Callable, photo: np.ndarray, label: int, most: float, steps: int, sign: int, jpeg: int = 0
) -> np.ndarray:
    """A photograph after many small steps, rounded; sign -1 goes toward the label, +1 away from it.

    Where `jpeg` is a quality, the slopes are those at the picture that was stored and read again.
    """
    changed = photo
    for _ in range(steps):
        seen = as_jpeg(np.round(changed), jpeg) if jpeg else changed
        changed = changed + sign * most / 4 * np.sign(slopes(tf.constant(seen), tf.constant(label)))
        changed = np.clip(np.clip(changed, photo - most, photo + most), 0, 255)
    return np.round(changed).astype("float32")


def treatments(
    slopes: Callable, photo: np.ndarray, own: int, noise: np.ndarray, most: float, steps: int
) -> dict[str, np.ndarray]:
    """Name of a treatment to the photograph after it; `own` is the network's first answer, noise is +1 and -1."""
    tossed = np.clip(photo + most * noise, 0, 255).astype("float32")
    toward = pushed(slopes, photo, GUACAMOLE, most, 2 * steps, -1)
    toward_further = pushed(slopes, photo, GUACAMOLE, 2 * most, 2 * steps, -1)
    through = pushed(slopes, photo, GUACAMOLE, most, 2 * steps, -1, jpeg=75)
    further = pushed(slopes, photo, GUACAMOLE, 2 * most, 2 * steps, -1, jpeg=75)
    return {
        "as it is": photo,
        "as it is, JPEG 75": as_jpeg(photo, 75),
        "random": tossed,
        "random, JPEG 75": as_jpeg(tossed, 75),
        "toward guacamole": toward,
        "toward guacamole, JPEG 75": as_jpeg(toward, 75),
        "toward guacamole, twice as far, JPEG 75": as_jpeg(toward_further, 75),
        "planned for JPEG 75": as_jpeg(through, 75),
        "planned for JPEG 75, twice as far": as_jpeg(further, 75),
        "away": pushed(slopes, photo, own, most, steps, 1),
    }


def main(
    photographs: int = 10, steps: int = 10, most: float = 4, size: int = 224, second: str = "efficientnet_lite1.npz"
) -> dict:
    """Figures: for each photograph the chance of guacamole after each treatment, and whether the first name changed.

    The second network's weights are written to the folder `build` by `data/imagenet/convert.py --network lite1`.
    """
    ours = models.imagenet(size=size)
    other = models.imagenet(size=size, weights=paths.build_folder() / second if second else None)

    logits_of = keras.Model(ours.input, ours.get_layer("logits").output)

    @tf.function
    def slopes(picture: tf.Tensor, label: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(picture)
            loss = -tf.nn.log_softmax(logits_of(picture))[0, label]
        return tape.gradient(loss, picture)

    figures: dict[str, dict] = {}
    pictures: dict[str, np.ndarray] = {}
    noise = np.random.default_rng(0).choice([-1.0, 1.0], (1, size, size, 3))
    every = datasets.load("photographs")
    for name in NAMES[:photographs]:
        photo = models.prepare(every[name], size).astype("float32")
        own = int(ours.predict_on_batch(photo)[0].argmax())
        changed = treatments(slopes, photo, own, noise, most, steps)
        if name == "chelsea":
            pictures[name] = changed["toward guacamole"][0].astype("uint8")
        figures[name] = {}
        for network_name, network in {"ours": ours, "second": other}.items():
            first = models.top(network.predict_on_batch(photo)[0], 1)[0][0]
            for how, picture in changed.items():
                answers = network.predict_on_batch(picture)[0]
                found = {"guacamole": round(float(answers[GUACAMOLE]), 4), "name": models.top(answers, 1)[0][0]}
                figures[name][f"{network_name}, {how}"] = found | {"changed": found["name"] != first}
        print(name, {k: (v["guacamole"], v["name"]) for k, v in figures[name].items()}, flush=True)
    label = f"{len(figures)} photographs from scikit-image and scikit-learn, {size} pixels, up to {most:g} grey levels"
    return {"figures": figures, "data": label, "seeds": [0], "pictures": pictures}
