"""Is a gradient right? Compare it with the slope measured by moving each number a little."""

from collections.abc import Callable

import numpy as np

__all__ = ["numerical_gradient", "relative_error"]


def numerical_gradient(function: Callable[[np.ndarray], float], x: np.ndarray, *, step: float = 1e-5) -> np.ndarray:
    """The gradient measured by central differences: (f(x + step) - f(x - step)) / (2 step), one number at a time.

    The error of the formula shrinks with step ** 2 while rounding grows with 1 / step; 1e-5 lies between the two in
    float64. In float32 no step is good, so the work is done in float64.

    Args:
        function: takes an array in the shape of x, returns one number.
        x: where to measure, any shape.
        step: how far to move each number.

    Returns:
        The gradient, in the shape of x, float64.

    Raises:
        ValueError: the function returns more than one number, or the step is not positive.

    Example:
        >>> numerical_gradient(lambda x: (x**2).sum(), np.array([1.0, 3.0])).round(6)
        array([2., 6.])
    """
    if step <= 0:
        raise ValueError(f"Expected a positive step. Received: {step}.")
    point = np.array(x, dtype=np.float64)  # a copy: the caller's array stays as it is
    gradient = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        middle = point[index]
        point[index] = middle + step
        above = _one_number(function(point))
        point[index] = middle - step
        below = _one_number(function(point))
        point[index] = middle
        gradient[index] = (above - below) / (2 * step)
    return gradient


def relative_error(gradient: np.ndarray, expected: np.ndarray) -> float:
    """The length of the difference of two arrays, divided by the length of the longer one.

    Args:
        gradient: any shape.
        expected: the same shape.

    Returns:
        0 when they are equal, about 2 when they point in opposite directions. Below 1e-6 in float64, a gradient is
        right; above 1e-2 it is wrong.

    Raises:
        ValueError: the shapes differ.
    """
    gradient, expected = np.asarray(gradient, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if gradient.shape != expected.shape:
        raise ValueError(f"Expected two arrays of one shape. Received: {gradient.shape} and {expected.shape}.")
    longer = max(np.linalg.norm(gradient), np.linalg.norm(expected))
    return float(np.linalg.norm(gradient - expected) / longer) if longer > 0 else 0.0


def _one_number(value: float) -> float:
    if np.size(value) != 1:
        raise ValueError(f"Expected a function that returns one number. Received an array of shape {np.shape(value)}.")
    return float(np.asarray(value).item())
