"""The exceptions of the data floor, and the check of a number that somebody asks for."""

import errno
import math
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError

__all__ = ["DataError", "MachineError", "check_range", "machine_error", "printable", "reason"]

# What the system answers where a path or a damaged file's contents are wrong; every other answer is about the machine.
WRONG_FILE = {None, errno.EINVAL, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


class DataError(CourseError):
    """Data cannot be had as asked. The message is one line: it names the file and the next thing to do."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class MachineError(DataError):
    """A file that may be whole could not be read, for want of memory, of rights, of a sound disk: it is to be kept."""


def machine_error(path: Path | str, error: Exception) -> MachineError | None:
    """What to raise where the machine is to blame for an error in reading a file; None where the file may be.

    Args:
        path: the file, as it is to be named.
        error: what reading it raised.
    """
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        return MachineError(f"{path}: there is not enough memory to read it. Close other notebooks and programs.")
    if isinstance(error, PermissionError):
        return MachineError(f"{path} may not be read. Change its permissions.")
    if number in WRONG_FILE:
        return None
    return MachineError(f"{path} could not be read ({reason(error)}). Look at the disk or network drive and try again.")


def reason(error: BaseException) -> str:
    """An error's own words on one line, without the path that some repeat."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (text.strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def printable(text: str) -> str:
    """Text on one line without control characters.

    Names come from the files of strangers: a line feed or an escape code in one must not reach a terminal.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def check_range(name: str, value: Any, low: float, high: float = math.inf, *, whole: bool = False) -> None:
    """Refuse what is no number from low to high.

    Raises:
        ValueError: the value is no number, out of the range, or not whole where it has to be.
    """
    if isinstance(value, bool) or not isinstance(value, Integral if whole else Real) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        most = "or more" if high == math.inf else f"to {high}"
        raise ValueError(f"Expected {name} to be {kind}, {low} {most}. Received: {value!r}.")
