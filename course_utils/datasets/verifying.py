"""`verify`: everything in the data home, read whole and compared with what was recorded when it was stored."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.datasets.bars import bar
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.downloading import originals_folder
from course_utils.datasets.errors import DataError, machine_error, reason
from course_utils.datasets.loading import read_stored
from course_utils.datasets.storage import array_sum

__all__ = ["Verified", "verify"]

_DAY = 86_400  # seconds: a temporary file older than this belongs to no running command


@dataclass(frozen=True)
class Verified:
    """The verdict on one file.

    Attributes:
        path: the file.
        ok: whether it can be used.
        message: one line: what was found, and what to do if it is not well.
    """

    path: Path
    ok: bool
    message: str


def verify(*, progress: Any = None) -> list[Verified]:
    """Check every file of the data home: shapes, types, labels, and the sums recorded when it was stored.

    Args:
        progress: True for a bar, False for none, None for a bar on a terminal only, or an object like tqdm's.

    Returns:
        A verdict a file, sorted by name; empty where nothing is stored.

    Raises:
        DataError: the data home itself cannot be read.
    """
    home = paths.data_home()
    try:
        entries = sorted(home.iterdir()) if home.exists() else []
        stored = [path for path in entries if path.suffix == ".npz" and not path.name.startswith(".")]
        leftovers = [path for path in entries if _is_temporary(path) and time.time() - path.stat().st_mtime > _DAY]
        originals = [originals_folder() / name / file for name, known in BENCHMARKS.items() for file in known.files]
        originals = [path for path in originals if path.exists()]
    except OSError as error:
        raise DataError(f"{home} cannot be read ({reason(error)}). Change its permissions or COURSE_DATA.") from error
    ticks = bar(progress, total=len(stored) + len(originals), unit="file", title="verify")
    verdicts = []
    try:
        for verdict in (*map(_stored, stored), *map(_original, originals)):
            verdicts.append(verdict)
            ticks.update(1)
    finally:
        ticks.close()
    return verdicts + list(_left_behind(leftovers))


def _stored(path: Path) -> Verified:
    try:
        contents, checked = read_stored(path, path.stem)
    except DataError as error:
        return Verified(path, False, str(error))
    counts = " + ".join(f"{len(y):,}" for _, y in checked.splits.values())
    what = f"{path.name}: {counts} images in {len(checked.class_names)} classes"
    if not contents.record:
        return Verified(path, True, f"{what}, placed by hand: shapes and types are right, no sums were recorded.")
    for name, array in contents.arrays.items():
        if array_sum(array) != contents.record["arrays"][name]["sha256"]:
            message = f"{path}: {name} is not what was stored. Delete or replace it."
            return Verified(path, False, message)
    origin = f"{contents.record['how']} {contents.record['from']}"
    return Verified(path, True, f"{what}, {origin}: shapes, types and sums are right.")


def _original(path: Path) -> Verified:
    import pooch  # slow to import

    try:
        found = pooch.file_hash(str(path), alg="sha256")
    except OSError as error:
        found = machine_error(path, error) or f"{path} cannot be read ({reason(error)}). Put the file there again."
        return Verified(path, False, str(found))
    if found == BENCHMARKS[path.parent.name].files[path.name]:
        return Verified(path, True, f"{path.parent.name}/{path.name}: an original with the published checksum.")
    return Verified(path, False, f"{path} does not have the published checksum. Delete it or download it again.")


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".fetch-") or (path.name.startswith(".") and path.suffix == ".part")


def _left_behind(found: list[Path]) -> Iterator[Verified]:
    for path in found:
        yield Verified(path, False, f"{path} was left behind by a command that was killed. Delete it.")
