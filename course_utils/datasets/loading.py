"""`load`: a name in, three splits of images out."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from course_utils import files
from course_utils.datasets import registry
from course_utils.datasets.benchmarks import BENCHMARKS, Benchmark
from course_utils.datasets.cards import Card
from course_utils.datasets.contents import Checked, check
from course_utils.datasets.dataset import Dataset, Split
from course_utils.datasets.errors import DataError, printable
from course_utils.datasets.photographs import Photographs, load_photographs
from course_utils.datasets.splitting import default_validation, stratified_choice, stratified_split
from course_utils.datasets.storage import LARGEST, Contents, read

__all__ = ["load", "read_stored"]

_FOLDER = "folder:"
_MADE = ("shapes", "cutouts")  # on the spot, each by a package of its own


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
        train, validation, test: numbers of images; None for all (for `shapes` and `cutouts`: their defaults). Every
            class is in every split; an amount below the number of classes leaves some out.
        seed: 0 or more.
        quiet: print nothing.
        **knobs: see `shapes.load_shapes` and `cutouts.load_cutouts`; for "folder:PATH", size=PIXELS or
            size=(height, width); for "flowers", size=PIXELS from 32 to 224.

    Returns:
        A Dataset: uint8 images (n, height, width, channels), int64 labels (n,). "photographs" are Photographs: name ->
        uint8 (height, width, 3).

    Raises:
        DataError: the data is not there, damaged, or the name is unknown; the line says what to do.
        ValueError, TypeError: an amount is not possible, or a knob is unknown or belongs to another data set.
    """
    amounts = {"train": train, "validation": validation, "test": test}
    _check_arguments(name, amounts, seed)
    if name == "photographs":
        return _load_photographs(amounts, knobs, quiet)
    load_one = _load_made if name in _MADE else _load_real
    data, source = load_one(name, amounts, seed, knobs)
    if not quiet:
        print(_line(data, source))
    return data


def read_stored(path: Path, name: str) -> tuple[Contents, Checked]:
    """Read and check a file of the data home.

    Raises:
        DataError: it is missing, damaged, or not what the name promises.
    """
    if not files.is_file(path):
        raise DataError(f"{name} is not in the data home ({path.parent}). {registry.remedy(name)}")
    benchmark = BENCHMARKS.get(name)
    remedy = f"Delete or replace it. {registry.remedy(name)}"
    contents = read(path, remedy=remedy, limit=_largest(benchmark) if benchmark else LARGEST)
    try:
        return contents, check(contents, benchmark)
    except ValueError as error:
        raise DataError(f"{path} does not hold {name}: {error}. {remedy}") from error


def _check_arguments(name: Any, amounts: dict[str, Any], seed: Any) -> None:
    if not isinstance(name, str):
        raise ValueError(f"name is a text such as 'digits' or 'folder:PATH'. Received: {name!r}.")
    for split, amount in amounts.items():
        if amount is not None and not (_is_whole(amount) and amount >= 1):
            raise ValueError(f"{split} is a number of images, at least 1, or None for all. Received: {amount!r}.")
    if not (_is_whole(seed) and seed >= 0):
        raise ValueError(f"seed is a whole number, 0 or more. Received: {seed!r}.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _load_made(name: str, amounts: dict[str, int | None], seed: int, knobs: dict[str, Any]) -> tuple[Dataset, str]:
    generator = getattr(import_module(f"course_utils.datasets.{name}"), f"load_{name}")
    return generator(**amounts, seed=seed, **knobs), "the generator on this machine"


def _load_photographs(amounts: dict[str, int | None], knobs: dict[str, Any], quiet: bool) -> Photographs:
    given = [*(split for split, amount in amounts.items() if amount is not None), *sorted(knobs)]
    if given:
        raise ValueError(f"'photographs' has neither splits nor settings. Received: {', '.join(given)}. Leave it out.")
    photographs = load_photographs(registry.card("photographs"))
    if not quiet:
        print(f"photographs: {len(photographs)} whole photographs by name; from scikit-image and scikit-learn.")
    return photographs


def _load_real(name: str, amounts: dict[str, int | None], seed: int, knobs: dict[str, Any]) -> tuple[Dataset, str]:
    sized = name.startswith(_FOLDER) or name == "flowers"
    if knobs and not (sized and knobs.keys() <= {"size"}):
        raise ValueError(f"{name!r} takes no setting called {', '.join(map(repr, sorted(knobs)))}.")
    if name == "flowers":
        side = knobs.get("size", 224)
        if not (_is_whole(side) and 32 <= side <= 224):
            raise ValueError(f"size of 'flowers' is a whole number of pixels from 32 to 224. Received: {side!r}.")
    checked, card, source = _find(name, knobs)
    data = _assemble(name, checked, card, amounts, seed)
    return _resized(data, knobs["size"]) if name == "flowers" and knobs else data, source


def _resized(data: Dataset, side: int) -> Dataset:
    """The same pictures, each of side x side pixels: after the draw, so that only those in use are resized."""
    if side == data.train.x.shape[1]:
        return data
    splits = {}
    for name in ("train", "validation", "test"):
        split = getattr(data, name)
        pictures = [Image.fromarray(x).resize((side, side), Image.Resampling.LANCZOS) for x in split.x]
        splits[name] = Split(np.stack(pictures), split.y)
    return replace(data, **splits)


def _find(name: str, knobs: dict[str, Any]) -> tuple[Checked, Card, str]:
    """The arrays behind a name, their card, and in three words where they come from."""
    if name == "digits":
        from course_utils.datasets.digits import CLASS_NAMES, read_digits

        return Checked(read_digits(), CLASS_NAMES), registry.card(name), "scikit-learn"
    if name.startswith(_FOLDER):
        from course_utils.datasets.importing import read_images

        path = Path(name.removeprefix(_FOLDER)).expanduser()
        images = read_images(path, **knobs)
        left_out = f", {images.left_out} left out as hidden or no picture" if images.left_out else ""
        copy = f"read from {path.name}{left_out}"
        card = registry.describe_copy(registry.card(name), images.remark, copy)
        return Checked(images.splits, images.class_names), card, f"the folder or archive {path.name}{left_out}"
    if name not in registry.names():
        raise DataError(registry.unknown(name))
    path = registry.stored_path(name)
    contents, checked = read_stored(path, name)
    record = contents.record
    copy = f"{record['how']} {record['from']}" if record else "placed by hand"
    note = printable(str(contents.arrays["note"])) if "note" in contents.arrays else ""
    return checked, registry.describe_copy(registry.card(name), note, copy), f"the data home ({copy})"


def _assemble(name: str, checked: Checked, card: Card, amounts: dict[str, int | None], seed: int) -> Dataset:
    """Hold out validation images where there are none yet, draw the amounts asked for."""
    indices = {split: np.arange(len(y)) for split, (_, y) in checked.splits.items()}
    arrays = dict(checked.splits)
    if "validation" not in arrays:
        labels = arrays["train"][1]
        count = default_validation(labels)
        # Not the user's seed: what validates in one run must not train in another.
        indices["train"], indices["validation"] = stratified_split(labels, count, np.random.default_rng(0))
        arrays["validation"] = arrays["train"]
    splits = {}
    for stream, split in enumerate(("train", "validation", "test")):
        x, y = arrays[split]
        rng = np.random.default_rng([seed, stream])  # a draw of its own: one amount never changes another split
        chosen = _draw(indices[split], y, amounts[split], rng, split, card.label)
        splits[split] = Split(x, y) if len(chosen) == len(y) else Split(x[chosen], y[chosen])
    return Dataset(name=name, **splits, class_names=checked.class_names, card=card)


def _draw(
    indices: np.ndarray, labels: np.ndarray, amount: int | None, rng: np.random.Generator, split: str, label: str
) -> np.ndarray:
    if amount is None or amount == len(indices):
        return indices
    if amount > len(indices):
        raise ValueError(f"{label} has {len(indices):,} {split} images. Received: {split}={amount}.")
    return indices[stratified_choice(labels[indices], amount, rng)]


def _line(data: Dataset, source: str) -> str:
    height, width, channels = data.train.x.shape[1:]
    return (
        f"{data.card.label}: {len(data.train):,} training, {len(data.validation):,} validation and "
        f"{len(data.test):,} test images, {height}x{width}x{channels}, {len(data.class_names)} classes; from {source}."
    )


def _largest(benchmark: Benchmark) -> int:
    """Most bytes that a stored benchmark can need: a byte a value, eight a label, a mebibyte for the rest."""
    height, width, channels = benchmark.shape
    images = benchmark.n_train + benchmark.n_validation + benchmark.n_test
    return images * (height * width * channels + 8) + 2**20
