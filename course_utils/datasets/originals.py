"""Readers of the benchmarks' original binary files; none of them unpickles."""

from __future__ import annotations

import gzip
import math
import re
import struct
import tarfile
from pathlib import Path

import numpy as np

from course_utils.datasets.archives import files
from course_utils.datasets.benchmarks import Benchmark
from course_utils.datasets.pictures import decode

__all__ = ["parse_cifar", "parse_idx", "read_original"]

_IDX_BYTES = 0x08  # the type code of unsigned bytes, the only type that the MNIST files use


def parse_idx(data: bytes) -> np.ndarray:
    """Read unsigned bytes in the IDX form of MNIST.

    Source: the form is described on the MNIST page (LeCun, Cortes, Burges): two zero bytes, the type, the number of
    dimensions, each dimension as a big-endian 32-bit number, then the values in row-major order.

    Args:
        data: the whole uncompressed file.

    Returns:
        A writable uint8 array of the shape that the header names.

    Raises:
        ValueError: this is no IDX file of unsigned bytes, or its length does not fit its header.
    """
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != _IDX_BYTES:
        raise ValueError(f"Expected an IDX file of unsigned bytes (00 00 08). Received: {data[:4].hex(' ')}.")
    start = 4 + 4 * data[3]
    if len(data) < start:
        raise ValueError(f"Expected an IDX header of {start} bytes. Received: {len(data)}.")
    shape = struct.unpack(f">{data[3]}I", data[4:start])
    if len(data) - start != math.prod(shape):
        raise ValueError(f"Expected {math.prod(shape)} bytes for shape {shape}. Received: {len(data) - start}.")
    return np.frombuffer(data, dtype=np.uint8, offset=start).reshape(shape).copy()


def parse_cifar(data: bytes, *, label_bytes: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Read records of the CIFAR binary version.

    Source: the CIFAR page (Krizhevsky): for each image its label or labels, a byte each, then 1,024 red, 1,024 green
    and 1,024 blue values in row-major order.

    Args:
        data: a whole file.
        label_bytes: 1 for CIFAR-10; 2 for CIFAR-100 (coarse, then fine).

    Returns:
        Images, uint8 (n, 32, 32, 3), and labels, uint8 (n,), the last label of each record.

    Raises:
        ValueError: the length is not a whole number of records.
    """
    record = label_bytes + 3072
    if not data or len(data) % record:
        raise ValueError(f"Expected whole records of {record} bytes. Received: {len(data)} bytes.")
    records = np.frombuffer(data, dtype=np.uint8).reshape(-1, record)
    pixels = records[:, label_bytes:].reshape(-1, 3, 32, 32)
    return np.ascontiguousarray(pixels.transpose(0, 2, 3, 1)), records[:, label_bytes - 1].copy()


def read_original(benchmark: Benchmark, paths: dict[str, Path]) -> dict[str, np.ndarray]:
    """Read a benchmark's files, whose checksums have been compared, into x_train, y_train, x_test, y_test, and for
    "flowers" x_validation, y_validation.

    Args:
        benchmark: which one.
        paths: name of an original file -> where it is.

    Raises:
        ValueError, OSError, EOFError, KeyError: a file is not what it should be.
    """
    if benchmark.form == "idx":
        names = ("x_train", "y_train", "x_test", "y_test")
        return {name: _read_idx(paths[file]) for name, file in zip(names, benchmark.files, strict=True)}
    if benchmark.form == "flowers":
        return _read_flowers(benchmark, *(paths[file] for file in benchmark.files))
    [(file, path)] = paths.items()
    batches = {"train": [], "test": []}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            stem = Path(member.name).stem
            split = "test" if stem.startswith("test") else "train"
            if member.isfile() and member.name.endswith(".bin"):
                batches[split].append((stem, parse_cifar(_read(archive, member), label_bytes=benchmark.label_bytes)))
    if not all(batches.values()):
        raise ValueError(f"{file} does not hold both training and test images")
    arrays = {}
    for split, found in batches.items():
        in_order = [pair for _, pair in sorted(found, key=lambda item: item[0])]
        arrays[f"x_{split}"] = np.concatenate([x for x, _ in in_order])
        arrays[f"y_{split}"] = np.concatenate([y for _, y in in_order])
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
    for name, content in files(photographs, progress=False):
        place = places.pop(int(re.search(r"(\d+)\.jpg$", name)[1]), None) if name.endswith(".jpg") else None
        if content and place:
            array, index = place
            arrays[array][index] = decode(content.read(), benchmark.shape[:2]).pixels
    if places:
        raise ValueError(f"{photographs.name} lacks {len(places)} photographs, the first is number {min(places)}")
    return arrays


def _read_idx(path: Path) -> np.ndarray:
    with gzip.open(path) as file:
        array = parse_idx(file.read())
    return array[..., None] if array.ndim == 3 else array


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""
