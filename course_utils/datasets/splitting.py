"""Stratified choices: every part keeps the classes in the proportions of the whole."""

from __future__ import annotations

import numpy as np

__all__ = ["default_validation", "stratified_choice", "stratified_split"]


def default_validation(labels: np.ndarray) -> int:
    """How many training images are held out for validation: a tenth, at most 5,000, at least one a class.

    5,000 is what the benchmarks need: the accuracy of 5,000 images is known to about one point (two standard errors
    at an accuracy of 0.8), and 45,000 or 55,000 stay for training.

    Args:
        labels: the training labels, shape (n,).
    """
    return max(len(np.unique(labels)), min(5000, len(labels) // 10))


def stratified_choice(labels: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `count` indices in which each class has its share, to within one image.

    The shares are rounded by the largest remainder; ties go to classes by chance.

    Args:
        labels: integer labels, shape (n,).
        count: how many to draw, 0 to n.
        rng: what decides which.

    Returns:
        Distinct indices into labels, int64, shape (count,), in random order.

    Raises:
        ValueError: count is not between 0 and n.
    """
    if not 0 <= count <= len(labels):
        raise ValueError(f"Expected a number of images from 0 to {len(labels)}. Received: {count}.")
    classes, position, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    shares = sizes * count / max(len(labels), 1)
    wanted = np.floor(shares).astype(np.int64)
    order = np.lexsort((rng.random(len(classes)), wanted - shares))  # largest remainder first, then by chance
    wanted[order[: count - wanted.sum()]] += 1

    shuffled = rng.permutation(len(labels))
    by_class = shuffled[np.argsort(position[shuffled], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(labels)) - np.repeat(starts, sizes)
    chosen = by_class[rank < np.repeat(wanted, sizes)]
    return rng.permutation(chosen)


def stratified_split(labels: np.ndarray, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Split indices in two stratified parts.

    Args:
        labels: integer labels, shape (n,).
        count: the size of the second part.
        rng: what decides.

    Returns:
        (rest, chosen): distinct indices, together all of 0 to n - 1; rest is in rising order, chosen in random order.
    """
    chosen = stratified_choice(labels, count, rng)
    is_rest = np.ones(len(labels), dtype=bool)
    is_rest[chosen] = False
    return np.flatnonzero(is_rest), chosen
