"""One run at a time in one folder."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from course_utils import files
from course_utils.tooling.run_results import RunRefused

__all__ = ["held"]


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder for the time of the block, and say there who holds it.

    Raises:
        RunRefused: another run holds the lock, or the folder cannot be written.
    """
    # Beside the lock: Windows lets nobody read a file that is locked.
    holder = folder / "holder.txt"
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(files.locked(folder / "lock", seconds=0))
            files.write_text(holder, f"process {os.getpid()} on {socket.gethostname()}")
        except TimeoutError as error:
            raise RunRefused(
                f"Another run ({_read(holder)}) uses {folder}. Wait for it, or name another folder with --out."
            ) from error
        except OSError as error:
            why = error.strerror or error
            raise RunRefused(f"{folder} cannot be written ({why}). Name another folder with --out.") from error
        yield


def _read(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8", errors="replace")[:200]
    except OSError:  # it has only begun
        return "that has just begun"
