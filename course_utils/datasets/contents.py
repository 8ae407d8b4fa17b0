"""What a stored file must hold to be a data set: the check between reading and using it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_utils.datasets.benchmarks import Benchmark
from course_utils.datasets.storage import Contents

__all__ = ["Checked", "check"]


@dataclass(frozen=True)
class Checked:
    """Arrays in the form of the course.

    Attributes:
        splits: "train", "test" and perhaps "validation" -> images, uint8 (n, height, width, channels), and labels,
            int64 (n,).
        class_names: class_names[label].
    """

    splits: dict[str, tuple[np.ndarray, np.ndarray]]
    class_names: tuple[str, ...]


def check(contents: Contents, benchmark: Benchmark | None) -> Checked:
    """Bring stored arrays into the form of the course.

    Args:
        contents: as `storage.read` gives it.
        benchmark: what the arrays must agree with; None for the user's own images.

    Raises:
        ValueError: a shape, a type, a label or a class name breaks a rule; the message names it.
    """
    splits = {}
    for split in ("train", "validation", "test"):
        if f"x_{split}" in contents.arrays:
            if f"y_{split}" not in contents.arrays:
                raise ValueError(f"y_{split} is missing")
            splits[split] = _pair(contents.arrays[f"x_{split}"], contents.arrays[f"y_{split}"], split)
    shapes = {x.shape[1:] for x, _ in splits.values()}
    if len(shapes) > 1:
        raise ValueError(f"the splits hold images of different shapes: {sorted(shapes)}")
    class_names = _class_names(contents, benchmark, highest=max(int(y.max()) for _, y in splits.values()))
    if benchmark:
        _compare(splits, benchmark)
    return Checked(splits, class_names)


def _pair(x: np.ndarray, y: np.ndarray, split: str) -> tuple[np.ndarray, np.ndarray]:
    if x.dtype != np.uint8 or x.ndim not in (3, 4) or (x.ndim == 4 and x.shape[3] not in (1, 3)) or 0 in x.shape:
        raise ValueError(f"x_{split} must be uint8 (n, height, width, 1 or 3), received {x.dtype} {x.shape}")
    if x.ndim == 3:
        x = x[..., None]
    if y.dtype.kind not in "iu" or y.shape not in ((len(x),), (len(x), 1)):
        raise ValueError(f"y_{split} must be integers of shape ({len(x)},), received {y.dtype} {y.shape}")
    if int(y.min()) < 0:
        raise ValueError(f"y_{split} holds a negative label")
    return x, y.reshape(-1).astype(np.int64)


def _class_names(contents: Contents, benchmark: Benchmark | None, highest: int) -> tuple[str, ...]:
    """The names stored, else the benchmark's, else the labels themselves."""
    stored = contents.arrays.get("class_names")
    if stored is None:
        names = benchmark.class_names if benchmark else tuple(str(label) for label in range(min(highest, 9999) + 1))
    elif stored.dtype.kind != "U" or stored.ndim != 1:
        raise ValueError(f"class_names must be text of shape (classes,), received {stored.dtype} {stored.shape}")
    else:
        names = tuple(str(name) for name in stored)
    if benchmark and names != benchmark.class_names:
        raise ValueError(f"its classes are not those of {benchmark.name}")
    if highest >= len(names):
        raise ValueError(f"a label is {highest}, but there are {len(names)} classes")
    return names


def _compare(splits: dict[str, tuple[np.ndarray, np.ndarray]], benchmark: Benchmark) -> None:
    received = {split: x.shape for split, (x, _) in splits.items()}
    amounts = {"train": benchmark.n_train, "validation": benchmark.n_validation, "test": benchmark.n_test}
    expected = {split: (amount, *benchmark.shape) for split, amount in amounts.items() if amount}
    if received != expected:
        raise ValueError(f"{benchmark.name} has images of shapes {expected}, received {received}")
