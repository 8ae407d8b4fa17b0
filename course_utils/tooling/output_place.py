"""Where a command may write: below build, or outside the project where nobody else has put anything."""

import sys
from pathlib import Path

from course_utils import paths
from course_utils.errors import WrongUse

__all__ = ["check_file", "check_folder", "check_own_folder", "prepare_folder"]

# Left in every folder outside the project that a command fills; a command empties and overwrites only where it lies.
MARKER = ".made_by_course"


def prepare_folder(place: Path) -> Path:
    """Make a folder for results, unless something there could be lost.

    Args:
        place: below the build folder, or anywhere outside the project; in the second case new, empty, or filled by a
            command of the course before.

    Returns:
        The same path.

    Raises:
        WrongUse: it is, holds, or lies inside something of the project, somebody else's files are in it, or it cannot
            be written. Nothing has been changed.
    """
    try:
        ours = _check(place)
        names = {entry.name for entry in place.iterdir()} if place.exists() else set()
        if not ours and names and MARKER not in names:
            raise WrongUse(
                f"{place} holds files that no command of the course has made. Name a new or an empty folder with --out."
            )
        place.mkdir(parents=True, exist_ok=True)
        if not ours:
            (place / MARKER).touch()
    except OSError as error:
        raise WrongUse(f"{place} cannot be written ({error.strerror}). Name another folder with --out.") from error
    return place


def check_folder(place: Path) -> Path:
    """Refuse a folder that is, holds or lies inside something of the project, except below the build folder."""
    _is_below_build(place)
    return place


def check_file(place: Path) -> Path:
    """Refuse a file in the project, except below the build folder, and outside of it one that is there already."""
    if not _check(place) and place.exists():
        raise WrongUse(f"{place} is there already. Name a new file with --out, or delete it first.")
    return place


def check_own_folder(folder: Path) -> Path:
    """Refuse a folder of the project that is a link to another part of it, such as notebooks/mine to notebooks."""
    if not _is_own(folder):
        raise WrongUse(f"{folder} is a link to a part of the course that it would overwrite. Remove the link.")
    return folder


def _check(place: Path) -> bool:
    """Whether a place is below the build folder; neither it nor a link directly in it may belong to the project."""
    real, ours = _real(place), _is_below_build(place)
    for entry in real.iterdir() if real.is_dir() else ():
        if _real(entry) != entry:  # a link: what is written to it lands elsewhere
            _is_below_build(entry)
    return ours


def _is_below_build(place: Path) -> bool:
    """Whether a place is below the build folder; one that belongs to the project otherwise is refused."""
    real, build = _real(place), paths.build_folder()
    if _is_own(build) and _contains(_real(build), real):
        return True
    if folder := _part_of_the_project(real):
        raise WrongUse(
            f"{place} belongs to the course: it is, holds or lies inside {folder}. "
            "Name a folder below build, or one outside the project, with --out."
        )
    return False


def _is_own(folder: Path) -> bool:
    """Whether a folder lies where its path says, or leads out of the project."""
    real = _real(folder)
    return real == _real(folder.parent) / folder.name or not _part_of_the_project(real)


def _part_of_the_project(real: Path) -> Path | None:
    """The folder of the project that a place is, holds or lies inside."""
    folders = [paths.project_root(), Path(__file__).parent.parent]
    if sys.prefix != sys.base_prefix:
        folders.append(Path(sys.prefix))  # a virtual environment, which is often in the project but need not be
    return next((it for it in folders if _contains(_real(it), real) or _contains(real, _real(it))), None)


def _contains(outer: Path, inner: Path) -> bool:
    """Whether a folder is another one or lies above it, asking the system, which may not mind upper and lower case."""
    return any(outer == place or _same(outer, place) for place in (inner, *inner.parents))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False


def _real(place: Path) -> Path:
    try:
        return place.resolve()
    except RuntimeError as error:
        raise WrongUse(f"{place} is a link that leads to itself. Name another place with --out.") from error
