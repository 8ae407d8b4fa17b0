"""One picture of the reader's own, by its path."""

from pathlib import Path

import numpy as np

from course_utils.datasets.errors import DataError
from course_utils.datasets.pictures import decode, without_warnings

__all__ = ["pixels_of", "read_picture"]


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
        beside = sorted(found.name for found in Path.cwd().glob("*") if found.is_file())[:8]
        here = f"Here are: {', '.join(beside)}." if beside else "Here is no file at all."
        raise DataError(f"There is no picture {str(path)!r}. Copy it beside the notebook, or give its path. {here}")
    return pixels_of(file.read_bytes(), file.name)


def pixels_of(content: bytes, name: str) -> np.ndarray:
    """The same for a file that is in memory already, such as one that was uploaded.

    Args:
        content: of the file.
        name: of the file, for the message.
    """
    try:
        with without_warnings():
            return decode(content).pixels
    except Exception as error:  # Pillow has many kinds
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise DataError(f"{name} cannot be read as a picture: {reason}. Save it as JPEG or PNG.") from error
