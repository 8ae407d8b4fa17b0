"""One run at a time in one folder: a lock file that names the process that holds it."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from course_utils.tooling.run_results import RunRefused

__all__ = ["held"]

# A lock file without contents is one that is being written; after this time its writer is dead.
WRITING_SECONDS = 10


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder for the time of the block.

    A lock whose process is gone is removed: a machine that lost its power must not need a hand.

    Raises:
        RunRefused: a living process holds the lock, or the folder cannot be written.
    """
    lock = folder / "lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _take(lock)
    except OSError as error:
        raise RunRefused(f"{folder} cannot be written ({error.strerror}). Name another folder with --out.") from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _take(lock: Path) -> None:
    mine = {"pid": os.getpid(), "started": psutil.Process().create_time(), "host": socket.gethostname()}
    for _ in range(3):  # a second turn after a stale lock, a third one where another process was quicker
        try:
            with lock.open("x", encoding="utf-8") as file:
                json.dump(mine, file)
            return
        except FileExistsError:
            holder = _read(lock)
            if _alive(holder, lock):
                break
            _remove_stale(lock, holder)
    who = f"process {holder.get('pid', 'unknown')} on {holder.get('host', 'this machine')}"
    raise RunRefused(f"Another run ({who}) uses {lock.parent}. Wait for it, or name another folder with --out.")


def _read(lock: Path) -> dict[str, Any]:
    """Who holds the lock; {} where the file is gone, empty or damaged."""
    try:
        read = json.loads(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) and {"pid", "started", "host"} <= read.keys() else {}


def _alive(holder: dict[str, Any], lock: Path) -> bool:
    if not holder:
        try:
            return time.time() - lock.stat().st_mtime < WRITING_SECONDS
        except FileNotFoundError:
            return False
    if holder.get("host") != socket.gethostname():
        return True  # on a folder that machines share nobody can tell from here
    try:
        # Numbers of processes are used again; the time of the start tells the new holder from the old.
        return abs(psutil.Process(holder["pid"]).create_time() - holder["started"]) < 1
    except (psutil.Error, TypeError, ValueError):
        return False


def _remove_stale(lock: Path, holder: dict[str, Any]) -> None:
    """Rename before removing: of two processes that find the same stale lock only one can rename it."""
    aside = lock.with_name(f"lock.stale.{os.getpid()}")
    try:
        lock.rename(aside)
    except FileNotFoundError:
        return
    if _read(aside) != holder:  # the other process was quicker, and this is its lock
        aside.rename(lock)
        return
    aside.unlink()
