"""How much disturbance does a model stand? Worn images, and images changed on purpose to fool it."""

import keras
import numpy as np
import tensorflow as tf
from scipy import ndimage

__all__ = ["KINDS", "corrupt", "fgsm", "loss_gradient", "pgd"]

KINDS = ("noise", "blur", "fog", "darkness")


def corrupt(photos: np.ndarray, kind: str, strength: int) -> np.ndarray:
    """Wear photographs in one of four ways, as a bad lens, bad weather or bad light does.

    Source: the idea of kinds at five strengths is that of Hendrycks and Dietterich 2019, Benchmarking Neural Network
    Robustness to Common Corruptions and Perturbations; the strengths here are our own, for about 100 pixels a side.

    Args:
        photos: uint8, shape (n, height, width, channels).
        kind: "noise", "blur", "fog" or "darkness".
        strength: 1, the weakest, to 5.

    Returns:
        New photographs, uint8, of the same shape. The noise is the same in every call with as many photographs.

    Raises:
        ValueError: there is no such kind.
    """
    x = photos.astype("float32")
    if kind == "noise":
        x = x + np.random.default_rng(0).normal(0, 15 * strength, x.shape)
    elif kind == "blur":
        x = ndimage.gaussian_filter(x, (0, 0.5 * strength, 0.5 * strength, 0))
    elif kind == "fog":
        x = x + 0.16 * strength * (220 - x)  # towards a light grey
    elif kind == "darkness":
        x = x * (1 - 0.18 * strength)  # nearer to black
    else:
        raise ValueError(f"Expected noise, blur, fog or darkness. Received: {kind}.")
    return np.clip(x, 0, 255).round().astype("uint8")


def loss_gradient(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How the loss of each image changes with each pixel value.

    Args:
        model: takes images with values from 0 to 255 and gives logits, shape (n, classes).
        images: float32, shape (n, height, width, channels).
        labels: integers of shape (n,).

    Returns:
        The gradients, float32, of the images' shape.
    """
    return _compiled_gradient(model, tf.convert_to_tensor(images), tf.convert_to_tensor(labels)).numpy()


@tf.function(reduce_retracing=True)  # once a model: an attack asks for it in every step
def _compiled_gradient(model: keras.Model, pixels: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        loss = keras.losses.sparse_categorical_crossentropy(labels, model(pixels), from_logits=True)
    return tape.gradient(loss, pixels)


def fgsm(model: keras.Model, images: np.ndarray, labels: np.ndarray, epsilon: float) -> np.ndarray:
    """Change every pixel by epsilon in the direction that raises the loss.

    Source: Goodfellow, Shlens and Szegedy 2015, Explaining and Harnessing Adversarial Examples, section 4.

    Args:
        model: takes images with values from 0 to 255 and gives logits, shape (n, classes).
        images: shape (n, height, width, channels), values from 0 to 255.
        labels: the right classes, integers of shape (n,).
        epsilon: grey levels, 0 to 255.

    Returns:
        Changed images, float32, no pixel further than epsilon from the original, all from 0 to 255.
    """
    images = images.astype("float32")
    return np.clip(images + epsilon * np.sign(loss_gradient(model, images, labels)), 0, 255)


def pgd(
    model: keras.Model, images: np.ndarray, labels: np.ndarray, epsilon: float, steps: int = 10, seed: int = 0
) -> np.ndarray:
    """Several small FGSM steps from a random start, each brought back to within epsilon of the image.

    Source: Madry and others 2018, Towards Deep Learning Models Resistant to Adversarial Attacks, section 2.1.

    Args:
        model: takes images with values from 0 to 255 and gives logits, shape (n, classes).
        images: shape (n, height, width, channels), values from 0 to 255.
        labels: the right classes, integers of shape (n,).
        epsilon: grey levels, 0 to 255.
        steps: how many; each is 2.5 epsilon / steps long, so that every point within reach can be reached.
        seed: fixes the random start.

    Returns:
        Changed images, float32, no pixel further than epsilon from the original, all from 0 to 255.
    """
    images = images.astype("float32")
    start = np.random.default_rng(seed).uniform(-epsilon, epsilon, images.shape)
    changed = np.clip(images + start.astype("float32"), 0, 255)
    for _ in range(steps):
        changed = fgsm(model, changed, labels, 2.5 * epsilon / steps)
        changed = np.clip(changed, images - epsilon, images + epsilon)
    return changed
