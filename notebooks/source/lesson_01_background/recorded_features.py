"""Five kinds of features under one simple classifier on the same photographs, as they are and in half the light."""

from collections.abc import Callable

import keras
import numpy as np
from keras import layers
from skimage.feature import hog
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import datasets, models

TINY = {"deals": 1, "pictures": 24, "epochs": 1}
SIZE = 96  # pixels
DRAWS = 4_000  # of the interval
FIRST_DEAL = 5  # on deals 0 to 4 size, cells and penalty were chosen


def every_third_pixel(pictures: np.ndarray) -> np.ndarray:
    """32 x 32 x 3 numbers a picture."""
    return pictures[:, ::3, ::3].reshape(len(pictures), -1)


def hog_features(pictures: np.ndarray) -> np.ndarray:
    """900 numbers a picture: 5 x 5 blocks of 2 x 2 cells with 9 directions."""
    return np.array(
        [
            hog(picture, orientations=9, pixels_per_cell=(16, 16), cells_per_block=(2, 2), channel_axis=-1)
            for picture in pictures
        ]
    )


def small_network() -> keras.Model:
    """Three convolutions with batch normalisation, from scratch, on pictures mirrored at random."""
    model = keras.Sequential([keras.Input((SIZE, SIZE, 3)), layers.Rescaling(1 / 255), layers.RandomFlip("horizontal")])
    for filters, strides in ((16, 2), (32, 1), (64, 1)):
        model.add(layers.Conv2D(filters, 3, strides=strides, use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
        model.add(layers.MaxPooling2D())
    model.add(layers.GlobalMaxPooling2D(name="features"))
    model.add(layers.Dense(6, activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def features_of(network: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """What a network computes just before its answers."""
    part = keras.Model(network.inputs, network.get_layer("features").output)
    return lambda pictures: part.predict(pictures, verbose=0)


def interval(right: list[np.ndarray], objects: list[np.ndarray]) -> list[float]:
    """The middle 95 % of the mean accuracy when the objects are drawn anew, each with all pictures that show it."""
    chance = np.random.default_rng(0)
    scores = np.zeros(DRAWS)
    for is_right, shown in zip(right, objects, strict=True):
        _, which = np.unique(shown, return_inverse=True)
        count = which.max() + 1
        weights = chance.multinomial(count, np.full(count, 1 / count), DRAWS)[:, which]
        scores += (weights * is_right).sum(axis=1) / weights.sum(axis=1) / len(right)
    return [round(float(end), 4) for end in np.quantile(scores, (0.025, 0.975))]


def main(deals: int = 5, pictures: int = 300, epochs: int = 30) -> dict:
    """Figures: name of a kind of features to its accuracies, one a deal, and their interval, in both lights."""
    ready = models.imagenet(size=SIZE)
    right: dict[str, dict[str, list[np.ndarray]]] = {}
    objects = []
    for deal in range(FIRST_DEAL, FIRST_DEAL + deals):
        deal_of = {"size": SIZE, "off_centre": 0.0, "seed": deal, "split_seed": deal}
        data = datasets.load("cutouts", train=pictures, validation=1, test=pictures, **deal_of)
        objects.append(data.test.objects)
        keras.utils.set_random_seed(deal)
        untrained = models.imagenet(size=SIZE, weights=None)
        own = small_network()
        own.fit(data.train.x, data.train.y, epochs=epochs, verbose=0)
        kinds = {
            "pixels": every_third_pixel,
            "HOG": hog_features,
            "network, untrained": features_of(untrained),
            "network, 300 pictures": features_of(own),
            "network, ImageNet": features_of(ready),
        }
        for name, features in kinds.items():
            classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.001, max_iter=500))
            classifier.fit(features(data.train.x), data.train.y)
            for light, shown in {"as they are": data.test.x, "half the light": data.test.x // 2}.items():
                answers = classifier.predict(features(shown))
                right.setdefault(name, {}).setdefault(light, []).append(answers == data.test.y)
            print(deal, name, [round(float(np.mean(lights[-1])), 3) for lights in right[name].values()], flush=True)
    figures = {
        name: {
            light: {"accuracy": [round(float(np.mean(r)), 4) for r in runs], "interval": interval(runs, objects)}
            for light, runs in lights.items()
        }
        for name, lights in right.items()
    }
    return {"figures": figures, "data": data.card.label, "seeds": range(FIRST_DEAL, FIRST_DEAL + deals)}
