"""Learning from pairs of views: the loss, and a model that makes both views itself. Written out in lesson 18."""

import keras
import numpy as np
from keras import KerasTensor, layers, ops

__all__ = ["contrastive_loss", "learn_from_views", "pair_model"]

Tensor = np.ndarray | KerasTensor


def contrastive_loss(_: Tensor, both: Tensor) -> Tensor:
    """How badly each view finds its partner among the other views of the batch, at a temperature of 0.2.

    Args:
        _: the targets that Keras passes on; they are not read, since there are no labels.
        both: row k holds the codes of two views of picture k, one behind the other, shape (n, 2 * numbers).

    Returns:
        The mean cross-entropy of the 2n questions "which of the 2n - 1 others is my partner?".

    Source: Chen and others, A simple framework for contrastive learning of visual representations, 2020.
    """
    n = ops.shape(both)[0]
    codes = ops.concatenate(ops.split(both, 2, axis=1))
    codes = ops.normalize(codes, axis=1)
    scores = ops.matmul(codes, ops.transpose(codes)) / 0.2
    scores = scores - 1e9 * ops.eye(2 * n)
    partner = ops.concatenate([ops.arange(n, 2 * n), ops.arange(n)])
    return keras.losses.sparse_categorical_crossentropy(partner, scores, from_logits=True)


def pair_model(encoder: keras.Model, views: keras.Layer) -> keras.Model:
    """A model that changes each picture twice, at random, and gives the codes of both views.

    Args:
        encoder: turns pictures into features, (n, features). It learns too; what is laid on it is not kept.
        views: turns a batch of pictures into changed ones of the same size, when it is called with training=True.

    Returns:
        Pictures, (n, height, width, channels), to two codes of 32 numbers, (n, 64). It is not compiled.
    """
    head = keras.Sequential([layers.Dense(64, activation="relu"), layers.Dense(32)])
    pictures = keras.Input(encoder.input_shape[1:])
    one = head(encoder(views(pictures)))
    other = head(encoder(views(pictures)))  # drawn anew
    return keras.Model(pictures, layers.Concatenate(axis=1)([one, other]))


def learn_from_views(
    encoder: keras.Model, views: keras.Layer, pictures: np.ndarray, *, epochs: int, batch_size: int = 250
) -> list[float]:
    """Train an encoder on unlabelled pictures, with Adam at 0.001.

    Args:
        encoder: as in `pair_model`.
        views: as in `pair_model`.
        pictures: uint8, (n, height, width, channels); what is left over behind the last whole batch is left out.
        epochs: passes over the pictures.
        batch_size: pictures in a batch; a view has 2 * batch_size - 1 others to choose from.

    Returns:
        The mean loss of each epoch.

    Raises:
        ValueError: there are fewer pictures than one batch takes.
    """
    whole = len(pictures) // batch_size * batch_size
    if whole == 0:
        raise ValueError(f"Expected at least one batch of {batch_size} pictures. Received: {len(pictures)}.")
    pairs = pair_model(encoder, views)
    pairs.compile("adam", contrastive_loss)
    no_labels = np.zeros(whole)
    history = pairs.fit(pictures[:whole], no_labels, batch_size=batch_size, epochs=epochs, verbose=0)
    return [float(loss) for loss in history.history["loss"]]
