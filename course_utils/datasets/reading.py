"""The reader's own pictures: a folder or archive with one subfolder a class becomes arrays.

`layout` says which subfolders are read as what, `pictures.decode` how a picture is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.datasets import archives
from course_utils.datasets.errors import DataError, check_range, machine_error, printable, reason
from course_utils.datasets.layout import Found, find
from course_utils.datasets.pictures import Picture, decode
from course_utils.datasets.splitting import stratified_split
from course_utils.datasets.storage import LARGEST, Contents, Splits

__all__ = ["Pictures", "check_near_copies", "check_things", "read_folder", "read_splits"]

NAMED = 3  # pairs in a message
LEAST = 3  # pictures of a class: one to learn from, one to choose by, one to test


def read_splits(path: Path, *, size: int | None = None) -> Contents:
    """Read a folder or archive of pictures in which every picture can be read.

    Without a folder for the test a fifth of the pictures is for testing. Within a split the order is random, and the
    same at every reading. Pictures that are all grey have one channel.

    Args:
        path: the folder, or a zip or tar archive.
        size: side in pixels to bring every picture to, 1 to 4096; None if all have one size already.

    Raises:
        DataError: a picture or the archive cannot be read, or the layout is another.
        ValueError: the size is none.
    """
    if size is not None:
        check_range("size", size, 1, 4096, whole=True)
    found = find(path)
    pictures, unreadable = _read(path, found, size)
    if unreadable:
        (name, why), *others = unreadable.items()
        more = f", nor are {len(others)} others: {', '.join(n for n, _ in others[:9])}" if others else ""
        raise DataError(f"{path}: {name} is no readable picture ({why}){more}. Replace or delete what cannot be read.")
    splits = dict(found.splits)
    rng = np.random.default_rng(0)
    if "test" not in splits:
        labels = np.array([label for _, label in splits["train"]])
        rest, chosen = stratified_split(labels, max(len(found.class_names), len(labels) // 5), rng)
        splits = {**splits, "train": [splits["train"][i] for i in rest], "test": [splits["train"][i] for i in chosen]}
    all_grey = all(picture.is_grey for picture in pictures.values())
    arrays: Splits = {}
    for split, labelled in splits.items():
        # Sorted by name first, so that the order in the archive does not matter; shuffled then, so that the first
        # images are not all of one class.
        order = rng.permutation(len(labelled))
        x = np.stack([pictures[labelled[i][0]].pixels for i in order])
        y = np.array([labelled[i][1] for i in order], dtype=np.int64)
        arrays[split] = (np.ascontiguousarray(x[..., :1]) if all_grey else x, y)
    left_out = f", {found.left_out:,} left out as hidden or no picture" if found.left_out else ""
    return Contents(arrays, found.class_names, f"{printable(path.resolve().name)}{left_out}", _copies(arrays))


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


def _read(path: Path, found: Found, size: int | None) -> tuple[dict[str, Picture], dict[str, str]]:
    """Name -> picture, all of one size; and name -> what is wrong with it, for those that cannot be read."""
    names = {name for labelled in found.splits.values() for name, _ in labelled}
    pictures: dict[str, Picture] = {}
    unreadable: dict[str, str] = {}
    for name, content in archives.files(path, only=names):
        if content is None:
            continue
        try:
            picture = decode(content, size)
        except Exception as error:  # Pillow raises errors of many kinds for a damaged picture
            if blamed := machine_error(f"{path}: {name}", error):
                raise blamed from error
            unreadable[name] = reason(error)
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
    if len(pictures) + len(unreadable) < len(names):
        raise DataError(f"{path} was changed while it was read. Read it again.")
    return pictures, unreadable


def _sides(picture: Picture) -> str:
    return "x".join(map(str, picture.pixels.shape[:2]))


@dataclass(frozen=True, eq=False)
class Pictures:
    """The pictures of a folder, sorted by the name of their files.

    Attributes:
        x: uint8, shape (n, height, width, 3).
        y: int64, shape (n,), each an index into class_names.
        class_names: class_names[label] is the name of the subfolder.
        files: n names inside the folder, such as "bird/IMG_0042.jpg".
        unreadable: name of a file that is meant as a picture and cannot be read -> why.
        left_out: how many files are hidden or no pictures.
    """

    x: np.ndarray
    y: np.ndarray
    class_names: tuple[str, ...]
    files: list[str]
    unreadable: dict[str, str]
    left_out: int

    def __repr__(self) -> str:
        each = np.bincount(self.y, minlength=len(self.class_names))
        counts = ", ".join(f"{count} {name}" for count, name in zip(each, self.class_names, strict=True))
        return f"Pictures({counts}; {len(self.unreadable)} unreadable, {self.left_out} no pictures)"


def read_folder(path: str | Path, *, size: int) -> Pictures:
    """Read every picture of a folder or archive that can be read, at one size, and say which cannot.

    Unlike `load("folder:PATH")` it splits nothing, keeps the files' names, and goes on where a file is damaged; the
    pictures of train and test folders come together.

    Args:
        path: the folder, or a zip or tar archive, with one subfolder a class.
        size: side in pixels, 1 to 4096; a picture is scaled until it covers it and cut at the edges.

    Raises:
        DataError: there is no such folder, its folders can be read in two ways, or a class is left with fewer than
            three pictures.
        ValueError: the size is none.
    """
    check_range("size", size, 1, 4096, whole=True)
    path = Path(path).expanduser()
    found = find(path)
    labels = dict(sorted(pair for part in found.splits.values() for pair in part))
    read, unreadable = _read(path, found, size)
    files = [name for name in labels if name in read]
    y = np.array([labels[name] for name in files], dtype=np.int64)
    for label, class_name in enumerate(found.class_names):
        count = np.sum(y == label)
        if count < LEAST:
            raise DataError(
                f"{path}: class {class_name} needs at least {LEAST} pictures that can be read. Received: {count}. "
                "Add some, or leave the class out."
            )
    x = np.stack([read[name].pixels for name in files])
    return Pictures(x, y, found.class_names, files, unreadable, found.left_out)


def check_near_copies(similar: np.ndarray, y: np.ndarray, files: Sequence[str]) -> None:
    """Stop if two pictures that count as near-copies lie in the subfolders of two classes.

    One of the two labels is wrong, or the limit that calls them near-copies is too low; a person has to look.

    Args:
        similar: bool, shape (n, n), whether two pictures are near-copies.
        y: the labels, integers of shape (n,).
        files: n names.

    Raises:
        DataError: there are such pairs; the message names the first ones and says what to do.
    """
    firsts, seconds = np.nonzero(np.triu(similar, 1) & (y[:, np.newaxis] != y))
    if len(firsts):
        pairs = [f"{files[i]} and {files[j]}" for i, j in zip(firsts, seconds, strict=True)][:NAMED]
        raise DataError(
            f"Near-copies have two labels (pairs: {len(firsts)}): {'; '.join(pairs)}{'; …' * (len(firsts) > NAMED)}. "
            "Look at both pictures of a pair: take one away, or raise the limit if they show two things."
        )


def check_things(groups: np.ndarray, y: np.ndarray, class_names: Sequence[str], *, folds: int) -> None:
    """Stop if a class shows fewer different things than there are folds: some fold would be left without it.

    Args:
        groups: integers, shape (n,); photographs of one thing have the same number.
        y: the labels, integers of shape (n,).
        class_names: class_names[label].
        folds: how many.

    Raises:
        DataError: there are such classes; the message counts their things and says what to do.
    """
    short = []
    for label, name in enumerate(class_names):
        things = len(np.unique(groups[y == label]))
        if things < folds:
            short.append(f"{name} has {things} (photographs: {np.sum(y == label)})")
    if short:
        raise DataError(
            f"{folds} folds need at least {folds} different things of each class. Received: {', '.join(short)}. "
            "Add photographs of other things, or raise the limit if different things count as one."
        )
