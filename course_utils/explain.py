"""Where does a model look? Maps that say how much each pixel matters for one score of one image.

Lesson 09 writes Grad-CAM, occlusion and saliency out. All four take any Keras model that gives one score a class. Give
them logits where you can: a probability near 1 has a gradient near 0. All images go through the model at once, so hand
over a few hundred at a time.
"""

import keras
import numpy as np
import tensorflow as tf

__all__ = ["grad_cam", "input_gradients", "integrated_gradients", "occlusion", "saliency"]


def input_gradients(model: keras.Model, images: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """How the score of a class changes with each pixel value.

    Args:
        model: takes images and gives scores, shape (n, classes).
        images: shape (n, height, width, channels), values as the model expects them.
        classes: the class asked about, one an image, integers of shape (n,).

    Returns:
        The gradients, float32, of the images' shape: score per step of the pixel's unit.
    """
    pixels = tf.convert_to_tensor(images, dtype="float32")
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        scores = tf.gather(model(pixels), classes, batch_dims=1)  # (n,)
    return tape.gradient(scores, pixels).numpy()


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
    return np.abs(input_gradients(model, images, classes)).max(axis=-1)


def integrated_gradients(
    model: keras.Model, images: np.ndarray, classes: np.ndarray, baseline: float = 127.5, steps: int = 20
) -> np.ndarray:
    """The score's difference from a blank image, shared out among the pixels.

    Source: Sundararajan, Taly and Yan 2017, Axiomatic Attribution for Deep Networks, section 3, with the midpoint rule.

    Args:
        model: takes images and gives scores, shape (n, classes).
        images: shape (n, height, width, channels).
        classes: the class asked about, integers of shape (n,).
        baseline: the value of every pixel of the blank image.
        steps: points on the straight way from the blank image to the image.

    Returns:
        Maps of shape (n, height, width), float32, positive where a pixel speaks for the class. The sum over a map
        approaches the score of the image minus that of the blank one as `steps` grows.
    """
    way = images.astype("float32") - baseline
    total = np.zeros_like(way)
    for step in range(steps):
        part = (step + 0.5) / steps
        total += input_gradients(model, baseline + part * way, classes)
    return (way * total / steps).sum(axis=-1)


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


def grad_cam(model: keras.Model, images: np.ndarray, classes: np.ndarray, layer: str) -> np.ndarray:
    """The feature maps of a layer, added up with their mean gradients as weights; what speaks against is cut off.

    Source: Selvaraju and others 2017, Grad-CAM, equations 1 and 2.

    Args:
        model: takes images and gives scores, shape (n, classes).
        images: shape (n, height, width, channels).
        classes: the class asked about, integers of shape (n,).
        layer: the name of a layer that gives feature maps, best the last convolution.

    Returns:
        Maps of shape (n, height, width), float32, never negative, enlarged from the layer's size.

    Raises:
        ValueError: the model has no layer of this name.
    """
    copy = keras.models.clone_model(model)  # a layer added later may be connected twice
    copy.set_weights(model.get_weights())
    inner = keras.Model(copy.inputs[0], [copy.get_layer(layer).output, copy.outputs[0]])
    pixels = tf.convert_to_tensor(images, dtype="float32")
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        maps, scores = inner(pixels)  # (n, rows, columns, channels), (n, classes)
        chosen = tf.gather(scores, classes, batch_dims=1)
    weights = tf.reduce_mean(tape.gradient(chosen, maps), axis=(1, 2), keepdims=True)
    heat = tf.nn.relu(tf.reduce_sum(weights * maps, axis=-1, keepdims=True))
    return tf.image.resize(heat, images.shape[1:3]).numpy()[..., 0]
