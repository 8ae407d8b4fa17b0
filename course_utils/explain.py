"""Where does a model look? A map that says how much each part of an image matters for one score; see lesson 09."""

import keras
import numpy as np

__all__ = ["occlusion"]

GREY = 127.5  # what covers


def occlusion(model: keras.Model, images: np.ndarray, classes: np.ndarray, *, side: int, stride: int) -> np.ndarray:
    """How far the score falls when a grey square covers a part of the image.

    All images go through the model at once, so hand over a few hundred at a time.
    Source: Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks, section 4.2.

    Args:
        model: takes images and gives scores, shape (n, classes).
        images: shape (n, height, width, channels).
        classes: the class asked about, integers of shape (n,).
        side: of the square, in pixels.
        stride: from one position of the square to the next, in pixels.

    Returns:
        Maps of shape (n, height, width): the mean fall over all squares that cover a pixel; 0 where none does.
    """
    rows = np.arange(len(images))
    score = np.asarray(model(images))[rows, classes]
    total, times = np.zeros((2, *images.shape[:3]))
    for top in range(0, images.shape[1] - side + 1, stride):
        for left in range(0, images.shape[2] - side + 1, stride):
            square = np.s_[:, top : top + side, left : left + side]
            covered = images.copy()
            covered[square] = GREY
            fall = score - np.asarray(model(covered))[rows, classes]
            total[square] += fall[:, None, None]
            times[square] += 1
    return total / np.maximum(times, 1)
