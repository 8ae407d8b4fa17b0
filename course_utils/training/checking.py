"""What `fit_fast` accepts, and what it says otherwise."""

import numpy as np

__all__ = ["check_request"]

SIDES, IMAGES, CLASSES = (8, 96), (100, 100_000), (2, 100)


def check_request(x: np.ndarray, y: np.ndarray, seconds: float | None, epochs: float | None) -> None:
    """Refuse images, labels and budgets that training cannot use.

    Raises:
        TypeError: the images are not uint8, or the labels no integers.
        ValueError: shapes, numbers or the budget are outside what `fit_fast` describes.
    """
    _check_images(x)
    _check_labels(y, len(x))
    if (seconds is None) == (epochs is None):
        raise ValueError(
            f"Exactly one of seconds and epochs is needed. Received: seconds={seconds}, epochs={epochs}. "
            "Write for example fit_fast(x, y, seconds=60)."
        )
    name, amount = ("epochs", epochs) if seconds is None else ("seconds", seconds)
    if not 0 < amount < float("inf"):
        raise ValueError(f"{name} must be a positive number. Received: {amount}. Write for example {name}=1.")


def _check_images(x: np.ndarray) -> None:
    if not isinstance(x, np.ndarray) or x.dtype != np.uint8:
        raise TypeError(
            f"Images must be a NumPy array of type uint8, pixels from 0 to 255. Received: "
            f"{getattr(x, 'dtype', type(x).__name__)}. For floats from 0 to 1: (255 * x).round().astype(np.uint8)."
        )
    if x.ndim != 4 or x.shape[3] not in (1, 3):
        raise ValueError(
            f"Images must have the shape (n, height, width, channels) with 1 or 3 channels. Received: {x.shape}. "
            "Grey images get their channel by x[..., np.newaxis]."
        )
    if not all(SIDES[0] <= side <= SIDES[1] for side in x.shape[1:3]):
        raise ValueError(
            f"Images must be {SIDES[0]}x{SIDES[0]} to {SIDES[1]}x{SIDES[1]} pixels. "
            f"Received: {x.shape[1]}x{x.shape[2]}. Resize them, for example with keras.ops.image.resize."
        )
    if not IMAGES[0] <= len(x) <= IMAGES[1]:
        raise ValueError(
            f"From {IMAGES[0]:,} to {IMAGES[1]:,} images can be trained on. Received: {len(x):,}. "
            "With fewer, use a model that is trained already; with more, take a part of them."
        )


def _check_labels(y: np.ndarray, images: int) -> None:
    if not isinstance(y, np.ndarray) or not np.issubdtype(y.dtype, np.integer):
        raise TypeError(
            f"Labels must be a NumPy array of integers. Received: {getattr(y, 'dtype', type(y).__name__)}. "
            "Names become integers by np.unique(names, return_inverse=True)[1]."
        )
    if y.shape != (images,):
        raise ValueError(
            f"There must be one label for each image, shape ({images},). Received: {y.shape}. "
            "One-hot labels become integers by y.argmax(axis=1)."
        )
    if y.min() < 0 or not CLASSES[0] <= y.max() + 1 <= CLASSES[1]:
        raise ValueError(
            f"Classes are counted from 0, and there are {CLASSES[0]} to {CLASSES[1]}. "
            f"Received: labels from {y.min()} to {y.max()}. np.unique(y, return_inverse=True)[1] counts them anew."
        )
