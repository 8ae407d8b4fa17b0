"""Whether images may be mirrored: asked of a network that has seen none of them so."""

import keras
import numpy as np

__all__ = ["mirrored_are_as_good"]

PART = 100  # images at a time, so that this takes no more memory than a step of training


def mirrored_are_as_good(network: keras.Model, x: np.ndarray, y: np.ndarray) -> bool:
    """Whether a network that has seen no mirrored image recognises them about as well as the originals.

    The mirrored images may lose an eighth of what the network has learnt, measured as its loss below that of guessing
    (photographs lose a thirtieth, clothes that all point one way a quarter and more, digits nearly all).
    Where too few images are held out to be sure, or too little is learnt, the answer is no: never mirroring is never
    wrong.

    Args:
        network: gives probabilities.
        x: images that it was not trained on, shape (n, height, width, channels).
        y: their classes, shape (n,).
    """
    parts = [slice(start, start + PART) for start in range(0, len(x), PART)]
    original, mirrored = np.concatenate([_losses(network, x[part], y[part]) for part in parts], axis=1)
    shares = np.bincount(y) / len(y)
    learnt = -np.sum(shares * np.log(shares + 1e-7)) - original.mean()
    worse = mirrored - original
    return bool(worse.mean() + worse.std() / np.sqrt(len(y)) < learnt / 8)


def _losses(network: keras.Model, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The losses of images as they are and mirrored, shape (2, n)."""
    # In training mode, batch normalisation uses these images' own statistics: the stored ones lag behind so early.
    probabilities = np.asarray(network(np.concatenate([x, x[:, :, ::-1]]), training=True))
    return -np.log(probabilities.reshape(2, len(x), -1)[:, np.arange(len(x)), y] + 1e-7)
