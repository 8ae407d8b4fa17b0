"""Pooling: one number for each window and channel. There is nothing to learn in it."""

import numpy as np

from course_utils.scratch.convolution import image_patches, pad
from course_utils.scratch.sizes import output_size, padding_amounts

__all__ = ["average_pool_backward", "average_pool_forward", "max_pool_backward", "max_pool_forward"]


def max_pool_forward(x: np.ndarray, *, size: int = 2, stride: int | None = None, padding: str = "valid") -> np.ndarray:
    """The largest value of each window.

    Args:
        x: images, shape (batch, height, width, channels), float.
        size: height and width of the window in pixels.
        stride: pixels from one window to the next; by default, windows lie side by side.
        padding: "valid" (whole windows only) or "same" (output of size / stride, rounded up).

    Returns:
        Shape (batch, output_height, output_width, channels), in the dtype of the input.

    Raises:
        ValueError: the images have another shape, the padding another name, or the window does not fit.
    """
    # Minus infinity outside the image: the frame never wins.
    return _windows(x, size, stride, padding, outside=-np.inf).max(axis=(3, 4))


def max_pool_backward(
    gradient: np.ndarray, x: np.ndarray, *, size: int = 2, stride: int | None = None, padding: str = "valid"
) -> np.ndarray:
    """The pixel that was the largest gets the whole gradient of its window; the others get none.

    Of several equal pixels the first gets it, counted row by row.

    Args:
        gradient: of the loss with respect to the output, shape (batch, output_height, output_width, channels).
        x: the input of the forward pass.
        size: as in the forward pass.
        stride: as in the forward pass.
        padding: as in the forward pass.

    Returns:
        The gradient with respect to x, in its shape.

    Raises:
        ValueError: the gradient does not have the shape of the output.
    """
    windows = _windows(x, size, stride, padding, outside=-np.inf)
    flat = windows.reshape(*windows.shape[:3], size * size, -1)
    winner = flat.argmax(axis=3, keepdims=True)
    share = (np.arange(size * size).reshape(-1, 1) == winner).reshape(windows.shape)
    return _spread_over_windows(gradient, share.astype(x.dtype), x, size, stride, padding)


def average_pool_forward(
    x: np.ndarray, *, size: int = 2, stride: int | None = None, padding: str = "valid"
) -> np.ndarray:
    """The mean of each window, over those of its pixels that are inside the image.

    Arguments, result and errors are those of `max_pool_forward`.
    """
    sums = _windows(x, size, stride, padding, outside=0).sum(axis=(3, 4))
    return sums / _pixels_inside(x, size, stride, padding)


def average_pool_backward(
    gradient: np.ndarray, x: np.ndarray, *, size: int = 2, stride: int | None = None, padding: str = "valid"
) -> np.ndarray:
    """Every pixel of a window gets an equal share of its gradient.

    Arguments, result and errors are those of `max_pool_backward`.
    """
    share = 1 / _pixels_inside(x, size, stride, padding)
    every_pixel = np.broadcast_to(share[:, :, :, None, None], _windows(x, size, stride, padding, outside=0).shape)
    return _spread_over_windows(gradient, every_pixel, x, size, stride, padding)


def _windows(x: np.ndarray, size: int, stride: int | None, padding: str, outside: float) -> np.ndarray:
    """Every window, shape (batch, output_height, output_width, size, size, channels)."""
    if x.ndim != 4:
        raise ValueError(f"Expected images of shape (batch, height, width, channels). Received: {x.shape}.")
    if padding not in ("valid", "same"):
        raise ValueError(f'Expected padding "valid" or "same" for pooling. Received: {padding!r}.')
    stride = size if stride is None else stride
    for pixels in x.shape[1:3]:
        output_size(pixels, size, stride, padding)  # raises where the window does not fit
    return image_patches(
        pad(x, (size, size), stride=stride, padding=padding, value=outside), (size, size), stride=stride
    )


def _pixels_inside(x: np.ndarray, size: int, stride: int | None, padding: str) -> np.ndarray:
    """How many pixels of each window are inside the image: fewer than size * size at a padded edge."""
    return _windows(np.ones_like(x), size, stride, padding, outside=0).sum(axis=(3, 4))


def _spread_over_windows(
    gradient: np.ndarray, share: np.ndarray, x: np.ndarray, size: int, stride: int | None, padding: str
) -> np.ndarray:
    """Add up, for each pixel, its share of the gradient of every window that it is in."""
    batch, height, width, *_, channels = share.shape
    if gradient.shape != (batch, height, width, channels):
        raise ValueError(
            f"Expected a gradient in the shape of the output, {(batch, height, width, channels)}. "
            f"Received: {gradient.shape}."
        )
    stride = size if stride is None else stride
    padded = np.zeros_like(pad(x, (size, size), stride=stride, padding=padding))
    for i in range(size):
        for j in range(size):
            rows = slice(i, i + (height - 1) * stride + 1, stride)
            columns = slice(j, j + (width - 1) * stride + 1, stride)
            padded[:, rows, columns] += gradient * share[:, :, :, i, j]
    top, left = (padding_amounts(pixels, size, stride, padding)[0] for pixels in x.shape[1:3])
    return padded[:, top : top + x.shape[1], left : left + x.shape[2]]
