"""One picture of the reader's own, by its path."""

import difflib
from pathlib import Path

import numpy as np

from course_utils.datasets.errors import DataError, reason
from course_utils.datasets.pictures import decode, meant_as_picture

__all__ = ["pixels_of", "read_picture"]

NAMED = 8  # names of files in a message


def read_picture(path: str | Path) -> np.ndarray:
    """Read a picture as a camera or a telephone writes it, upright and in RGB.

    Args:
        path: of the file, such as "holiday.jpg" for one beside the notebook.

    Returns:
        uint8, shape (height, width, 3).

    Raises:
        DataError: there is no such file, or it is no picture that can be read; the message says what to do.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        here = _pictures_here(file.name)
        raise DataError(f"There is no picture {str(path)!r}. Copy it beside the notebook, or give its path. {here}")
    return pixels_of(file.read_bytes(), file.name)


def _pictures_here(wanted: str) -> str:
    """Names of pictures in the working folder, those first that are spelled most like the one that was wanted."""

    def alike(name: str) -> float:
        return difflib.SequenceMatcher(None, name.lower(), wanted.lower()).ratio()

    names = [file.name for file in Path.cwd().glob("*") if file.is_file() and meant_as_picture(file.name, b"")]
    names = sorted(sorted(names), key=alike, reverse=True)
    more = ", …" if len(names) > NAMED else ""
    return f"Pictures here: {', '.join(names[:NAMED])}{more}." if names else "There is no picture here at all."


def pixels_of(content: bytes, name: str) -> np.ndarray:
    """The same for a file that is in memory already, such as one that was uploaded.

    Args:
        content: of the file.
        name: of the file, for the message.
    """
    try:
        return decode(content).pixels
    except Exception as error:  # Pillow has many kinds
        advice = "" if "save it as" in str(error).lower() else " Save it as JPEG or PNG."
        raise DataError(f"{name} cannot be read as a picture: {reason(error)}.{advice}") from error
