"""Where things lie: the project's folders, the data home and the learner's state."""

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = [
    "build_folder",
    "data_folder",
    "data_home",
    "my_notebooks_folder",
    "notebooks_folder",
    "project_root",
    "results_folder",
    "state_folder",
]


def project_root() -> Path:
    """The folder that holds README.md, notebooks and course_utils.

    The course is installed in place, so the folder above the package is the project. The current folder and those
    above it are looked at second, for a package that was installed as a wheel.

    Raises:
        FileNotFoundError: neither holds a folder called notebooks.
    """
    beside_package = Path(__file__).resolve().parent.parent
    here = Path.cwd()
    for folder in (beside_package, here, *here.parents):
        if (folder / "notebooks").is_dir() and (folder / "pyproject.toml").is_file():
            return folder
    raise FileNotFoundError(
        f"The course's notebooks were not found above {here}. Go to the folder that holds the course's README.md."
    )


def notebooks_folder() -> Path:
    """The stored notebooks, as they are published."""
    return project_root() / "notebooks"


def my_notebooks_folder() -> Path:
    """The learner's working copies; git does not look at them."""
    return notebooks_folder() / "mine"


def build_folder() -> Path:
    """What a run makes: executed notebooks, reports, editions."""
    return project_root() / "build"


def data_folder() -> Path:
    """What the course brings along: recorded figures, the glossary, small weights.

    It is the project's folder `data`, which a wheel carries as `course_data` beside this package.
    """
    installed = Path(__file__).resolve().parent.parent / "course_data"
    return installed if installed.is_dir() else project_root() / "data"


def results_folder() -> Path:
    """Figures recorded by the full profile and by the benchmarks."""
    return data_folder() / "results"


def data_home() -> Path:
    """Where data sets are kept: the variable COURSE_DATA, else the user's cache folder. Absolute."""
    return _named("COURSE_DATA") or _user_folder("cache") / "data"


def state_folder() -> Path:
    """Where the learner's progress is kept: the variable COURSE_STATE, else the user's data folder. Absolute."""
    return _named("COURSE_STATE") or _user_folder("data")


def _named(variable: str) -> Path | None:
    """The folder that a variable names, counted from the current one; None where it names none."""
    name = os.environ.get(variable)
    if not name:
        return None
    with suppress(RuntimeError):  # "~somebody", whom this machine does not know: a folder of that name then
        return Path(name).expanduser().absolute()
    return Path(name).absolute()


def _user_folder(kind: str) -> Path:
    """The folder that each system sets aside for programs: kind is "cache" or "data"."""
    name = "image-classification-course"
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else _home() / "AppData" / "Local") / name
    if sys.platform == "darwin":
        return _home() / "Library" / ("Caches" if kind == "cache" else "Application Support") / name
    variable, default = {"cache": ("XDG_CACHE_HOME", ".cache"), "data": ("XDG_DATA_HOME", ".local/share")}[kind]
    base = os.environ.get(variable)
    return (Path(base) if base else _home() / default) / name


def _home() -> Path:
    """The home folder; the project's own build folder where the machine has no home for this user."""
    try:
        return Path.home()
    except RuntimeError:
        return build_folder() / "home"
