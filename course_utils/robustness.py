"""How much disturbance does a model stand? Photographs worn in four ways, each in five strengths."""

import numpy as np
from scipy import ndimage

__all__ = ["KINDS", "corrupt"]

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
