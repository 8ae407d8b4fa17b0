"""Small networks on small pictures with few labels or none, as lesson 18 writes them out, for its records."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers

__all__ = ["draw_labels", "probe_scores", "small_encoder", "small_views"]

DRAWS = 3  # of the labelled pictures, for each start


def small_encoder(size: int) -> keras.Model:
    """Three convolutions and 64 features a picture, (size, size, 3), values 0 to 255."""
    return keras.Sequential(
        [
            keras.Input((size, size, 3)),
            layers.Rescaling(1 / 127.5, offset=-1),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling2D(),
        ]
    )


def small_views(*, colour: bool) -> keras.Model:
    """Pictures zoomed in and moved at random; with `colour`, in other colours too."""
    changes = [layers.RandomZoom((-0.3, 0)), layers.RandomTranslation(0.15, 0.15)]
    if colour:
        factors = {"brightness_factor": 0.4, "contrast_factor": 0.4, "saturation_factor": 0.8, "hue_factor": 0.5}
        changes.append(layers.RandomColorJitter(value_range=(0, 255), **factors))
    return keras.Sequential(changes)


def draw_labels(y: np.ndarray, amount: int, draw: int) -> np.ndarray:
    """The places of so many examples of each class, drawn by a seed; more continue the draw."""
    order = np.random.default_rng(draw).permutation(len(y))
    return np.concatenate([order[y[order] == label][:amount] for label in np.unique(y)])


def probe_scores(
    features: np.ndarray, y: np.ndarray, new: np.ndarray, y_new: np.ndarray, amounts: Sequence[int]
) -> list[float]:
    """The accuracy of a linear model on features, for each number of labels a class; means of several draws.

    Args:
        features: of all pictures, labelled or not, (n, numbers); their scale is taken from all of them.
        y: their classes, (n,); only those drawn are looked at.
        new: features of new pictures, (m, numbers).
        y_new: their classes, (m,).
        amounts: labels of each class.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(features)
    features, new = scaler.transform(features), scaler.transform(new)
    scores = []
    for amount in amounts:
        right = []
        for draw in range(DRAWS):
            chosen = draw_labels(y, amount, draw)
            model = LogisticRegression(C=0.1, max_iter=2000).fit(features[chosen], y[chosen])
            right.append(model.score(new, y_new))
        scores.append(round(float(np.mean(right)), 4))
    return scores
