"""The benchmarks: their original files, published checksums, sizes and classes, which benchmarks.toml lists."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BENCHMARKS", "Benchmark"]


@dataclass(frozen=True)
class Benchmark:
    """What is needed to fetch a benchmark and to recognise it.

    Attributes:
        name: the name given to `datasets.load`.
        form: how the originals are written: "idx" (MNIST's), "cifar" (binary records in a tar archive) or "flowers"
            (photographs in a tar archive, labels and splits in MATLAB files).
        files: name of an original file -> its published SHA-256. For "idx": training images, training labels, test
            images, test labels, in this order; for "flowers": photographs, labels, splits.
        addresses: where the files are, tried in this order; each ends with a slash.
        shape: one image as it is stored: height, width, channels.
        n_train: number of training images.
        n_test: number of test images.
        class_names: class_names[label].
        n_validation: number of validation images; 0 where the makers held none out.
        label_bytes: for "cifar": bytes before the pixels; the last one is the label.
    """

    name: str
    form: str
    files: dict[str, str]
    addresses: tuple[str, ...]
    shape: tuple[int, int, int]
    n_train: int
    n_test: int
    class_names: tuple[str, ...]
    n_validation: int = 0
    label_bytes: int = 1


def _listed() -> dict[str, Benchmark]:
    """Name -> benchmark."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    lists = ("addresses", "shape", "class_names")
    return {
        name: Benchmark(name, **table | {key: tuple(table[key]) for key in lists}) for name, table in tables.items()
    }


BENCHMARKS = _listed()
