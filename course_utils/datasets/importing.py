"""`import_images`: pictures of one's own, or a copy of a benchmark as pictures, as one stored file in the data home."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from course_utils.datasets import registry
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.errors import DataError, printable
from course_utils.datasets.reading import read_splits
from course_utils.datasets.storage import Contents, check, closing_line, write

__all__ = ["import_images"]


def import_images(path: str | Path, *, name: str, size: int | None = None, note: str = "") -> str:
    """Read a folder or archive of pictures and keep them as one file in the data home, replacing one of that name.

    The layout is CLASS/PICTURE, or train/CLASS/PICTURE and test/CLASS/PICTURE (a validation folder is welcome too).
    Without these folders a fifth of the pictures is for testing. `layout` says which folders are read as what,
    `pictures.decode` how a picture is read.

    Args:
        path: a folder, or a zip or tar archive (.tar, .tar.gz, .tar.xz, .tar.bz2); archives are never extracted.
        name: what `load` will call it. Under a benchmark's name the pictures must be that benchmark's.
        size: side in pixels to bring every picture to, 1 to 4096; None if all have one size already.
        note: what is special about this copy, such as "JPEG copy"; shown wherever the data is loaded.

    Returns:
        A closing line that says what was stored.

    Raises:
        DataError: a picture or the archive cannot be read, the layout is another, or the file cannot be written.
            Nothing has changed then.
    """
    name = registry.check_name(name)
    path = Path(path).expanduser()
    found = read_splits(path, size=size)
    class_names, relabel = _in_benchmark_order(path, name, found.class_names)
    note = "; ".join(filter(None, (printable(note), found.note)))
    arrays: dict[str, np.ndarray] = {}
    for split, (x, y) in found.splits.items():
        arrays[f"x_{split}"], arrays[f"y_{split}"] = x, relabel[y]
    arrays["class_names"] = np.array(class_names)
    if note:
        arrays["note"] = np.array(note)
    try:
        check(arrays, BENCHMARKS.get(name))
    except ValueError as error:
        raise DataError(f"{path} cannot be kept as {name}: {error}. Choose another name with --name.") from error
    origin = f"imported from {found.origin}"
    write(registry.stored_path(name), arrays, origin)
    return closing_line(name, Contents(found.splits, class_names, origin, note))


def _in_benchmark_order(path: Path, name: str, found: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    """Class names and new labels: a benchmark keeps its own order, whatever the folders are called in detail."""
    if name not in BENCHMARKS:
        return found, np.arange(len(found))
    official = BENCHMARKS[name].class_names
    by_letters = {_letters(official_name): label for label, official_name in enumerate(official)}
    if sorted(map(_letters, found)) != sorted(by_letters):
        raise DataError(
            f"{path} cannot be kept as {name}: its folders are not the classes of {name} ({', '.join(official[:3])} "
            "and so on). Choose another name with --name."
        )
    return official, np.array([by_letters[_letters(one)] for one in found])


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
