"""Pictures of one's own: a folder or archive with one subfolder a class becomes arrays, or one stored file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.datasets import registry
from course_utils.datasets.archives import files
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.contents import check
from course_utils.datasets.copies import describe_copies
from course_utils.datasets.errors import DataError, machine_error, printable, reason
from course_utils.datasets.folders import Found, find
from course_utils.datasets.pictures import Picture, decode, without_warnings
from course_utils.datasets.splitting import stratified_split
from course_utils.datasets.storage import LARGEST, Contents, Stored, write

__all__ = ["Images", "decoded", "height_and_width", "import_images", "read_images"]


@dataclass(frozen=True)
class Images:
    """Pictures as arrays.

    Attributes:
        splits: "train", "test" and perhaps "validation" -> images, uint8 (n, height, width, channels), and labels,
            int64 (n,), in a random order that is the same at every reading.
        class_names: class_names[label], sorted.
        left_out: how many files are hidden or no pictures.
        remark: what has to be said wherever the pictures are used, such as copies in two splits; perhaps "".
    """

    splits: dict[str, tuple[np.ndarray, np.ndarray]]
    class_names: tuple[str, ...]
    left_out: int
    remark: str


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
    Without these folders a fifth of the pictures is for testing. `layout` says which folders are read as what,
    `pictures.decode` how a picture is read.

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
    if note or images.remark:
        arrays["note"] = np.array("; ".join(filter(None, (printable(note), images.remark))))
    target = registry.stored_path(name)
    write(target, arrays, {"how": "imported from", "from": path.resolve().name})
    counts = {split: len(y) for split, (_, y) in images.splits.items()}
    remark = f"Note: {images.remark}." if images.remark else ""
    return Stored(name, target, counts, len(class_names), images.left_out, remark)


def read_images(path: Path, *, size: int | tuple[int, int] | None = None, progress: Any = None) -> Images:
    """Read a folder or archive of pictures into memory; see `import_images`.

    Raises:
        DataError: as there.
    """
    shape, found = height_and_width(size), find(path)
    pictures = _read_pictures(path, found, shape, progress)
    splits = {split: list(labelled) for split, labelled in found.splits.items()}
    rng = np.random.default_rng(0)
    if "test" not in splits:
        labels = np.array([label for _, label in splits["train"]])
        rest, chosen = stratified_split(labels, max(len(found.class_names), len(labels) // 5), rng)
        splits = {**splits, "train": [splits["train"][i] for i in rest], "test": [splits["train"][i] for i in chosen]}
    all_grey = all(picture.is_grey for picture in pictures.values())
    arrays = {}
    for split, labelled in splits.items():
        # Sorted by name first, so that the order in the archive does not matter; shuffled then, so that the first
        # images are not all of one class.
        order = rng.permutation(len(labelled))
        x = np.stack([pictures[labelled[i][0]].pixels for i in order])
        y = np.array([labelled[i][1] for i in order], dtype=np.int64)
        arrays[split] = (np.ascontiguousarray(x[..., :1]) if all_grey else x, y)
    names = {split: [name for name, _ in labelled] for split, labelled in splits.items()}
    remark = describe_copies(names, pictures, lambda some: {n: one.sum for n, one in decoded(path, some, None, None)})
    return Images(arrays, found.class_names, found.left_out, remark)


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


def _read_pictures(path: Path, found: Found, size: tuple[int, int] | None, progress: Any) -> dict[str, Picture]:
    """Name -> picture; all of one size."""
    names = {name for labelled in found.splits.values() for name, _ in labelled}
    pictures: dict[str, Picture] = {}
    unreadable: dict[str, str] = {}
    held = 0
    for name, picture in decoded(path, names, size, progress):
        if isinstance(picture, str):
            unreadable[name] = picture
            continue
        pictures[name] = picture
        held += picture.pixels.nbytes
        first_name, first = next(iter(pictures.items()))
        if picture.pixels.shape != first.pixels.shape:
            raise DataError(
                f"{path}: the pictures differ in size, {first_name} is {_text(first)} and {name} is {_text(picture)} "
                "(height x width). Say which size to bring them to, for example size=64 (--size 64)."
            )
        if held > LARGEST // 2:  # they are copied once, into one array
            raise DataError(f"{path}: the pictures need more than {LARGEST // 2:,} bytes. Name a smaller size.")
    if unreadable:
        (name, why), *others = unreadable.items()
        them = "them" if others else "it"
        more = f", nor are {len(others)} others: {', '.join(n for n, _ in others[:9])}" if others else ""
        raise DataError(f"{path}: {name} is no readable picture ({why}){more}. Replace or delete {them}.")
    if len(pictures) < len(names):
        raise DataError(f"{path} was changed while it was read. Read it again.")
    return pictures


def decoded(
    path: Path, names: set[str], size: tuple[int, int] | None, progress: Any
) -> Iterator[tuple[str, Picture | str]]:
    """The pictures of these names, one after the other; in the place of a damaged one, what is wrong with it.

    Args:
        path: a folder or archive.
        names: as `folders.find` gives them.
        size: (height, width) in pixels, or None for the pictures' own.
        progress: as in `import_images`.

    Raises:
        MachineError: a file that may be whole cannot be read.
    """
    if not names:
        return
    with without_warnings():
        for name, content in files(path, progress):
            if content is None or name not in names:
                continue
            data = content.read()
            try:
                picture: Picture | str = decode(data, size)
            except Exception as error:  # Pillow raises errors of many kinds for a damaged picture
                if blamed := machine_error(f"{path}: {name}", error):
                    raise blamed from error
                picture = reason(error)
            yield name, picture


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


def height_and_width(size: int | tuple[int, int] | None) -> tuple[int, int] | None:
    """A size in pixels as a pair; None stays None.

    Raises:
        ValueError: it is no size from 1 to 4096 pixels.
    """
    if size is None:
        return None
    pair = (size, size) if isinstance(size, int) else tuple(size) if isinstance(size, (tuple, list)) else ()
    if len(pair) != 2 or not all(isinstance(side, int) and 1 <= side <= 4096 for side in pair):
        raise ValueError(f"size is a side or (height, width), 1 to 4096 pixels. Received: {size!r}.")
    return pair


def _text(picture: Picture) -> str:
    return f"{picture.pixels.shape[0]}x{picture.pixels.shape[1]}"
