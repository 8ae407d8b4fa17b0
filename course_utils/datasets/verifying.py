"""`verify`: everything in the data home, read whole."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from course_utils import paths
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.downloading import by_hand
from course_utils.datasets.errors import DataError, reason
from course_utils.datasets.storage import read
from course_utils.display import bar

__all__ = ["Verified", "verify"]


class Verified(NamedTuple):
    """The verdict on one file: whether it can be used, and a line that says what was found or what to do."""

    ok: bool
    message: str


def verify() -> list[Verified]:
    """Read every data set in the data home whole, and the original files that lie there.

    Returns:
        A verdict a file; empty where there is none.

    Raises:
        DataError: the data home itself cannot be read.
    """
    home = paths.data_home()
    try:
        found = sorted(home.iterdir()) if home.exists() else []
    except OSError as error:
        raise DataError(f"{home} cannot be read ({reason(error)}). Change its permissions or COURSE_DATA.") from error
    looks = [partial(_stored, path) for path in found]
    looks += [partial(_original, name, file) for name, known in BENCHMARKS.items() for file in known.files]
    verdicts = []
    for look in bar(looks, "verify"):
        try:
            if message := look():
                verdicts.append(Verified(True, message))
        except DataError as error:
            verdicts.append(Verified(False, str(error)))
    return verdicts


def _stored(path: Path) -> str:
    """What a file of the data home holds; "" where it is none of the course's."""
    if path.name.startswith(".fetch-") or path.suffix == ".part":
        raise DataError(f"{path} is half-written. Delete it, unless a command is still at work.")
    if path.suffix != ".npz" or path.name.startswith("."):
        return ""
    contents = read(path, path.stem)
    counts = " + ".join(f"{len(y):,}" for _, y in contents.splits.values())
    return f"{path.name}: {counts} images in {len(contents.class_names)} classes, {contents.origin}: whole."


def _original(name: str, file: str) -> str:
    """The same of an original file of a benchmark."""
    return f"{name}/{file}: an original with the published checksum." if by_hand(name, file) else ""
