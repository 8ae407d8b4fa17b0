"""Files that are written whole or not at all, and a lock that only its living holder has."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

__all__ = ["is_file", "locked", "write_bytes", "write_text", "written_whole"]

# What a file system answers that knows no locks, as some network drives do.
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}
LONGEST_STEM = 40  # characters of a file's name in that of its unfinished version: names have a longest length


def is_file(path: Path) -> bool:
    """Whether there is a file; a place that may not be looked at has none for this user, as one that is not there."""
    try:
        return path.is_file()
    except OSError:
        return False


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A new binary file that takes the place of `path` when the block ends well and vanishes when it does not.

    Whoever reads meanwhile, or after a crash, finds the old file or the whole new one.

    Args:
        path: the file; its folder exists.

    Raises:
        OSError: the file cannot be written; the old one is intact.
    """
    # Not the tempfile module: its files are for their owner alone, and a class may share a folder.
    part = path.with_name(f".{path.stem[:LONGEST_STEM]}-{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # on the disk before it gets its name: a machine may lose its power
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_bytes(path: Path, contents: bytes) -> None:
    """Write a file whole or not at all; see `written_whole`."""
    with written_whole(path) as file:
        file.write(contents)


def write_text(path: Path, text: str) -> None:
    """Write text whole or not at all: UTF-8, newlines as they are, half a pair of characters as a question mark."""
    write_bytes(path, text.encode("utf-8", errors="replace"))


@contextmanager
def locked(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold the lock that a file stands for, during the block.

    The system keeps the lock with the open file, so that it ends with its process, however that ends: there is no
    stale lock. The file itself stays. Where the file system has no locks, the block runs without one.

    Args:
        path: the lock's file; its folder is made where there is none.
        seconds: how long to wait for another holder.

    Raises:
        TimeoutError: another process or thread held the lock all the while.
        OSError: the file cannot be opened.
    """
    import filelock  # 0.1 s, needed by those who write only

    lock = filelock.FileLock(path, timeout=seconds, fallback_to_soft=False)
    try:
        lock.acquire()
    except TimeoutError:
        raise TimeoutError(f"another program has held {path.name} for {seconds:g} seconds") from None
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
    try:
        yield
    finally:
        lock.release()
