"""Small networks on small pictures with few labels or none: encoders, views, and what each way makes of the labels."""

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers

__all__ = [
    "draw_labels",
    "from_scratch_scores",
    "probe_scores",
    "small_encoder",
    "small_views",
]

DRAWS = 3  # of the labelled pictures, for each start
BATCH = 50


def small_encoder(size: int) -> keras.Model:
    """Three convolutions and 64 features a picture, as lesson 18 writes it out.

    Args:
        size: side of the pictures in pixels; they hold 0 to 255 and three colours.
    """
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
    """Zoomed in and moved, as lesson 18 writes it out; with `colour`, in other colours too."""
    changes = [layers.RandomZoom((-0.3, 0)), layers.RandomTranslation(0.15, 0.15)]
    if colour:
        changes.append(
            layers.RandomColorJitter(
                value_range=(0, 255),
                brightness_factor=0.4,
                contrast_factor=0.4,
                saturation_factor=0.8,
                hue_factor=0.5,
            )
        )
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


def from_scratch_scores(
    x: np.ndarray,
    y: np.ndarray,
    new: np.ndarray,
    y_new: np.ndarray,
    amounts: Sequence[int],
    *,
    seed: int,
    views: keras.Layer | None = None,
    most_batches: int = 1000,
) -> tuple[list[float], list[float]]:
    """A network of the encoder's form, trained on the labelled pictures alone: accuracy on new and on its own pictures.

    Args:
        x: pictures, uint8 (n, size, size, 3).
        y: their classes, (n,); only those of the first draw are looked at.
        new: new pictures, (m, size, size, 3).
        y_new: their classes, (m,).
        amounts: labels of each class.
        seed: of the weights and of the order of the pictures.
        views: changes each picture at random in training; None leaves it as it is.
        most_batches: of 50 pictures; for fewer than about a thousand labels fewer are enough.

    Returns:
        For each number of labels the accuracy on new pictures, and that on the labelled ones, without any change.
    """
    scores, fitted = [], []
    for amount in amounts:
        chosen = draw_labels(y, amount, 0)
        keras.utils.set_random_seed(seed)
        order = np.random.default_rng(seed)
        batches = min(most_batches, 100 + 4 * len(chosen) // 5)
        rows = np.concatenate([order.permutation(chosen) for _ in range(-(-batches * BATCH // len(chosen)))])
        rows = rows[: batches * BATCH]
        inside = [] if views is None else [views]
        classes = int(y.max()) + 1
        model = keras.Sequential(
            [keras.Input(x.shape[1:]), *inside, small_encoder(x.shape[1]), layers.Dense(classes, activation="softmax")]
        )
        model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(x[rows], y[rows], batch_size=BATCH, shuffle=False, verbose=0)
        scores.append(round(model.evaluate(new, y_new, batch_size=500, verbose=0)[1], 4))
        fitted.append(round(model.evaluate(x[chosen], y[chosen], batch_size=500, verbose=0)[1], 4))
    return scores, fitted
