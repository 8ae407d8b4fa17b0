"""Which pictures a folder or archive holds, and what each is called by the folders around it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course_utils.datasets.archives import files, is_trace
from course_utils.datasets.errors import DataError
from course_utils.datasets.layout import arrange
from course_utils.datasets.pictures import HEAD, meant_as_picture

__all__ = ["Found", "find"]


@dataclass(frozen=True)
class Found:
    """The pictures of a folder or archive.

    Attributes:
        splits: "train" and perhaps "validation" and "test" -> (relative name, label) of each picture, sorted by name.
        class_names: class_names[label], sorted.
        left_out: how many files are hidden or no pictures, without the traces of systems such as .DS_Store.
    """

    splits: dict[str, list[tuple[str, int]]]
    class_names: tuple[str, ...]
    left_out: int


def find(path: Path) -> Found:
    """Look at every file, by its first bytes, and at the folders around the pictures; nothing is decoded.

    Args:
        path: a folder, or a zip or tar archive.

    Raises:
        DataError: it cannot be read, holds no pictures, or its folders can be read in two ways; see `layout.arrange`.
    """
    names: dict[str, str] = {}  # as a person would write it -> as it is stored
    left_out = 0
    for name, content in files(path):
        if content is None or not meant_as_picture(name, content.head(HEAD)):
            left_out += not is_trace(name)
            continue
        plain = "/".join(part for part in name.split("/") if part not in ("", "."))
        if plain in names:
            raise DataError(f"{path} holds {plain} twice. Make it again with each picture once.")
        names[plain] = name
    if not names:
        raise DataError(f"{path} holds no pictures. Put them there, one subfolder a class.")
    splits, class_names = arrange(path, list(names.values()))
    return Found(splits, class_names, left_out)
