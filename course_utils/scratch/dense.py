"""The fully connected layer, and the flattening that comes before it."""

import numpy as np

__all__ = ["dense_backward", "dense_forward", "flatten_backward", "flatten_forward"]


def dense_forward(x: np.ndarray, weights: np.ndarray, bias: np.ndarray | None = None) -> np.ndarray:
    """Each unit adds up all inputs, each times its weight, and its bias.

    Args:
        x: shape (batch, inputs), float.
        weights: shape (inputs, units).
        bias: shape (units,), or None.

    Returns:
        Shape (batch, units), in the dtype of the input.

    Raises:
        ValueError: shapes do not fit together.
    """
    _check(x, weights)
    output = x @ weights
    return output if bias is None else output + bias


def dense_backward(
    gradient: np.ndarray, x: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The backward pass: how the loss changes with the input, the weights and the bias.

    Args:
        gradient: of the loss with respect to the output, shape (batch, units).
        x: the input of the forward pass.
        weights: the weights of the forward pass.

    Returns:
        Gradients with respect to x, weights and bias, in their shapes; the last two are summed over the batch.

    Raises:
        ValueError: shapes do not fit together.
    """
    _check(x, weights)
    expected = (x.shape[0], weights.shape[1])
    if gradient.shape != expected:
        raise ValueError(f"Expected a gradient in the shape of the output, {expected}. Received: {gradient.shape}.")
    return gradient @ weights.T, x.T @ gradient, gradient.sum(axis=0)


def flatten_forward(x: np.ndarray) -> np.ndarray:
    """Each image as one row of numbers: shape (batch, ...) to (batch, all the rest). Nothing is computed."""
    return x.reshape(x.shape[0], -1)


def flatten_backward(gradient: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The same numbers in the shape of the input.

    Args:
        gradient: shape (batch, all the rest).
        x: the input of the forward pass; only its shape is used.

    Returns:
        The gradient with respect to x, in its shape.
    """
    return gradient.reshape(x.shape)


def _check(x: np.ndarray, weights: np.ndarray) -> None:
    if x.ndim != 2:
        raise ValueError(f"Expected input of shape (batch, inputs). Received: {x.shape}. Flatten images first.")
    if weights.ndim != 2 or weights.shape[0] != x.shape[1]:
        raise ValueError(f"Expected weights of shape ({x.shape[1]}, units). Received: {weights.shape}.")
