"""A command and everything that it starts, ended together.

`python -m course_utils.tooling.run_family ARGUMENTS...` runs Python with these arguments. When that is over, or as soon
as standard input closes because the caller stops it or is gone, whatever it has started is ended too.

On Linux this process takes in every process below it that has lost its parent, so that none gets out of sight, not even
one with a session and an environment of its own. Elsewhere, and where this process itself is killed, processes are
found by having been seen below it, or by a mark in their environment.
"""

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence

import psutil

__all__ = ["ENDING_SECONDS", "MARK", "end_all", "find_family", "main"]

# Environment variable by which what a notebook starts is found again.
MARK = "COURSE_NOTEBOOK_PROCESS"
POLITE_SECONDS = 2.0  # between asking a process to end and killing it
KILL_SECONDS = 5.0  # for how long killing is tried; a process that waits for a broken disk cannot be killed
ENDING_SECONDS = POLITE_SECONDS + KILL_SECONDS
LOOK_SECONDS = 0.05
BECOME_REAPER = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; see the module. Returns its exit status, 128 and the signal's number where a signal ended it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(BECOME_REAPER, 1, 0, 0, 0)
    closed = threading.Event()
    threading.Thread(target=_wait_for_end_of_input, args=(closed,), daemon=True).start()
    child = subprocess.Popen([sys.executable, *(arguments or sys.argv[1:])], stdin=subprocess.DEVNULL)
    while child.poll() is None and not closed.wait(LOOK_SECONDS):
        pass
    end_all(lambda: find_family(psutil.Process(), os.environ.get(MARK, "")))
    status = child.poll()
    if status is None:
        return 1
    return status if status >= 0 else 128 - status


def find_family(root: psutil.Process | None, mark: str, known: Iterable[psutil.Process] = ()) -> set[psutil.Process]:
    """The living processes below one, those that carry a mark, and those of some known ones that live still.

    Args:
        root: it does not count itself; None where it is gone.
        mark: value of the variable MARK; "" for none.
        known: seen before. A process that got the number of one of them is another one.
    """
    found = set(known)
    with contextlib.suppress(psutil.Error):
        found.update(root.children(recursive=True) if root else ())
    if mark:
        found.update(process for process in psutil.process_iter() if _carries(process, mark))
    return {process for process in found if process.pid not in (os.getpid(), root and root.pid) and _alive(process)}


def end_all(find: Callable[[], set[psutil.Process]]) -> set[psutil.Process]:
    """Ask processes to end, then kill them, again and again, because they may start others meanwhile.

    Args:
        find: gives those that live still.

    Returns:
        Those that could not be ended in seven seconds.
    """
    began, asked, quiet = time.monotonic(), set(), 0
    left = set()
    while quiet < 2 and (waited := time.monotonic() - began) < ENDING_SECONDS:
        left = find()
        quiet = 0 if left else quiet + 1  # twice, because one that is born during a look may be missed
        for process in left:
            with contextlib.suppress(psutil.Error):
                if waited > POLITE_SECONDS:
                    process.kill()
                elif process not in asked:
                    asked.add(process)
                    process.terminate()
        time.sleep(LOOK_SECONDS)
    return left


def _wait_for_end_of_input(closed: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 1024):  # not sys.stdin: the interpreter could not close it while this thread reads
            pass
    closed.set()


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark
    except (psutil.Error, OSError):  # another user's, or gone
        return False


def _alive(process: psutil.Process) -> bool:
    """Whether a process still holds anything; one that waits to be collected by its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


if __name__ == "__main__":
    sys.exit(main())
