"""The handwritten digits inside scikit-learn."""

from __future__ import annotations

import numpy as np

from course_utils.datasets.splitting import stratified_split

__all__ = ["CLASS_NAMES", "read_digits"]

CLASS_NAMES = tuple("0123456789")
_TEST = 360  # a fifth of the 1,797 images


def read_digits() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Training and test images: split -> images, uint8 (n, 8, 8, 1), and labels, int64 (n,).

    The split is the same at every call: a model may not see tomorrow what it is tested on today.
    """
    from sklearn.datasets import load_digits  # slow to import

    bunch = load_digits()
    images = np.rint(bunch.images * (255 / 16)).astype(np.uint8)[..., None]  # values 0 to 16 become 0 to 255
    labels = bunch.target.astype(np.int64)
    train, test = stratified_split(labels, _TEST, np.random.default_rng(0))
    return {"train": (images[train], labels[train]), "test": (images[test], labels[test])}
