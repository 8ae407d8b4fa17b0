"""What an error would be with more pictures, weights or steps, if it goes on as it went: a line and its band."""

from collections.abc import Sequence

import numpy as np

__all__ = ["forecast", "line"]


def line(amounts: Sequence[float], errors: Sequence[float]) -> tuple[float, float]:
    """The straight line through measured errors on logarithmic axes: error = exp(height) * amount**slope.

    Args:
        amounts: of pictures, weights or steps, above 0, shape (n,).
        errors: measured at these amounts, above 0, shape (n,).

    Returns:
        (slope, height).
    """
    slope, height = np.polyfit(np.log(amounts), np.log(errors), 1)
    return float(slope), float(height)


def forecast(amounts: Sequence[float], errors: Sequence[float], at: float) -> tuple[float, float, float]:
    """A straight line through measured errors on logarithmic axes, read off at another amount.

    Args:
        amounts: of pictures, weights or steps, above 0, shape (n,); at least three.
        errors: measured at these amounts, above 0, shape (n,).
        at: the amount to forecast the error for.

    Returns:
        (forecast, low, high): the error on the line, and the ends of the band in which one more such measurement lies
        with 95 % probability if the line goes on and the points scatter about it as before (Student's t, n - 2).

    Example:
        >>> [round(value, 3) for value in forecast([1, 10, 100], [0.4, 0.2, 0.1], 1000)]
        [0.05, 0.05, 0.05]
    """
    from scipy.special import stdtrit

    x, y = np.log(amounts), np.log(errors)
    slope, height = line(amounts, errors)
    left = y - (slope * x + height)
    variance = np.sum(left**2) / (len(x) - 2)
    away = np.log(at) - x.mean()
    spread = np.sqrt(variance * (1 + 1 / len(x) + away**2 / np.sum((x - x.mean()) ** 2)))
    middle = slope * np.log(at) + height
    wide = stdtrit(len(x) - 2, 0.975) * spread
    return tuple(float(np.exp(value)) for value in (middle, middle - wide, middle + wide))
