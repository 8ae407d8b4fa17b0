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


def stratified_choice(labels: np.ndarray, count: int, rng: np.random.Generator, *, keep: int = 0) -> np.ndarray:
    """Draw `count` indices in which each class has its share, to within one image, and at least one image.

    The shares are rounded by the largest remainder; ties go to classes by chance. Where a class would get none, it
    gets one of those that have more than their share. With fewer images than classes, some classes get none.

    Args:
        labels: integer labels, shape (n,).
        count: how many to draw, 0 to n.
        rng: what decides which.
        keep: so many images of each class are not drawn, where the numbers allow.

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
    most = np.maximum(sizes - keep, 0)
    least = np.minimum(1, most)
    if least.sum() <= count <= most.sum():
        wanted = _within(wanted, least, most, shares)

    shuffled = rng.permutation(len(labels))
    by_class = shuffled[np.argsort(position[shuffled], kind="stable")]
    starts = np.cumsum(sizes) - sizes
    rank = np.arange(len(labels)) - np.repeat(starts, sizes)
    chosen = by_class[rank < np.repeat(wanted, sizes)]
    return rng.permutation(chosen)


def stratified_split(labels: np.ndarray, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Split indices in two stratified parts.

    Where the numbers allow, a class of two or more images is in both.

    Args:
        labels: integer labels, shape (n,).
        count: the size of the second part.
        rng: what decides.

    Returns:
        (rest, chosen): distinct indices, together all of 0 to n - 1; rest is in rising order, chosen in random order.
    """
    chosen = stratified_choice(labels, count, rng, keep=1)
    return np.setdiff1d(np.arange(len(labels)), chosen), chosen


def _within(wanted: np.ndarray, least: np.ndarray, most: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The same sum with each number within its bounds; what is moved goes where it is farthest from its share."""
    moved = np.clip(wanted, least, most)
    while moved.sum() > wanted.sum():
        moved[np.argmax(np.where(moved > least, moved - shares, -np.inf))] -= 1
    while moved.sum() < wanted.sum():
        moved[np.argmin(np.where(moved < most, moved - shares, np.inf))] += 1
    return moved
