"""Which class and split a picture belongs to, read from the folders it lies in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from course_utils.datasets.errors import DataError

__all__ = ["arrange"]

_SPLITS = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
    "testing": "test",
}
_LEAST_TO_SPLIT = 3  # one to train, one to validate, one to test


def arrange(path: Path, names: list[str]) -> tuple[dict[str, list[tuple[str, int]]], tuple[str, ...]]:
    """Sort pictures into splits and classes.

    Args:
        path: the folder or archive, for the error's line.
        names: relative names with slashes: CLASS/PICTURE or SPLIT/CLASS/PICTURE, perhaps with folders around them.

    Returns:
        split -> (name, label) of its pictures, sorted by name; and the class names, sorted. "train" is always there.

    Raises:
        DataError: a picture lies in no class folder, there is one class only, or a class has too few pictures.
    """
    # "./train/cat/1.jpg" is what `tar cf x.tar .` writes.
    parts = {name: [part for part in name.split("/") if part not in ("", ".")] for name in sorted(names)}
    while _is_wrapped(list(parts.values())):
        parts = {name: rest[1:] for name, rest in parts.items()}
    bare = next((name for name, rest in parts.items() if len(rest) < 2), None)
    if bare:
        raise DataError(f"{path}: {bare} lies in no class folder. Put every picture into the folder of its class.")
    has_splits = _has_splits(path, parts)
    places = {
        name: (_SPLITS[rest[0].lower()], rest[1]) if has_splits else ("train", rest[0]) for name, rest in parts.items()
    }
    class_names = sorted({class_name for _, class_name in places.values()})
    _check_amounts(path, Counter(places.values()), class_names)
    labels = {class_name: label for label, class_name in enumerate(class_names)}
    arranged: dict[str, list[tuple[str, int]]] = {"train": [], "validation": [], "test": []}
    for name, (split, class_name) in places.items():
        arranged[split].append((name, labels[class_name]))
    return {split: found for split, found in arranged.items() if found}, tuple(
        _printable(class_name) for class_name in class_names
    )


def _is_wrapped(parts: list[list[str]]) -> bool:
    """Whether everything lies in one folder that is neither a split nor a class."""
    return len({rest[0] for rest in parts}) == 1 and parts[0][0].lower() not in _SPLITS and min(map(len, parts)) > 2


def _has_splits(path: Path, parts: dict[str, list[str]]) -> bool:
    """Whether the first folders are splits; "train" beside "bus" and "tram" is a class."""
    first = {rest[0] for rest in parts.values()}
    known = {folder for folder in first if folder.lower() in _SPLITS}
    deep = all(len(rest) > 2 for rest in parts.values())
    if not known or not deep:
        return False
    if known != first:
        raise DataError(
            f"{path}: the folders {', '.join(sorted(first - known)[:3])} lie beside {', '.join(sorted(known))}. "
            "Put class folders into train and test only, or leave train and test away."
        )
    if "train" not in {_SPLITS[folder.lower()] for folder in known}:
        raise DataError(f"{path}: there is no folder train beside {', '.join(sorted(known))}. Add it.")
    return True


def _check_amounts(path: Path, amounts: Counter[tuple[str, str]], class_names: list[str]) -> None:
    if len(class_names) < 2:
        raise DataError(
            f"{path}: there is one class only, {class_names[0]}. Put the pictures into two or more folders, "
            "one a class."
        )
    splits = {split for split, _ in amounts}
    least = _LEAST_TO_SPLIT - len(splits - {"train"})
    for class_name in class_names:
        if amounts["train", class_name] < least:
            raise DataError(
                f"{path}: class {class_name} has {amounts['train', class_name]} training pictures, at least {least} "
                "are needed. Add some or leave the class out."
            )


def _printable(name: str) -> str:
    """A folder's name as text that can be stored and shown, whatever its bytes were."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
