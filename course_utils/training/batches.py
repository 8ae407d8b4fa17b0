"""Batches for a training loop: which images, and where in each image its pixels are read."""

import numpy as np

from course_utils.training.recipe import Recipe

__all__ = ["Batches", "shifted"]


class Batches:
    """Draws one batch after another, without end. Every image comes once in each pass.

    Moving and mirroring is done by numbers: for each image, which rows and which columns of it are read. The pixels
    themselves are copied once, as bytes.

    Args:
        x: images, uint8, shape (n, height, width, channels).
        y: labels, int32, shape (n,).
        recipe: batch size and shift.
        seed: decides the order, and how images are moved and mirrored.

    Attributes:
        mirror: whether half the images, drawn anew in each pass, are mirrored.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, recipe: Recipe, *, seed: int) -> None:
        self._x, self._y, self._recipe = x, y, recipe
        self._rng = np.random.default_rng(seed)
        self._numbers = self._rng.permutation(len(x))
        self.mirror = False
        self.hold_out(0)

    def hold_out(self, count: int) -> np.ndarray | None:
        """Draw from now on from all images but some. Returns their numbers, always the same ones; None for none."""
        self._drawn_from = self._numbers[count:]
        self._waiting = self._numbers[:0]
        return self._numbers[:count] if count else None

    def next(self) -> tuple[np.ndarray, ...]:
        """Images (batch, height, width, channels), labels (batch,), rows (batch, height), columns (batch, width)."""
        batch = self._recipe.batch
        while len(self._waiting) < batch:  # a batch may reach from one pass into the next
            self._waiting = np.concatenate([self._waiting, self._rng.permutation(self._drawn_from)])
        chosen, self._waiting = self._waiting[:batch], self._waiting[batch:]
        shifts = self._recipe.shift
        rows, columns = (
            shifted(length, self._rng.integers(-shifts, shifts + 1, batch)) for length in self._x.shape[1:3]
        )
        if self.mirror:
            columns = np.where(self._rng.random((batch, 1)) < 0.5, columns[:, ::-1], columns)
        return self._x[chosen], self._y[chosen], rows, columns


def shifted(length: int, shifts: np.ndarray) -> np.ndarray:
    """The row (or column) numbers that move each image by some pixels, mirrored at the edge.

    Args:
        length: how many rows an image has.
        shifts: pixels for each image, shape (batch,), smaller than the length.

    Returns:
        Shape (batch, length): where each row of the moved image is read.

    Example:
        >>> shifted(4, np.array([1, -1])).tolist()
        [[1, 2, 3, 2], [1, 0, 1, 2]]
    """
    last = length - 1
    wanted = np.abs(np.arange(length, dtype=np.int32) + shifts[:, None].astype(np.int32))
    return last - np.abs(last - wanted)
