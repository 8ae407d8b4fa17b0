"""The stored form: one `.npz` file a data set, read without unpickling and written whole or not at all.

Members: x_train, y_train, x_test, y_test, perhaps x_validation and y_validation, class_names (text), note (text), and
record.json, which says where the arrays come from. A file with the four arrays alone, put there by hand, is as welcome.
"""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils import files
from course_utils.datasets.benchmarks import BENCHMARKS, Benchmark
from course_utils.datasets.errors import DataError, machine_error, printable, reason
from course_utils.datasets.registry import remedy, stored_path

__all__ = ["LARGEST", "Contents", "Splits", "check", "closing_line", "prepare", "read", "write"]

# A data set is held in memory, and a training run needs as much again: 8 GiB is what a computer with 16 can bear.
LARGEST = 8 * 2**30
_SPLITS = ("train", "validation", "test")
_NEEDED = {"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"}
_RECORD = "record.json"
_LEFT = ".fetch-*", ".*-????????.part"  # what `fetch` and `files.written_whole` leave when they are killed
_DAY = 86_400  # seconds
_MEMBERS = _NEEDED | {"x_validation.npy", "y_validation.npy", "class_names.npy", "note.npy", _RECORD}

Splits = dict[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Contents:
    """What a stored file holds, or a folder of pictures.

    Attributes:
        splits: "train", "test" and perhaps "validation" -> images, uint8 (n, height, width, channels), and labels,
            int64 (n,).
        class_names: class_names[label].
        origin: such as "imported from pets.zip"; "placed by hand" for a file that does not say it. Of a
            folder or an archive that is being read: its name, and what was left out.
        note: what has to be said wherever the images are used, such as "JPEG copy"; perhaps "".
    """

    splits: Splits
    class_names: tuple[str, ...]
    origin: str
    note: str = ""


def read(path: Path, name: str) -> Contents:
    """Read a stored file whole, checking every byte against the file's own checksums (CRC-32).

    Args:
        path: the `.npz` file.
        name: the data set that it has to hold.

    Raises:
        MachineError: there is not enough memory, the rights are missing, or the disk fails.
        DataError: the file is missing, damaged, too large, or holds anything but the data set.
    """
    if not files.is_file(path):
        raise DataError(f"{name} is not in the data home ({path.parent}). {remedy(name)}")
    try:
        arrays, origin = _unpacked(path)
        return Contents(*check(arrays, BENCHMARKS.get(name)), origin, printable(str(arrays.get("note", ""))))
    except Exception as error:  # a damaged zip file raises at least ten kinds of error; all mean the same to the user
        raise machine_error(path, error) or DataError(
            f"{path} cannot be read as {name} ({reason(error)}). Delete or replace it. {remedy(name)}"
        ) from error


def _unpacked(path: Path) -> tuple[dict[str, np.ndarray], str]:
    """Arrays and origin, after a look at what the file declares."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(names) != _entries(path):
            raise ValueError("its index is damaged")
        for name in names:
            if name not in _MEMBERS or names.count(name) > 1:
                raise ValueError(f"it holds {name!r}, which does not belong there")
        if missing := sorted(_NEEDED.difference(names)):
            raise ValueError(f"it holds no {', '.join(missing)}")
        declared = sum(info.file_size for info in archive.infolist())
        if declared > LARGEST:
            raise ValueError(f"it declares {declared:,} bytes, at most {LARGEST:,} are expected")
        arrays = {name.removesuffix(".npy"): _array(archive, name) for name in names if name != _RECORD}
        if _RECORD not in names:
            return arrays, "placed by hand"
        record = json.loads(archive.read(_RECORD))  # the first edition wrote two texts, "imported from" and "pets.zip"
        return arrays, printable(record.get("origin") or f"{record['how']} {record['from']}")


def _entries(path: Path) -> int:
    """How many members the end of a zip file without a comment counts; zipfile overlooks one that another swallows."""
    with path.open("rb") as file:
        file.seek(-22, 2)
        return int.from_bytes(file.read()[10:12], "little")


def _array(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    with archive.open(name) as member:
        array = np.lib.format.read_array(member, allow_pickle=False)
        if member.read(1):  # at the end of the member the zip file's checksum is compared
            raise ValueError(f"{name} is longer than it says")
    return array


def check(arrays: dict[str, np.ndarray], benchmark: Benchmark | None) -> tuple[Splits, tuple[str, ...]]:
    """Bring stored arrays into the form of the course.

    Args:
        arrays: name -> array; x_* are uint8, y_* integers, class_names and note text.
        benchmark: what the arrays must agree with; None for the user's own images.

    Returns:
        Splits and class names, as in Contents.

    Raises:
        ValueError: a shape, a type, a label or a class name breaks a rule; the message names it.
    """
    splits: Splits = {}
    for split in _SPLITS:
        if f"x_{split}" in arrays:
            if f"y_{split}" not in arrays:
                raise ValueError(f"y_{split} is missing")
            splits[split] = _pair(arrays[f"x_{split}"], arrays[f"y_{split}"], split)
    received = {split: x.shape for split, (x, _) in splits.items()}
    if len({shape[1:] for shape in received.values()}) > 1:
        raise ValueError(f"the splits hold images of different shapes: {received}")
    if benchmark:
        amounts = {"train": benchmark.n_train, "validation": benchmark.n_validation, "test": benchmark.n_test}
        expected = {split: (amount, *benchmark.shape) for split, amount in amounts.items() if amount}
        if received != expected:
            raise ValueError(f"{benchmark.name} has images of shapes {expected}, received {received}")
    highest = max(int(y.max()) for _, y in splits.values())
    return splits, _class_names(arrays.get("class_names"), benchmark, highest)


def _pair(x: np.ndarray, y: np.ndarray, split: str) -> tuple[np.ndarray, np.ndarray]:
    if x.dtype != np.uint8 or x.ndim not in (3, 4) or (x.ndim == 4 and x.shape[3] not in (1, 3)) or 0 in x.shape:
        raise ValueError(f"x_{split} must be uint8 (n, height, width, 1 or 3), received {x.dtype} {x.shape}")
    if y.dtype.kind not in "iu" or y.shape not in ((len(x),), (len(x), 1)):
        raise ValueError(f"y_{split} must be integers of shape ({len(x)},), received {y.dtype} {y.shape}")
    if int(y.min()) < 0:
        raise ValueError(f"y_{split} holds a negative label")
    return x if x.ndim == 4 else x[..., None], y.reshape(-1).astype(np.int64)


def _class_names(stored: np.ndarray | None, benchmark: Benchmark | None, highest: int) -> tuple[str, ...]:
    """The names stored, else the benchmark's, else the labels themselves."""
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


def prepare(home: Path) -> None:
    """Make the data home, and remove what killed commands left half-written in it.

    What changed within a day stays, since a command may be at work on it, and so does what may not be removed.

    Raises:
        OSError: the data home cannot be made.
    """
    home.mkdir(parents=True, exist_ok=True)
    for left in [path for pattern in _LEFT for path in home.glob(pattern)]:
        with suppress(OSError):
            if max(path.lstat().st_mtime for path in (left, *left.rglob("*"))) < time.time() - _DAY:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def write(path: Path, arrays: dict[str, np.ndarray], origin: str) -> None:
    """Write a stored file; a file of that name is replaced at the end and stays untouched if anything fails.

    Args:
        path: where to.
        arrays: name -> array, as `check` takes them.
        origin: where they come from, as in Contents.

    Raises:
        DataError: the file cannot be written.
    """
    try:
        prepare(path.parent)
        with files.written_whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            # Stored, not compressed: CIFAR-10 then loads in 0.24 s of processor time, not 1.5 s. ZipInfo's fixed date
            # makes equal files of equal arrays.
            archive.writestr(zipfile.ZipInfo(_RECORD), json.dumps({"origin": origin}))
            for name, array in arrays.items():
                with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array, order="C"), allow_pickle=False)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({reason(error)}). Make room or name another folder in COURSE_DATA."
        ) from error


def closing_line(name: str, contents: Contents) -> str:
    """What to say of a data set that is in the data home now."""
    parts = " + ".join(f"{len(y):,} {split}" for split, (_, y) in contents.splits.items())
    note = f" Note: {contents.note}." if contents.note else ""
    classes = len(contents.class_names)
    return f"{name}: {parts} images in {classes} classes, {contents.origin}, stored in {stored_path(name)}.{note}"
