"""How much disturbance does a model stand? Worn images, and images changed on purpose to fool it.

All functions are written out in lesson 10.
"""

import keras
import numpy as np
import tensorflow as tf
from scipy import ndimage

__all__ = ["STRENGTHS", "corrupt", "fgsm", "jpeg", "loss_gradient", "pgd"]

# Kind of disturbance to its five strengths. Chosen so that a person still names most shapes at the strongest.
STRENGTHS = {
    "noise": (8, 16, 24, 36, 48),  # standard deviation, grey levels
    "blur": (0.4, 0.7, 1.0, 1.4, 1.8),  # standard deviation, pixels
    "contrast": (0.7, 0.5, 0.35, 0.2, 0.1),  # share that is left
    "shift": (1, 2, 3, 4, 6),  # pixels to the right and down
    "rotation": (10, 20, 30, 45, 60),  # degrees
    "compression": (60, 30, 15, 8, 4),  # JPEG quality
}


def jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    """An image after it was stored as JPEG and read again.

    Args:
        image: uint8, shape (height, width, channels) with 1 or 3 channels.
        quality: 1 to 100; lower means smaller files.

    Returns:
        The image, uint8, of the same shape.
    """
    return tf.io.decode_jpeg(tf.io.encode_jpeg(image, quality=quality)).numpy()


def corrupt(images: np.ndarray, kind: str, strength: int, seed: int = 0) -> np.ndarray:
    """Disturb images in one of six ways.

    Source: the idea of kinds at five strengths is that of Hendrycks and Dietterich 2019, Benchmarking Neural Network
    Robustness to Common Corruptions and Perturbations; the strengths here are our own, for small images.

    Args:
        images: uint8, shape (n, height, width, channels).
        kind: "noise", "blur", "contrast", "shift", "rotation" or "compression".
        strength: 1, the weakest, to 5.
        seed: fixes the noise.

    Returns:
        New images, uint8, of the same shape.

    Raises:
        KeyError: there is no such kind.
        IndexError: the strength is above 5.
    """
    value, x = STRENGTHS[kind][strength - 1], images.astype("float32")
    if kind == "noise":
        x = x + np.random.default_rng(seed).normal(0, value, x.shape)
    elif kind == "blur":
        x = ndimage.gaussian_filter(x, (0, value, value, 0))
    elif kind == "contrast":
        mean = x.mean(axis=(1, 2, 3), keepdims=True)
        x = mean + value * (x - mean)
    elif kind == "shift":
        x = ndimage.shift(x, (0, value, value, 0), order=1, mode="nearest")
    elif kind == "rotation":
        x = ndimage.rotate(x, value, (2, 1), reshape=False, order=1, mode="nearest")
    else:
        x = np.stack([jpeg(image, value) for image in images])
    return np.clip(np.round(x), 0, 255).astype("uint8")


def loss_gradient(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How the loss of each image changes with each pixel value.

    Args:
        model: takes images with values from 0 to 255 and gives logits, shape (n, classes).
        images: float32, shape (n, height, width, channels).
        labels: integers of shape (n,).

    Returns:
        The gradients, float32, of the images' shape.
    """
    pixels = tf.convert_to_tensor(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        logits = model(pixels)
        loss = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tape.gradient(loss, pixels).numpy()


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
