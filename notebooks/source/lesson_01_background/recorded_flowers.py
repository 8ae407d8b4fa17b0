"""The lesson's three kinds of features under its one classifier, on photographs of twelve kinds of flowers.

The archive `flowers12.tar` lies in the data home: one subfolder a kind in `train` and in `test`.
"""

import keras
import numpy as np
from skimage.feature import hog
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import datasets, models, paths

TINY = {"name": "cutouts", "train": 24, "test": 12}
SIZE = 96  # pixels
DRAWS = 4_000  # of the intervals
PENALTIES = (0.0001, 0.001, 0.01, 0.1)


def every_third_pixel(pictures: np.ndarray) -> np.ndarray:
    """32 x 32 x 3 numbers a picture, as in the lesson."""
    return pictures[:, ::3, ::3].reshape(len(pictures), -1)


def hog_features(pictures: np.ndarray) -> np.ndarray:
    """900 numbers a picture, as in the lesson."""
    return np.array([hog(picture, 9, (16, 16), (2, 2), channel_axis=-1) for picture in pictures])


def in_grey(pictures: np.ndarray) -> np.ndarray:
    """Each pixel's mean colour, in all three channels, so that nothing else changes."""
    return pictures.mean(axis=-1, keepdims=True).round().astype(np.uint8).repeat(3, axis=-1)


def classifier(penalty: float = 0.001) -> Pipeline:
    """The classifier of the lesson."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=500))


def own_penalty(features: np.ndarray, y: np.ndarray) -> float:
    """The penalty that is best in three folds of the training photographs."""
    scores = [cross_val_score(classifier(penalty), features, y, cv=3).mean() for penalty in PENALTIES]
    return PENALTIES[int(np.argmax(scores))]


def interval(values: np.ndarray) -> list[float]:
    """The middle 95 % of the mean when the test photographs are drawn anew."""
    picks = np.random.default_rng(0).integers(0, len(values), (DRAWS, len(values)))
    return [round(float(end), 4) for end in np.quantile(values[picks].mean(axis=1), (0.025, 0.975))]


def main(name: str = "flowers12", train: int = 648, test: int = 240) -> dict:
    """Figures: accuracy and interval of each kind of features, and of differences on the same photographs."""
    where = f"folder:{paths.data_home() / 'flowers12.tar'}" if name == "flowers12" else name
    data = datasets.load(where, train=train, test=test, size=SIZE, quiet=True)
    network = models.imagenet(size=SIZE)
    to_features = keras.Model(network.input, network.get_layer("features").output)
    kinds = {
        "pixels": every_third_pixel,
        "HOG": hog_features,
        "network, ImageNet": lambda pictures: to_features.predict(pictures, verbose=0),
        "pixels, in grey": lambda pictures: every_third_pixel(in_grey(pictures)),
        "HOG, in grey": lambda pictures: hog_features(in_grey(pictures)),
    }
    right, figures = {}, {"train": len(data.train.y), "test": len(data.test.y), "kinds": {}, "ahead": {}}
    keras.utils.set_random_seed(0)
    for kind, features in kinds.items():
        known, asked = features(data.train.x), features(data.test.x)
        right[kind] = classifier().fit(known, data.train.y).predict(asked) == data.test.y
        penalty = own_penalty(known, data.train.y)
        own = classifier(penalty).fit(known, data.train.y).score(asked, data.test.y)
        figures["kinds"][kind] = {
            "accuracy": round(float(right[kind].mean()), 4),
            "interval": interval(right[kind]),
            "own C": penalty,
            "accuracy with its own C": round(float(own), 4),
        }
        print(kind, figures["kinds"][kind], flush=True)
    for first, second in (("pixels", "HOG"), ("network, ImageNet", "pixels"), ("HOG, in grey", "pixels, in grey")):
        difference = right[first].astype(float) - right[second]
        figures["ahead"][f"{first} over {second}"] = [round(float(difference.mean()), 4), *interval(difference)]
    label = "12 kinds of Oxford Flowers" if name == "flowers12" else name
    return {"figures": figures, "data": label, "seeds": (0,)}
