"""Pictures of one's own: a folder or archive with one subfolder a class becomes arrays, or one stored file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.datasets import registry
from course_utils.datasets.archives import files
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.contents import check
from course_utils.datasets.errors import DataError, machine_error, printable, reason
from course_utils.datasets.layout import arrange
from course_utils.datasets.pictures import ENDINGS, decode, without_warnings
from course_utils.datasets.splitting import stratified_split
from course_utils.datasets.storage import LARGEST, Contents, Stored, write

__all__ = ["Images", "import_images", "read_images"]

_NEVER_PICTURES = ("Thumbs.db", "desktop.ini", "__MACOSX")


@dataclass(frozen=True)
class Images:
    """Pictures as arrays.

    Attributes:
        splits: "train", "test" and perhaps "validation" -> images, uint8 (n, height, width, channels), and labels,
            int64 (n,), in a random order that is the same at every reading.
        class_names: class_names[label], sorted.
        left_out: how many files were no pictures, going by their endings.
    """

    splits: dict[str, tuple[np.ndarray, np.ndarray]]
    class_names: tuple[str, ...]
    left_out: int


def import_images(
    path: str | Path,
    *,
    name: str,
    size: int | tuple[int, int] | None = None,
    note: str = "",
    progress: Any = None,
) -> Stored:
    """Read a folder or archive of pictures and keep them as one file in the data home, replacing one of that name.

    The layout is CLASS/PICTURE, or train/CLASS/PICTURE and test/CLASS/PICTURE (a validation folder is welcome too).
    Without these folders a fifth of the pictures is for testing. `pictures.decode` says how pictures are read.

    Args:
        path: a folder, or a zip or tar archive (.tar, .tar.gz, .tar.xz, .tar.bz2); archives are never extracted.
        name: what `load` will call it. Under a benchmark's name the pictures must be that benchmark's.
        size: side or (height, width) in pixels to bring every picture to; None if all have one size already.
        note: what is special about this copy, such as "JPEG copy"; shown wherever the data is loaded.
        progress: True for a bar, False for none, None for a bar on a terminal only, or an object like tqdm's.

    Returns:
        What was stored; as text, a closing line.

    Raises:
        DataError: a picture or the archive cannot be read, the layout is another, or the file cannot be written.
            Nothing has changed then.
    """
    name = registry.check_name(name)
    path = Path(path).expanduser()
    images = read_images(path, size=size, progress=progress)
    class_names, arrays = _to_store(path, name, images)
    if note:
        arrays["note"] = np.array(printable(note))
    target = registry.stored_path(name)
    write(target, arrays, {"how": "imported from", "from": path.resolve().name})
    counts = {split: len(y) for split, (_, y) in images.splits.items()}
    return Stored(name, target, counts, len(class_names), images.left_out)


def read_images(path: Path, *, size: int | tuple[int, int] | None = None, progress: Any = None) -> Images:
    """Read a folder or archive of pictures into memory; see `import_images`.

    Raises:
        DataError: as there.
    """
    pictures, left_out = _read_pictures(path, _height_and_width(size), progress)
    arranged, class_names = arrange(path, list(pictures))
    all_grey = all(is_grey for _, is_grey in pictures.values())
    splits = {}
    rng = np.random.default_rng(0)
    for split, labelled in arranged.items():
        # Sorted by name first, so that the order in the archive does not matter; shuffled then, so that the first
        # images are not all of one class.
        order = rng.permutation(len(labelled))
        x = np.stack([pictures[labelled[i][0]][0] for i in order])
        y = np.array([labelled[i][1] for i in order], dtype=np.int64)
        splits[split] = (np.ascontiguousarray(x[..., :1]) if all_grey else x, y)
    if "test" not in splits:
        x, y = splits["train"]
        train, test = stratified_split(y, max(len(class_names), len(y) // 5), rng)
        splits = {**splits, "train": (x[train], y[train]), "test": (x[test], y[test])}
    return Images(splits, class_names, left_out)


def _to_store(path: Path, name: str, images: Images) -> tuple[tuple[str, ...], dict[str, np.ndarray]]:
    """Class names and arrays in the stored form; under a benchmark's name they must be that benchmark's."""
    class_names, relabel = _in_benchmark_order(path, name, images.class_names)
    arrays: dict[str, np.ndarray] = {}
    for split, (x, y) in images.splits.items():
        arrays[f"x_{split}"], arrays[f"y_{split}"] = x, relabel[y]
    arrays["class_names"] = np.array(class_names)
    try:
        check(Contents(arrays, {}), BENCHMARKS.get(name))
    except ValueError as error:
        raise DataError(f"{path} cannot be kept as {name}: {error}. Choose another name with --name.") from error
    return class_names, arrays


def _read_pictures(
    path: Path, size: tuple[int, int] | None, progress: Any
) -> tuple[dict[str, tuple[np.ndarray, bool]], int]:
    """Relative name -> picture and whether it is grey; and how many files were left out."""
    pictures: dict[str, tuple[np.ndarray, bool]] = {}
    left_out = held = 0
    with without_warnings():
        for name, data in files(path, _is_picture, progress):
            if data is None:
                left_out += not _is_hidden(name)
                continue
            try:
                array, is_grey = decode(data, size)
            except Exception as error:  # Pillow raises errors of many kinds for a damaged picture
                raise machine_error(f"{path}: {name}", error) or DataError(
                    f"{path}: {name} is no readable picture ({reason(error)}). Replace or delete it."
                ) from error
            held += array.nbytes
            first_name, (first, _) = next(iter(pictures.items()), (name, (array, is_grey)))
            if array.shape != first.shape:
                raise DataError(
                    f"{path}: the pictures differ in size, {first_name} is {_text(first)} and {name} is {_text(array)} "
                    "(height x width). Say which size to bring them to, for example size=64 (--size 64)."
                )
            if held > LARGEST // 2:  # they are copied once, into one array
                raise DataError(f"{path}: the pictures need more than {LARGEST // 2:,} bytes. Name a smaller size.")
            pictures[unicodedata.normalize("NFC", name.replace("\\", "/"))] = (array, is_grey)
    if not pictures:
        raise DataError(f"{path} holds no pictures ({', '.join(ENDINGS)}). Put them there, one subfolder a class.")
    return pictures, left_out


def _in_benchmark_order(path: Path, name: str, found: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    """Class names and new labels: a benchmark keeps its own order, whatever the folders are called in detail."""
    same = np.arange(len(found))
    if name not in BENCHMARKS:
        return found, same
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


def _height_and_width(size: int | tuple[int, int] | None) -> tuple[int, int] | None:
    if size is None:
        return None
    pair = (size, size) if isinstance(size, int) else tuple(size) if isinstance(size, (tuple, list)) else ()
    if len(pair) != 2 or not all(isinstance(side, int) and 1 <= side <= 4096 for side in pair):
        raise ValueError(f"size is a side or (height, width), 1 to 4096 pixels. Received: {size!r}.")
    return pair


def _is_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any((part.startswith(".") and part != ".") or part in _NEVER_PICTURES for part in parts)


def _is_picture(name: str) -> bool:
    return name.lower().endswith(ENDINGS) and not _is_hidden(name)


def _text(array: np.ndarray) -> str:
    return f"{array.shape[0]}x{array.shape[1]}"
