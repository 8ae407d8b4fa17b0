"""Which pictures a folder or archive holds, and the class and split of each, read from the folders it lies in.

Two layouts are read: CLASS/PICTURE and SPLIT/CLASS/PICTURE, perhaps with folders around them. Whatever could be read
in two ways is refused: a wrong label costs more than a line that says what to move.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from course_utils.datasets.archives import files, is_trace
from course_utils.datasets.errors import DataError
from course_utils.datasets.pictures import HEAD, meant_as_picture

__all__ = ["Found", "arrange", "find"]

# The words that name a split, alone (train, TRAIN, train2017), beside a filler (training_set, TestImages, valset) or
# beside a word that the other splits share (seg_train and seg_test).
_WORDS = {
    **dict.fromkeys(("train", "training", "trn", "trainval"), "train"),
    **dict.fromkeys(("validation", "validate", "valid", "val", "dev"), "validation"),
    **dict.fromkeys(("test", "testing", "tst"), "test"),
    # Words for pictures set aside in some way; which one, only their owner knows.
    **dict.fromkeys(("holdout", "eval", "evaluation", "unlabeled", "unlabelled", "pred", "prediction"), "unknown"),
}
_FILLERS = "set|sets|data|dataset|images|image|imgs|img|pictures|pics|photos|split|folder|dir"
_WORD = re.compile(f"({'|'.join(sorted(_WORDS, key=len, reverse=True))})({_FILLERS})?")
_MAY_BE_CLASSES = ("train", "valid")  # beside "bus" and "tram", or "invalid"
_LEAST_TO_SPLIT = 3  # one to train, one to validate, one to test

_Places = dict[str, tuple[str, ...]]  # a picture's name -> the folders that it lies in, outermost first
_Splits = dict[str, list[tuple[str, int]]]  # split -> (name, label) of each of its pictures


@dataclass(frozen=True)
class Found:
    """The pictures of a folder or archive.

    Attributes:
        splits: "train" and perhaps "validation" and "test" -> (relative name, label) of each picture, sorted by name.
        class_names: class_names[label], sorted.
        left_out: how many files are hidden or no pictures, without the traces of systems such as .DS_Store.
    """

    splits: _Splits
    class_names: tuple[str, ...]
    left_out: int


def find(path: Path) -> Found:
    """Look at every file, by its first bytes, and at the folders around the pictures; nothing is decoded.

    Args:
        path: a folder, or a zip or tar archive.

    Raises:
        DataError: it cannot be read, holds no pictures, or its folders can be read in two ways; see `arrange`.
    """
    names: dict[str, str] = {}  # as a person would write it -> as it is stored
    left_out = 0
    for name, head in files(path, head=HEAD):
        if head is None or not meant_as_picture(name, head):
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


def arrange(path: Path, names: list[str]) -> tuple[_Splits, tuple[str, ...]]:
    """Sort pictures into splits and classes.

    Args:
        path: the folder or archive, for the error's line.
        names: relative names with slashes: CLASS/PICTURE or SPLIT/CLASS/PICTURE, perhaps with folders around them.

    Returns:
        split -> (name, label) of its pictures, sorted by name; and the class names, sorted. "train" is always there.

    Raises:
        DataError: the folders have another form or can be read in two ways, two classes have names that look alike,
            there is one class only, or a class has too few pictures to be in every split.
    """
    places = _unwrapped({name: _folders(name) for name in sorted(names)}, None)
    found: dict[str, tuple[str, str]] = {}
    for folder, split in (_split_folders(path, places) or {"": "train"}).items():
        inside = {name: rest[1:] for name, rest in places.items() if rest[0] == folder} if folder else places
        for name, class_name in _classes(path, _unwrapped(inside, split)).items():
            found[name] = (split, class_name)
    class_names = sorted({class_name for _, class_name in found.values()}, key=_composed)
    _check_names(path, class_names)
    _check_amounts(path, Counter(found.values()), class_names)
    labels = {class_name: label for label, class_name in enumerate(class_names)}
    arranged: _Splits = {"train": [], "validation": [], "test": []}
    for name in places:
        split, class_name = found[name]
        arranged[split].append((name, labels[class_name]))
    return {split: pictures for split, pictures in arranged.items() if pictures}, tuple(map(_composed, class_names))


def _folders(name: str) -> tuple[str, ...]:
    """The folders of a name, as text: bytes that are none are replaced."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    # "./train/cat/1.jpg" is what `tar cf x.tar .` writes.
    return tuple(part for part in text.split("/")[:-1] if part not in ("", "."))


def _composed(class_name: str) -> str:
    """An accent may be stored with its letter or after it; the names of classes have the first form."""
    return unicodedata.normalize("NFC", class_name)


def _unwrapped(places: _Places, split: str | None) -> _Places:
    """Without the folders around it all: such a one is alone, holds folders only, and is no split but this one."""
    while min(map(len, places.values())) > 1:
        first = {rest[0] for rest in places.values()}
        if len(first) > 1 or set(_splits(first).values()) - {split, "unknown"}:
            break
        places = {name: rest[1:] for name, rest in places.items()}
    return places


def _split_folders(path: Path, places: _Places) -> dict[str, str]:
    """The outermost folders with the split that each stands for; empty where they are no splits."""
    first = {rest[0] for rest in places.values() if rest}
    known = {folder: split for folder, split in sorted(_splits(first).items()) if split != "unknown"}
    if not any(len(rest) > 1 and rest[0] in known for rest in places.values()):
        return {}
    folders = _some(list(known))
    beside = [name for name, rest in places.items() if len(rest) < 2 or rest[0] not in known]
    if beside:
        raise DataError(
            f"{path}: {beside[0]} lies in no class folder of {folders} (pictures like it: {len(beside)}). Move what "
            "lies beside class folders elsewhere, or leave train and test away."
        )
    for split, count in Counter(known.values()).items():
        if count > 1:
            raise DataError(f"{path}: {folders} hold the {split} split {count} times. Put it into one folder.")
    if "train" not in known.values():
        raise DataError(
            f"{path}: there is no folder train beside {folders}. Add it, or name {next(iter(known))} itself."
        )
    return known


def _classes(path: Path, places: _Places) -> dict[str, str]:
    """Name -> class, where every picture lies directly in a folder of its class."""
    for name, rest in places.items():
        if len(rest) != 1:
            raise DataError(
                f"{path}: {name} lies in {len(rest)} folders that could be its class. Put every picture directly into "
                "the folder of its class."
            )
    classes = {rest[0] for rest in places.values()}
    splits = _splits(classes)
    suspects = sorted(folder for folder in splits if folder.casefold() not in _MAY_BE_CLASSES)
    if len(splits) == len(classes) or len(set(splits.values())) > 1:
        suspects = sorted(splits)
    if suspects:
        raise DataError(
            f"{path}: as classes, {_some(suspects)} would be like any other, for there are pictures directly inside. "
            "Put class folders into train and test, move pictures without a class elsewhere, or rename a folder that "
            "is a class."
        )
    return {name: rest[0] for name, rest in places.items()}


def _splits(folders: set[str]) -> dict[str, str]:
    """The folders among these, side by side, that are named like a split, with what each stands for."""
    read = {folder: _read_words(folder) for folder in folders}
    return {
        folder: split
        for folder, (split, rest) in read.items()
        if split and (not rest or any(r == rest and s not in (None, split) for s, r in read.values()))
    }


def _read_words(folder: str) -> tuple[str | None, tuple[str, ...]]:
    """The split that a folder's name mentions, if one, and its other words: "seg_train2017" -> "train", ("seg",)."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", folder))  # TrainImages
    words = re.findall(r"[^\W\d_]+", spaced.casefold())
    named = {word: _WORDS[match[1]] for word in words if (match := _WORD.fullmatch(word))}
    rest = tuple(word for word in words if word not in named and not re.fullmatch(_FILLERS, word))
    return (next(iter(named.values())) if len(set(named.values())) == 1 else None), rest


def _check_names(path: Path, class_names: list[str]) -> None:
    """No two classes whose names a person would take for the same: Cat and cat, "dog" and "dog "."""
    seen: dict[str, str] = {}
    for class_name in class_names:
        visible = "".join(c for c in unicodedata.normalize("NFKC", class_name) if unicodedata.category(c) != "Cf")
        key = unicodedata.normalize("NFKC", " ".join(re.split(r"[\s_]+", visible.casefold().strip(" _\t"))))
        if key in seen:
            raise DataError(
                f"{path}: the class folders {seen[key]!r} and {class_name!r} differ only in capitals, spaces or the "
                "form of a letter. Give them one name if they are one class, else clearly different ones."
            )
        seen[key] = class_name


def _check_amounts(path: Path, amounts: Counter[tuple[str, str]], class_names: list[str]) -> None:
    if len(class_names) < 2:
        raise DataError(f"{path}: there is one class only, {class_names[0]}. Put the pictures into a folder a class.")
    given = {split for split, _ in amounts} - {"train"}
    least = {"train": _LEAST_TO_SPLIT - len(given), **dict.fromkeys(sorted(given), 1)}
    for class_name in class_names:
        for split, needed in least.items():
            if amounts[split, class_name] < needed:
                raise DataError(
                    f"{path}: class {class_name} has {amounts[split, class_name]} pictures for {split}, it needs "
                    f"{needed} or more, so that every split shows every class. Add some or leave the class out."
                )


def _some(folders: list[str]) -> str:
    """The first few, and how many more."""
    return ", ".join(folders[:3]) + (f" and {len(folders) - 3} more" if len(folders) > 3 else "")
