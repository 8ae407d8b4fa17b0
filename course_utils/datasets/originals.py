"""Readers of the benchmarks' original binary files, whose checksums have been compared; none of them unpickles."""

from __future__ import annotations

import gzip
import re
import struct
from pathlib import Path

import numpy as np

from course_utils.datasets.archives import files
from course_utils.datasets.benchmarks import Benchmark
from course_utils.datasets.pictures import decode

__all__ = ["parse_cifar", "parse_idx", "read_original"]


def parse_idx(data: bytes) -> np.ndarray:
    """Read unsigned bytes in the IDX form of MNIST.

    Source: the form is described on the MNIST page (LeCun, Cortes, Burges): two zero bytes, the type, the number of
    dimensions, each dimension as a big-endian 32-bit number, then the values in row-major order.

    Args:
        data: the whole uncompressed file.

    Returns:
        A writable uint8 array of the shape that the header names.
    """
    start = 4 + 4 * data[3]
    return np.frombuffer(data, np.uint8, offset=start).reshape(struct.unpack(f">{data[3]}I", data[4:start])).copy()


def parse_cifar(data: bytes, *, label_bytes: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Read records of the CIFAR binary version.

    Source: the CIFAR page (Krizhevsky): for each image its label or labels, a byte each, then 1,024 red, 1,024 green
    and 1,024 blue values in row-major order.

    Args:
        data: a whole file.
        label_bytes: 1 for CIFAR-10; 2 for CIFAR-100 (coarse, then fine).

    Returns:
        Images, uint8 (n, 32, 32, 3), and labels, uint8 (n,), the last label of each record.
    """
    records = np.frombuffer(data, np.uint8).reshape(-1, label_bytes + 3072)
    pixels = records[:, label_bytes:].reshape(-1, 3, 32, 32)
    return np.ascontiguousarray(pixels.transpose(0, 2, 3, 1)), records[:, label_bytes - 1].copy()


def read_original(benchmark: Benchmark, paths: dict[str, Path]) -> dict[str, np.ndarray]:
    """Read a benchmark's files into x_train, y_train, x_test, y_test, and for "flowers" x_validation, y_validation.

    Args:
        benchmark: which one.
        paths: name of an original file -> where it is.

    Raises:
        Exception: a file is not what it should be; the libraries that read it have many kinds of error.
    """
    in_order = [paths[file] for file in benchmark.files]
    if benchmark.form == "idx":
        arrays = [parse_idx(gzip.decompress(path.read_bytes())) for path in in_order]
        x_train, y_train, x_test, y_test = arrays
        return {"x_train": x_train[..., None], "y_train": y_train, "x_test": x_test[..., None], "y_test": y_test}
    return _read_flowers(benchmark, *in_order) if benchmark.form == "flowers" else _read_cifar(benchmark, *in_order)


def _read_cifar(benchmark: Benchmark, path: Path) -> dict[str, np.ndarray]:
    """The batches of a split in the order of their names."""
    members = sorted((Path(name).name, content) for name, content in files(path) if name.endswith(".bin"))
    arrays = {}
    for split, prefixes in {"train": ("data", "train"), "test": ("test",)}.items():
        chosen = [content for name, content in members if name.startswith(prefixes)]
        batches = [parse_cifar(content, label_bytes=benchmark.label_bytes) for content in chosen]
        arrays[f"x_{split}"], arrays[f"y_{split}"] = map(np.concatenate, zip(*batches, strict=True))
    return arrays


def _read_flowers(benchmark: Benchmark, photographs: Path, labels: Path, splits: Path) -> dict[str, np.ndarray]:
    """Photographs jpg/image_00001.jpg on, each cut to its middle square; labels from 1 on; numbers of each split."""
    from scipy.io import loadmat  # slow to import

    kind = loadmat(labels)["labels"].ravel().astype(np.int64)
    numbers = loadmat(splits)
    arrays, places = {}, {}
    for split, key in {"train": "trnid", "validation": "valid", "test": "tstid"}.items():
        chosen = numbers[key].ravel().astype(np.int64)
        arrays[f"x_{split}"] = np.empty((len(chosen), *benchmark.shape), np.uint8)
        arrays[f"y_{split}"] = kind[chosen - 1] - 1
        places |= {int(number): (f"x_{split}", place) for place, number in enumerate(chosen)}
    for name, content in files(photographs):
        number = re.search(r"(\d+)\.jpg$", name)
        if number and int(number[1]) in places:
            array, index = places.pop(int(number[1]))
            arrays[array][index] = decode(content, benchmark.shape[0]).pixels
    if places:
        raise ValueError(f"{photographs.name} lacks {len(places)} photographs, the first is number {min(places)}")
    return arrays
