"""Figures of experiments too long for a lesson: recorded once, with all that is needed to judge them, and shown."""

import base64
import datetime
import html
import io
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from course_utils import files, paths

__all__ = ["Recorded", "load", "save", "show", "versions"]

# Bytes of pictures and weights in one record: it is kept in the repository and read by every learner.
LARGEST = 1_000_000
PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn")


@dataclass(frozen=True)
class Recorded:
    """Figures of an earlier run, with all that is needed to judge them.

    Attributes:
        name: such as "04_programs".
        figures: what was measured, as plain numbers, lists and dictionaries.
        data: the data set, by its full name.
        seeds: the seeds of the runs.
        date: the day of the recording, YYYY-MM-DD.
        versions: package to version.
        pictures: by name, uint8 arrays (height, width) or (height, width, 3).
        weights: by name, float32 arrays.
    """

    name: str
    figures: Any
    data: str
    seeds: tuple[int, ...]
    date: str
    versions: dict[str, str]
    pictures: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    weights: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def __str__(self) -> str:
        packages = ", ".join(f"{package} {version}" for package, version in self.versions.items())
        return f"recorded on {self.date}: {self.data}, seeds {', '.join(map(str, self.seeds))}, {packages}"

    __repr__ = __str__

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """One line, paler than the text around it, in a light theme and in a dark one."""
        return {"text/plain": str(self), "text/html": f'<p style="opacity:0.7;margin:0">{html.escape(str(self))}</p>'}


def versions() -> dict[str, str]:
    """The version of each package that figures depend on, and of Python."""
    return {package: metadata.version(package) for package in PACKAGES} | {"python": platform.python_version()}


def save(
    name: str,
    figures: Any,
    *,
    data: str,
    seeds: Sequence[int],
    pictures: Mapping[str, NDArray[np.uint8]] | None = None,
    weights: Mapping[str, NDArray[np.floating]] | None = None,
    folder: Path,
) -> str:
    """Write a record.

    Args:
        name: the notebook's number and a word, such as "04_programs".
        figures: plain numbers, strings, lists and dictionaries.
        data: the data set, by its full name, such as "CIFAR-10 (JPEG copy)".
        seeds: the seeds of the runs.
        pictures: by name, uint8 arrays (height, width) or (height, width, 3); kept as PNG.
        weights: by name, arrays of a small network; kept as float32.
        folder: where to; `course record` writes to data/results.

    Returns:
        One line that says what was written.

    Raises:
        TypeError: the figures hold something that JSON cannot, such as an array. Use `.tolist()` or `float(...)`.
        ValueError: a figure is not a finite number, a picture holds something else than bytes, or pictures and weights
            take more than a megabyte.
    """
    content = {
        "name": name,
        "data": data,
        "seeds": list(seeds),
        "date": datetime.date.today().isoformat(),
        "versions": versions(),
        "figures": figures,
    }
    encoded = {
        "pictures": {key: _png(name, picture) for key, picture in (pictures or {}).items()},
        "weights": {key: _npy(array) for key, array in (weights or {}).items()},
    }
    size = sum(len(text) for texts in encoded.values() for text in texts.values())
    if size > LARGEST:
        raise ValueError(f"Pictures and weights of a record take at most {LARGEST:,} bytes. {name} has {size:,}.")
    content |= {kind: texts for kind, texts in encoded.items() if texts}
    text = json.dumps(content, indent=1, allow_nan=False)
    folder.mkdir(parents=True, exist_ok=True)
    files.write_text(folder / f"{name}.json", text + "\n")
    return f"Recorded as {name}.json"


def load(name: str) -> Recorded:
    """Read figures that the course publishes, by the name that was given to `save`.

    Raises:
        FileNotFoundError: nothing was recorded under this name.
    """
    file = paths.results_folder() / f"{name}.json"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in paths.results_folder().glob("*.json"))) or "none"
        raise FileNotFoundError(f"No figures are recorded as {name!r}. Recorded: {known}.")
    content = json.loads(file.read_text(encoding="utf-8"))
    return Recorded(
        name=content["name"],
        figures=content["figures"],
        data=content["data"],
        seeds=tuple(content["seeds"]),
        date=content["date"],
        versions=content["versions"],
        pictures={key: _pixels(text) for key, text in content.get("pictures", {}).items()},
        weights={key: _array(text) for key, text in content.get("weights", {}).items()},
    )


def show(name: str) -> Recorded:
    """Show in one line where recorded figures come from, and give them; arguments are those of `load`."""
    from IPython.display import display

    record = load(name)
    display(record)
    return record


def _png(name: str, picture: NDArray[np.uint8]) -> str:
    if picture.dtype != np.uint8 or picture.ndim not in (2, 3):
        raise ValueError(
            f"A picture of a record is a uint8 array (height, width) or (height, width, 3). "
            f"{name} has one of {picture.dtype} and shape {picture.shape}."
        )
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG", optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def _npy(array: NDArray[np.floating]) -> str:
    stream = io.BytesIO()
    np.save(stream, np.asarray(array, dtype=np.float32), allow_pickle=False)
    return base64.b64encode(stream.getvalue()).decode()


def _pixels(text: str) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))


def _array(text: str) -> NDArray[np.float32]:
    return np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False)
