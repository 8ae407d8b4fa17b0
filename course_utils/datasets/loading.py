"""`load`: a name in, three splits of images out."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.datasets import registry
from course_utils.datasets.dataset import Card, Dataset, Split
from course_utils.datasets.errors import check_range
from course_utils.datasets.generated.making import made
from course_utils.datasets.photographs import Photographs
from course_utils.datasets.reading import read_splits
from course_utils.datasets.splitting import default_validation, stratified_choice, stratified_split
from course_utils.datasets.storage import Contents, Splits, read

__all__ = ["load"]

_DIGITS_TO_TEST = 360  # a fifth of the 1,797 images


def load(
    name: str,
    *,
    train: int | None = None,
    validation: int | None = None,
    test: int | None = None,
    seed: int = 0,
    quiet: bool = False,
    **knobs: Any,
) -> Dataset | Photographs:
    """Load a data set and print one line about it. Nothing is downloaded and nothing unpickled.

    Which images train, validate and test is the same for every seed; the seed decides which of them a smaller amount
    draws, class by class in proportion (and what `shapes` and `cutouts` make).

    Args:
        name: "digits", "shapes", "cutouts", "photographs", "fashion_mnist", "mnist", "cifar10", "cifar100", "flowers",
            the name of imported pictures, or "folder:PATH" for a folder or archive with one subfolder a class.
        train, validation, test: numbers of images; None for all (for `shapes` and `cutouts`, which make none where 0
            are asked for: their defaults). Every class is in every split; an amount below the number of classes leaves
            some out.
        seed: 0 or more.
        quiet: print nothing.
        **knobs: see `shapes.Knobs` and `cutouts.Knobs`; for "folder:PATH", size=PIXELS.

    Returns:
        A Dataset: uint8 images (n, height, width, channels), int64 labels (n,). "photographs" are Photographs: name ->
        uint8 (height, width, 3).

    Raises:
        DataError: the data is not there, damaged, or the name is unknown; the line says what to do.
        ValueError, TypeError: an amount is not possible, a knob is unknown or belongs to another data set, or the name
            is no text.
    """
    card = registry.card(name)
    given = {"train": train, "validation": validation, "test": test}
    amounts = {split: amount for split, amount in given.items() if amount is not None}
    if name == "photographs":
        if given := [*amounts, *sorted(knobs)]:
            raise ValueError(f"'photographs' has neither splits nor settings. Received: {', '.join(given)}.")
        data = Photographs(card)
        line = f"photographs: {len(data)} whole photographs by name; from scikit-image and scikit-learn."
    elif name in registry.MADE:
        painter = getattr(import_module(f"course_utils.datasets.{name}"), registry.MADE[name])
        data = made(card, painter, amounts, seed, knobs)
        line = _line(data)
    else:
        data = _load_real(name, card, amounts, seed, knobs)
        line = _line(data)
    if not quiet:
        print(line)
    return data


def _line(data: Dataset) -> str:
    height, width, channels = data.train.x.shape[1:]
    return (
        f"{data.card.label}: {len(data.train):,} training, {len(data.validation):,} validation and "
        f"{len(data.test):,} test images, {height}x{width}x{channels}, {len(data.class_names)} classes; "
        f"{data.card.copy or 'from the generator on this machine'}."
    )


def _load_real(name: str, card: Card, amounts: dict[str, int], seed: int, knobs: dict[str, Any]) -> Dataset:
    """A data set of real pictures."""
    for split, amount in amounts.items():
        check_range(split, amount, 1, whole=True)
    check_range("seed", seed, 0, whole=True)
    is_folder = name.startswith(registry.FOLDER)
    if knobs and not (is_folder and knobs.keys() <= {"size"}):
        raise ValueError(f"{name!r} takes no setting called {', '.join(map(repr, sorted(knobs)))}.")
    if name == "digits":
        contents = _digits()
    elif is_folder:
        contents = read_splits(Path(name.removeprefix(registry.FOLDER)).expanduser(), **knobs)
        contents = replace(contents, origin=f"read from {contents.origin}")
    else:
        contents = read(registry.stored_path(name), name)
        contents = replace(contents, origin=f"kept in the data home, {contents.origin}")
    card = replace(card, note=contents.note, copy=contents.origin)
    splits = _drawn(contents.splits, amounts, seed, card.label)
    return Dataset(name, **splits, class_names=contents.class_names, card=card)


def _digits() -> Contents:
    """The handwritten digits inside scikit-learn; the split is the same at every call."""
    from sklearn.datasets import load_digits  # slow to import

    bunch = load_digits()
    images = np.rint(bunch.images * (255 / 16)).astype(np.uint8)[..., None]  # values 0 to 16 become 0 to 255
    labels = bunch.target.astype(np.int64)
    train, test = stratified_split(labels, _DIGITS_TO_TEST, np.random.default_rng(0))
    splits = {"train": (images[train], labels[train]), "test": (images[test], labels[test])}
    return Contents(splits, tuple("0123456789"), "from scikit-learn")


def _drawn(arrays: Splits, amounts: dict[str, int], seed: int, label: str) -> dict[str, Split]:
    """Hold out validation images where there are none yet, draw the amounts asked for."""
    indices = {split: np.arange(len(y)) for split, (_, y) in arrays.items()}
    if "validation" not in arrays:
        labels = arrays["train"][1]
        count = default_validation(labels)
        # Not the user's seed: what validates in one run must not train in another.
        indices["train"], indices["validation"] = stratified_split(labels, count, np.random.default_rng(0))
        arrays = {**arrays, "validation": arrays["train"]}
    splits = {}
    for stream, split in enumerate(("train", "validation", "test")):
        (x, y), chosen = arrays[split], indices[split]
        amount = amounts.get(split, len(chosen))
        if amount > len(chosen):
            raise ValueError(f"{label} has {len(chosen):,} {split} images. Received: {split}={amount}.")
        if amount < len(chosen):
            rng = np.random.default_rng([seed, stream])  # a draw of its own: one amount never changes another split
            chosen = chosen[stratified_choice(y[chosen], amount, rng)]
        splits[split] = Split(x, y) if len(chosen) == len(y) else Split(x[chosen], y[chosen])
    return splits
