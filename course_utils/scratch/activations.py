"""Activation functions: without one between them, two layers are no more than one.

Every function takes an array x of any shape and returns an array of that shape, in its dtype. Every `_backward` takes
the gradient of the loss with respect to the output, and the same x, and returns the gradient with respect to x.
"""

import numpy as np

__all__ = [
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_backward",
]


def relu(x: np.ndarray) -> np.ndarray:
    """Negative values become 0, the others stay."""
    return np.maximum(x, 0)


def relu_backward(gradient: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The slope is 1 where x is positive and 0 elsewhere; at 0 itself it is taken to be 0, as in TensorFlow."""
    return gradient * (x > 0)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)): from 0 to 1. Only exponentials of negative numbers are taken, so nothing overflows."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def sigmoid_backward(gradient: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The slope is s * (1 - s): at most 1/4, at x = 0."""
    output = sigmoid(x)
    return gradient * output * (1 - output)


def tanh(x: np.ndarray) -> np.ndarray:
    """The hyperbolic tangent: from -1 to 1; it is 2 * sigmoid(2 x) - 1."""
    return np.tanh(x)


def tanh_backward(gradient: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The slope is 1 - tanh(x) ** 2: at most 1, at x = 0."""
    return gradient * (1 - np.tanh(x) ** 2)


def softmax(x: np.ndarray) -> np.ndarray:
    """Along the last axis: positive numbers that sum to 1, in the proportions of exp(x).

    Subtracting the largest value changes no proportion, and keeps the exponentials from overflowing.
    """
    exponentials = np.exp(x - x.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def softmax_backward(gradient: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Every output depends on every input: p_i * (g_i - sum_j g_j p_j)."""
    output = softmax(x)
    return output * (gradient - (gradient * output).sum(axis=-1, keepdims=True))
