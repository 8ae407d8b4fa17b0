"""The reader's own pictures with their files' names: those that cannot be read, and near-copies with two labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.datasets.errors import DataError
from course_utils.datasets.importing import decoded, height_and_width
from course_utils.datasets.layout import find

__all__ = ["Pictures", "check_near_copies", "check_things", "read_folder"]

NAMED = 3  # pairs in a message
LEAST = 3  # pictures of a class: one to learn from, one to choose by, one to test


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


def read_folder(path: str | Path, *, size: int | tuple[int, int]) -> Pictures:
    """Read every picture of a folder or archive that can be read, at one size, and say which cannot.

    Unlike `load("folder:PATH")` it splits nothing, keeps the files' names, and goes on where a file is damaged.
    `layout` says which subfolders are read as classes; the pictures of train and test folders come together.

    Args:
        path: the folder, or a zip or tar archive, with one subfolder a class.
        size: side or (height, width) in pixels; a picture is scaled until it covers it and cut at the edges.

    Raises:
        DataError: there is no such folder, its folders can be read in two ways, or a class is left with fewer than
            three pictures.
        ValueError: the size is none.
    """
    path, shape = Path(path).expanduser(), height_and_width(0 if size is None else size)
    found = find(path)
    labels = dict(sorted(pair for part in found.splits.values() for pair in part))
    read: dict[str, np.ndarray] = {}
    unreadable: dict[str, str] = {}
    for name, picture in decoded(path, labels, shape):
        if isinstance(picture, str):
            unreadable[name] = picture
        else:
            read[name] = picture.pixels
    files = [name for name in labels if name in read]
    y = np.array([labels[name] for name in files], dtype=np.int64)
    for label, class_name in enumerate(found.class_names):
        count = np.sum(y == label)
        if count < LEAST:
            raise DataError(
                f"{path}: of class {class_name} only {_counted(count, 'picture')} can be read, at least {LEAST} are "
                "needed. Add some, or leave the class out."
            )
    x = np.stack([read[name] for name in files])
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
            short.append(f"{name} has {things} in {_counted(int(np.sum(y == label)), 'photograph')}")
    if short:
        raise DataError(
            f"{folds} folds need at least {folds} different things of each class. Received: {', '.join(short)}. "
            "Add photographs of other things, or raise the limit if different things count as one."
        )


def _counted(count: int, noun: str) -> str:
    """1 picture, 2 pictures."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
