"""Where does a model look? Maps that say how much each pixel matters for one score of one image.

Lesson 09 writes both out, and Grad-CAM. They take any Keras model that gives one score a class. Give
them logits where you can: a probability near 1 has a gradient near 0. All images go through the model at once, so hand
over a few hundred at a time.
"""

import keras
import numpy as np
import tensorflow as tf

__all__ = ["occlusion", "saliency"]


def saliency(model: keras.Model, images: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """The size of the gradient at each pixel, the largest over the channels.

    Source: Simonyan, Vedaldi and Zisserman 2014, Deep Inside Convolutional Networks, section 3.

    Args:
        model: takes images and gives scores, shape (n, classes).
        images: shape (n, height, width, channels).
        classes: the class asked about, integers of shape (n,).

    Returns:
        Maps of shape (n, height, width), float32, never negative.
    """
    pixels = tf.convert_to_tensor(images, dtype="float32")
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        scores = tf.gather(model(pixels), classes, batch_dims=1)  # (n,)
    return np.abs(tape.gradient(scores, pixels).numpy()).max(axis=-1)


def occlusion(
    model: keras.Model, images: np.ndarray, classes: np.ndarray, side: int = 6, stride: int = 2, fill: float = 127.5
) -> np.ndarray:
    """How far the score falls when a square of the image is covered.

    Source: Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks, section 4.2.

    Args:
        model: takes images and gives scores, shape (n, classes).
        images: shape (n, height, width, channels).
        classes: the class asked about, integers of shape (n,).
        side: of the square, in pixels.
        stride: from one position of the square to the next, in pixels.
        fill: the value that covers.

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
            covered[square] = fill
            fall = score - np.asarray(model(covered))[rows, classes]
            total[square] += fall[:, None, None]
            times[square] += 1
    return total / np.maximum(times, 1)
