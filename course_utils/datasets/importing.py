"""Pictures of one's own: a folder or archive with one subfolder a class becomes arrays, or one stored file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.datasets import registry
from course_utils.datasets.archives import files
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.errors import DataError, machine_error, printable, reason
from course_utils.datasets.layout import Found, find
from course_utils.datasets.pictures import Picture, decode
from course_utils.datasets.splitting import stratified_split
from course_utils.datasets.storage import LARGEST, check, closing_line, write

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


def import_images(path: str | Path, *, name: str, size: int | tuple[int, int] | None = None, note: str = "") -> str:
    """Read a folder or archive of pictures and keep them as one file in the data home, replacing one of that name.

    The layout is CLASS/PICTURE, or train/CLASS/PICTURE and test/CLASS/PICTURE (a validation folder is welcome too).
    Without these folders a fifth of the pictures is for testing. `layout` says which folders are read as what,
    `pictures.decode` how a picture is read.

    Args:
        path: a folder, or a zip or tar archive (.tar, .tar.gz, .tar.xz, .tar.bz2); archives are never extracted.
        name: what `load` will call it. Under a benchmark's name the pictures must be that benchmark's.
        size: side or (height, width) in pixels to bring every picture to; None if all have one size already.
        note: what is special about this copy, such as "JPEG copy"; shown wherever the data is loaded.

    Returns:
        A closing line that says what was stored.

    Raises:
        DataError: a picture or the archive cannot be read, the layout is another, or the file cannot be written.
            Nothing has changed then.
    """
    name = registry.check_name(name)
    path = Path(path).expanduser()
    images = read_images(path, size=size)
    class_names, relabel = _in_benchmark_order(path, name, images.class_names)
    arrays: dict[str, np.ndarray] = {}
    for split, (x, y) in images.splits.items():
        arrays[f"x_{split}"], arrays[f"y_{split}"] = x, relabel[y]
    arrays["class_names"] = np.array(class_names)
    try:
        check(arrays, BENCHMARKS.get(name))
    except ValueError as error:
        raise DataError(f"{path} cannot be kept as {name}: {error}. Choose another name with --name.") from error
    if note or images.remark:
        arrays["note"] = np.array("; ".join(filter(None, (printable(note), images.remark))))
    write(registry.stored_path(name), arrays, "imported from", path.resolve().name)
    remarks = []
    if images.left_out:
        remarks.append(f"Left out: {images.left_out:,} files that are hidden or no pictures.")
    if images.remark:
        remarks.append(f"Note: {images.remark}.")
    return closing_line(name, images.splits, class_names, " ".join(remarks))


def read_images(path: Path, *, size: int | tuple[int, int] | None = None) -> Images:
    """Read a folder or archive of pictures into memory; see `import_images`.

    Raises:
        DataError: as there.
    """
    shape, found = height_and_width(size), find(path)
    pictures = _read_pictures(path, found, shape)
    splits = dict(found.splits)
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
    return Images(arrays, found.class_names, found.left_out, _copies(arrays))


def _copies(splits: dict[str, tuple[np.ndarray, np.ndarray]]) -> str:
    """Such as "3 of 40 test pictures are copies of training pictures", pixel for pixel; "" where none are."""
    sums = {split: [hashlib.sha256(image).digest() for image in x] for split, (x, _) in splits.items()}
    trained = set(sums.pop("train"))
    counts = {split: sum(one in trained for one in found) for split, found in sums.items()}
    return "; ".join(
        f"{count} of {len(sums[split])} {split} pictures {'is a copy' if count == 1 else 'are copies'} of training "
        "pictures"
        for split, count in counts.items()
        if count
    )


def _read_pictures(path: Path, found: Found, size: tuple[int, int] | None) -> dict[str, Picture]:
    """Name -> picture; all of one size."""
    names = {name for labelled in found.splits.values() for name, _ in labelled}
    pictures: dict[str, Picture] = {}
    unreadable: dict[str, str] = {}
    for name, picture in decoded(path, names, size):
        if isinstance(picture, str):
            unreadable[name] = picture
            continue
        pictures[name] = picture
        first_name, first = next(iter(pictures.items()))
        if picture.pixels.shape != first.pixels.shape:
            raise DataError(
                f"{path}: the pictures differ in size, {first_name} is {_sides(first)} and {name} is {_sides(picture)} "
                "(height x width). Say which size to bring them to, for example size=64 (--size 64)."
            )
        if len(pictures) * picture.pixels.nbytes > LARGEST // 2:  # they are copied once, into one array
            raise DataError(f"{path}: the pictures need more than {LARGEST // 2:,} bytes. Name a smaller size.")
    if unreadable:
        (name, why), *others = unreadable.items()
        more = f", nor are {len(others)} others: {', '.join(n for n, _ in others[:9])}" if others else ""
        raise DataError(f"{path}: {name} is no readable picture ({why}){more}. Replace or delete what cannot be read.")
    if len(pictures) < len(names):
        raise DataError(f"{path} was changed while it was read. Read it again.")
    return pictures


def decoded(path: Path, names: Collection[str], size: tuple[int, int] | None) -> Iterator[tuple[str, Picture | str]]:
    """The pictures of these names, one after the other; in the place of a damaged one, what is wrong with it.

    Args:
        path: a folder or archive.
        names: as `layout.find` gives them.
        size: (height, width) in pixels, or None for the pictures' own.

    Raises:
        MachineError: a file that may be whole cannot be read.
    """
    for name, content in files(path, only=names):
        if content is None:
            continue
        try:
            picture: Picture | str = decode(content, size)
        except Exception as error:  # Pillow raises errors of many kinds for a damaged picture
            if blamed := machine_error(f"{path}: {name}", error):
                raise blamed from error
            picture = reason(error)
        yield name, picture


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


def _sides(picture: Picture) -> str:
    return "x".join(map(str, picture.pixels.shape[:2]))
