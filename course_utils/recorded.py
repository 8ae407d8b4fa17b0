"""Figures recorded by the full profile, shown where a quick run cannot produce them."""

import datetime
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from course_utils import files, paths

__all__ = ["Recorded", "load", "save", "versions"]

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
    """

    name: str
    figures: Any
    data: str
    seeds: tuple[int, ...]
    date: str
    versions: dict[str, str]

    def __str__(self) -> str:
        packages = ", ".join(f"{package} {version}" for package, version in self.versions.items())
        return f"recorded on {self.date}: {self.data}, seeds {', '.join(map(str, self.seeds))}, {packages}"


def versions() -> dict[str, str]:
    """The version of each package that figures depend on, and of Python."""
    return {package: metadata.version(package) for package in PACKAGES} | {"python": platform.python_version()}


def save(name: str, figures: Any, *, data: str, seeds: Sequence[int], date: str | None = None) -> str:
    """Write figures to build/results; `course record` publishes them under data/results.

    Args:
        name: the notebook's number and a word, such as "04_programs".
        figures: plain numbers, strings, lists and dictionaries.
        data: the data set, by its full name, such as "CIFAR-10 (JPEG copy)".
        seeds: the seeds of the runs.
        date: the day of measuring, YYYY-MM-DD, where that was not today.

    Returns:
        One line that says what was written where, relative to the project.

    Raises:
        TypeError: the figures hold something that JSON cannot, such as an array. Use `.tolist()` or `float(...)`.
        ValueError: a figure is not a finite number.
    """
    content = {
        "name": name,
        "data": data,
        "seeds": list(seeds),
        "date": date or datetime.date.today().isoformat(),
        "versions": versions(),
        "figures": figures,
    }
    text = json.dumps(content, indent=1, allow_nan=False)
    folder = paths.build_folder() / "results"
    folder.mkdir(parents=True, exist_ok=True)
    files.write_text(folder / f"{name}.json", text + "\n")
    return f"Recorded as build/results/{name}.json"


def load(name: str) -> Recorded:
    """Read figures that the course publishes.

    Args:
        name: as it was given to `save`.

    Returns:
        The figures with their data, seeds, date and versions. Print it to show where they come from.

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
    )
