"""What another reader of the same JPEG costs the ImageNet network: decoding, channels and shrinking, one at a time.

The pictures are always the same. A linear probe learns from pictures read and shrunk in one way and is used on new ones
read in another; beside it stands a probe that learned in that other way, too, so that harder pictures do not pass
for a mismatch.
"""

import io
from collections.abc import Callable

import cv2
import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from course_utils import datasets, models

TINY = {"learned": 24, "held": 24, "seeds": 1}
FIRST_DEAL = 3  # deals 0, 1 and 2 were looked at before the bounds were set
LARGE, SMALL = 224, 96  # pixels, before and after shrinking
QUALITY = 90  # of the JPEG, a usual setting


def as_jpeg(picture: np.ndarray) -> bytes:
    """A picture, uint8 (height, width, 3), as the bytes of a JPEG file."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "jpeg", quality=QUALITY)
    return file.getvalue()


def pillow_read(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))


def opencv_read(jpeg: bytes) -> np.ndarray:
    """Blue first, as OpenCV gives it."""
    return cv2.imdecode(np.frombuffer(jpeg, "uint8"), cv2.IMREAD_COLOR)


def tensorflow_read(jpeg: bytes) -> np.ndarray:
    return tf.io.decode_jpeg(jpeg, channels=3).numpy()


def pillow_shrink(picture: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize((SMALL, SMALL), Image.Resampling.BILINEAR))


def opencv_shrink(picture: np.ndarray, interpolation: int) -> np.ndarray:
    return cv2.resize(picture, (SMALL, SMALL), interpolation=interpolation)


def keras_shrink(picture: np.ndarray) -> np.ndarray:
    """Keras's default, which `image_dataset_from_directory` uses, too; rounded to whole levels like the others."""
    small = keras.ops.image.resize(picture.astype("float32"), (SMALL, SMALL), interpolation="bilinear")
    return np.rint(keras.ops.convert_to_numpy(small)).astype("uint8")


WAYS: dict[str, Callable[[bytes], np.ndarray]] = {
    "Pillow, Pillow": lambda jpeg: pillow_shrink(pillow_read(jpeg)),
    "OpenCV, Pillow": lambda jpeg: pillow_shrink(opencv_read(jpeg)[:, :, ::-1]),
    "TensorFlow, Pillow": lambda jpeg: pillow_shrink(tensorflow_read(jpeg)),
    "Pillow, OpenCV INTER_AREA": lambda jpeg: opencv_shrink(pillow_read(jpeg), cv2.INTER_AREA),
    "Pillow, OpenCV INTER_LINEAR": lambda jpeg: opencv_shrink(pillow_read(jpeg), cv2.INTER_LINEAR),
    "Pillow, Keras bilinear": lambda jpeg: keras_shrink(pillow_read(jpeg)),
    "OpenCV blue first, Pillow": lambda jpeg: pillow_shrink(opencv_read(jpeg)),
}
USUAL = "Pillow, Pillow"


def right_answers(
    features: dict[str, np.ndarray], y: np.ndarray, new: dict[str, np.ndarray], y_new: np.ndarray
) -> dict[str, dict[str, float]]:
    """The accuracy on new pictures of probes that learned in the usual way, and in the way they are used in."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    scores = {}
    for way, rows in new.items():
        scores[way] = {}
        for learned, known in (("learned with Pillow", USUAL), ("learned like this", way)):
            probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
            scores[way][learned] = round(float(probe.fit(features[known], y).score(rows, y_new)), 4)
    return scores


def main(learned: int = 300, held: int = 600, seeds: int = 3) -> dict:
    """Figures: way to accuracies and to the share of other ImageNet answers, one a deal; and grey levels apart."""
    network = models.imagenet(SMALL)
    both = keras.Model(network.input, [network.get_layer("features").output, network.output])
    figures: dict[str, dict] = {"accuracy": {}, "other answers": {}, "levels apart": {}}
    deals = range(FIRST_DEAL, FIRST_DEAL + seeds)
    for seed in deals:
        data = datasets.load(
            "cutouts", train=learned, validation=10, test=held, size=LARGE, split_seed=seed, seed=seed, quiet=True
        )
        files = {name: [as_jpeg(x) for x in split.x] for name, split in (("old", data.train), ("new", data.test))}
        features: dict[str, dict[str, np.ndarray]] = {"old": {}, "new": {}}
        answers, small = {}, {}
        for way, read in WAYS.items():
            for name, jpegs in files.items():
                pictures = np.stack([read(jpeg) for jpeg in jpegs])
                found, probabilities = both.predict(pictures, batch_size=100, verbose=0)
                features[name][way] = found
            answers[way], small[way] = probabilities.argmax(axis=1), pictures.astype(int)
        scores = right_answers(features["old"], data.train.y, features["new"], data.test.y)
        print(seed, scores, flush=True)
        for way in WAYS:
            for learned_with, score in scores[way].items():
                figures["accuracy"].setdefault(way, {}).setdefault(learned_with, []).append(score)
            other = float((answers[way] != answers[USUAL]).mean())
            figures["other answers"].setdefault(way, []).append(round(other, 4))
            apart = float(np.abs(small[way] - small[USUAL]).mean())
            figures["levels apart"].setdefault(way, []).append(round(apart, 3))
    figures["pictures"] = {"learned": learned, "new": held}
    return {"figures": figures, "data": data.card.label, "seeds": deals}
