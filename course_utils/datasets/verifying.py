"""`verify`: everything in the data home, read whole and compared with what was recorded when it was stored."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.downloading import by_hand
from course_utils.datasets.errors import DataError, reason
from course_utils.datasets.storage import array_sum, read
from course_utils.display import bar

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


def verify() -> list[Verified]:
    """Check every file of the data home: shapes, types, labels, and the sums recorded when it was stored.

    Returns:
        A verdict a file, sorted by name; empty where nothing is stored.

    Raises:
        DataError: the data home itself cannot be read.
    """
    home = paths.data_home()
    try:
        found = sorted(home.iterdir()) if home.exists() else []
        originals = [home / "originals" / name / file for name, known in BENCHMARKS.items() for file in known.files]
        found += [path for path in originals if path.exists()]
        left_behind = {path for path in found if _is_temporary(path) and time.time() - path.stat().st_mtime > _DAY}
    except OSError as error:
        raise DataError(f"{home} cannot be read ({reason(error)}). Change its permissions or COURSE_DATA.") from error
    verdicts = []
    for path in bar(found, "verify"):
        try:
            if path.parent != home:
                by_hand(path.parent.name, path.name)
                message = f"{path.parent.name}/{path.name}: an original with the published checksum."
            elif path in left_behind:
                raise DataError(f"{path} was left behind by a command that was killed. Delete it.")
            elif path.suffix == ".npz" and not path.name.startswith("."):
                message = _stored(path)
            else:
                continue
            verdicts.append(Verified(path, True, message))
        except DataError as error:
            verdicts.append(Verified(path, False, str(error)))
    return verdicts


def _stored(path: Path) -> str:
    """What a file holds.

    Raises:
        DataError: it cannot be used.
    """
    contents = read(path, path.stem)
    counts = " + ".join(f"{len(y):,}" for _, y in contents.splits.values())
    what = f"{path.name}: {counts} images in {len(contents.class_names)} classes"
    if not contents.record:
        return f"{what}, placed by hand: shapes and types are right, no sums were recorded."
    for name, array in contents.arrays.items():
        if array_sum(array) != contents.record["arrays"].get(name, {}).get("sha256"):
            raise DataError(f"{path}: {name} is not what was stored. Delete or replace it.")
    return f"{what}, {contents.record['how']} {contents.record['from']}: shapes, types and sums are right."


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".fetch-") or (path.name.startswith(".") and path.suffix == ".part")
