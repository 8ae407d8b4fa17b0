"""First filters taken from the images: they take apart what neighbouring pixels have in common."""

import numpy as np

__all__ = ["whitening_filters"]


def whitening_filters(images: np.ndarray, weights: list[np.ndarray], *, stride: int) -> list[np.ndarray]:
    """Filters along the principal directions of the images' patches, scaled so that their answers are equally large.

    Each direction comes twice, with both signs, since a ReLU keeps one side only. Filters beyond the number of
    directions stay as they were. Source: Page, "How to train your ResNet", 2018, part 8.

    Args:
        images: shape (n, height, width, channels), pixels from 0 to 255; some hundred are enough.
        weights: kernel (size, size, channels, filters) and bias (filters,) of the layer that will hold them; it
            scales pixels to -1 to 1.
        stride: pixels between two patches.

    Returns:
        A new kernel and a new bias.
    """
    kernel, bias = (array.copy() for array in weights)
    size, filters = kernel.shape[0], kernel.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))[:, ::stride, ::stride]
    patches = windows.reshape(-1, images.shape[-1] * size * size)
    patches = patches[:: max(1, len(patches) // 20_000)].astype(np.float32) / 127.5 - 1
    mean = patches.mean(axis=0)
    values, directions = np.linalg.eigh(np.cov(patches - mean, rowvar=False))
    chosen = np.argsort(values)[::-1][: (filters + 1) // 2]
    # A little is added to each variance, so that directions that hold nothing but noise are not blown up.
    whitened = directions[:, chosen] / np.sqrt(values[chosen] + 0.01 * values.mean())
    both = np.concatenate([whitened, -whitened], axis=1)[:, :filters].astype(np.float32)
    kernel[..., : both.shape[1]] = both.reshape(images.shape[-1], size, size, -1).transpose(1, 2, 0, 3)
    bias[: both.shape[1]] = -mean @ both
    return [kernel, bias]
