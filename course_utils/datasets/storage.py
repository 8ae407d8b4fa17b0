"""The stored form: one `.npz` file a data set, read without unpickling and written whole or not at all.

Members: x_train, y_train, x_test, y_test, perhaps x_validation and y_validation, class_names (text), note (text), and
record.json, which says where the arrays come from and holds a SHA-256 of each. A file with the four arrays alone, put
there by hand, is as welcome.
"""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_utils import files
from course_utils.datasets.errors import DataError, machine_error, printable, reason

__all__ = ["LARGEST", "Contents", "Stored", "array_sum", "read", "write"]

# A data set is held in memory, and a training run needs as much again: 8 GiB is what a computer with 16 can bear.
LARGEST = 8 * 2**30
_SPLITS = ("train", "validation", "test")
_IMAGES_AND_LABELS = tuple(f"{kind}_{split}" for split in _SPLITS for kind in "xy")
_MEMBERS = {f"{name}.npy" for name in (*_IMAGES_AND_LABELS, "class_names", "note")} | {"record.json"}
_CHUNK = 2**22  # bytes read at a time: large enough for speed, small enough for the processor's cache


@dataclass(frozen=True)
class Contents:
    """What a stored file holds, as it is written there.

    Attributes:
        arrays: name -> array; x_* are uint8, y_* integers, class_names and note text.
        record: origin and sums; empty for a file that was placed by hand.
    """

    arrays: dict[str, np.ndarray]
    record: dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """A closing line on what was written into the data home."""

    name: str
    path: Path
    images: dict[str, int]
    classes: int
    left_out: int = 0
    remark: str = ""

    def __str__(self) -> str:
        parts = " + ".join(f"{count:,} {split}" for split, count in self.images.items())
        others = f" Left out: {self.left_out:,} files that are hidden or no pictures." if self.left_out else ""
        remark = f" {self.remark}" if self.remark else ""
        return f"{self.name}: {parts} images in {self.classes} classes, stored in {self.path}.{others}{remark}"


def read(path: Path, *, remedy: str, limit: int = LARGEST) -> Contents:
    """Read a stored file whole, checking every byte against the file's own checksums (CRC-32).

    Args:
        path: the `.npz` file.
        remedy: what to do about a damaged file; ends the error's line.
        limit: most bytes that the arrays together may declare.

    Raises:
        MachineError: there is not enough memory, the rights are missing, or the disk fails.
        DataError: the file is missing, damaged, too large, or holds anything but the expected arrays.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, limit)
            record = _read_record(archive, members.pop("record.json")) if "record.json" in members else {}
            arrays = {name.removesuffix(".npy"): _read_array(archive, info) for name, info in members.items()}
            _compare(arrays, record)
    except Exception as error:  # a damaged zip file raises at least ten kinds of error; all mean the same to the user
        raise machine_error(path, error) or DataError(f"{path} cannot be read ({reason(error)}). {remedy}") from error
    return Contents(arrays, record)


def write(path: Path, arrays: dict[str, np.ndarray], origin: dict[str, str]) -> None:
    """Write a stored file; a file of that name is replaced at the end and stays untouched if anything fails.

    Args:
        path: where to.
        arrays: name -> array, as in Contents.
        origin: where the arrays come from; goes into the record.

    Raises:
        DataError: the file cannot be written.
    """
    described = {
        name: {"shape": list(array.shape), "dtype": array.dtype.str, "sha256": array_sum(array)}
        for name, array in arrays.items()
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.written_whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            # Stored, not compressed: CIFAR-10 then loads in 0.24 s of processor time, not 1.5 s. ZipInfo's fixed date
            # makes equal files of equal arrays.
            archive.writestr(zipfile.ZipInfo("record.json"), json.dumps({**origin, "arrays": described}, indent=1))
            for name, array in arrays.items():
                with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asarray(array, order="C"), allow_pickle=False)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({reason(error)}). Make room or name another folder in COURSE_DATA."
        ) from error


def array_sum(array: np.ndarray) -> str:
    """The SHA-256 of an array's bytes in row-major order."""
    return hashlib.sha256(np.asarray(array, order="C").reshape(-1).view(np.uint8)).hexdigest()


def _members(archive: zipfile.ZipFile, limit: int) -> dict[str, zipfile.ZipInfo]:
    """The archive's members by name, after a look at what they declare."""
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if info.filename not in _MEMBERS or info.filename in members:
            raise ValueError(f"it holds {info.filename!r}, which does not belong there")
        members[info.filename] = info
    missing = {"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"} - members.keys()
    if missing:
        raise ValueError(f"it holds no {', '.join(sorted(missing))}")
    declared = sum(info.file_size for info in members.values())
    if declared > limit:
        raise ValueError(f"it declares {declared:,} bytes, at most {limit:,} are expected")
    return members


def _read_record(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, Any]:
    """Origin and sums: a small file of text, whose words are shown to the user."""
    if info.file_size > 2**20:
        raise ValueError("its record is larger than 1 MiB")
    record = json.loads(archive.read(info))
    return {"how": printable(record["how"]), "from": printable(record["from"]), "arrays": dict(record["arrays"])}


def _read_array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> np.ndarray:
    """One array; np.load would trust the size that the array's header declares."""
    with archive.open(info) as member:
        version = np.lib.format.read_magic(member)
        header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran_order, dtype = header(member)
        if dtype.hasobject:
            raise ValueError(f"{info.filename} holds pickled objects, which are never loaded")
        size = math.prod(shape) * dtype.itemsize
        if size != info.file_size - member.tell():
            raise ValueError(f"{info.filename} declares shape {shape}, which does not fit its length")
        buffer = np.empty(size, dtype=np.uint8)
        view = memoryview(buffer)
        done = 0
        while done < size:  # at the end of the member the zip file's checksum is compared
            count = member.readinto(view[done : done + _CHUNK])
            if not count:
                raise EOFError(f"{info.filename} is cut off")
            done += count
    return buffer.view(dtype).reshape(shape, order="F" if fortran_order else "C")


def _compare(arrays: dict[str, np.ndarray], record: dict[str, Any]) -> None:
    """Shapes and types against the record, where there is one; `verify` compares the sums too."""
    if not record:
        return
    described = {name: (tuple(entry["shape"]), entry["dtype"]) for name, entry in record["arrays"].items()}
    if described != {name: (array.shape, array.dtype.str) for name, array in arrays.items()}:
        raise ValueError("its arrays are not those that its record names")
