"""A process with everything that it starts: started, watched, ended together.

`python -m course_utils.tooling.run_process ARGUMENTS...` runs Python with these arguments. When that is over, or as
soon as standard input closes because the caller stops it or is gone, whatever it has started is ended too.

On Linux that process takes in every process below it that has lost its parent, so that none gets out of sight, not even
one with a session and an environment of its own. Elsewhere, and where it is killed itself, processes are found by
having been seen below it, or by a mark in their environment.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

__all__ = ["NotebookProcess", "Stop", "at_end_of_input", "end_all", "find_family", "main", "stop_signals"]

# Environment variable by which what a notebook starts is found again.
MARK = "COURSE_NOTEBOOK_PROCESS"
POLITE_SECONDS = 2.0  # between asking a process to end and killing it
KILL_SECONDS = 5.0  # for how long killing is tried; a process that waits for a broken disk cannot be killed
ENDING_SECONDS = POLITE_SECONDS + KILL_SECONDS
LOOK_SECONDS = 0.05
BECOME_REAPER = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h


class NotebookProcess:
    """A child process that runs one notebook, and all the processes below it.

    It leads a session of its own, so that Ctrl-C in the terminal reaches the run and not the notebook.

    Args:
        command: the command line, without the interpreter.
        folder: its working folder.
        environment: variables to set beside those of this process.
        log: file that gets what it writes on its error stream.

    Raises:
        OSError: the log cannot be written, or the process cannot be started.
    """

    def __init__(self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path) -> None:
        self._began = time.monotonic()
        self.peak_memory = 0  # bytes, the largest sum over the tree seen by `sample`
        self._mark = uuid.uuid4().hex
        self._seen: dict[psutil.Process, float] = {}
        with log.open("wb") as errors:
            # The child reads its standard input to learn of our end: the pipe closes with this process.
            self._child = subprocess.Popen(
                [sys.executable, "-m", "course_utils.tooling.run_process", *command],
                cwd=folder,
                env={**os.environ, **environment, MARK: self._mark},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                # Windows knows no sessions; there a group of its own does it (by reading, untried).
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self._began

    @property
    def cpu_seconds(self) -> float:
        """User and system time of the tree, as far as `sample` saw it."""
        return sum(self._seen.values())

    @property
    def exit_status(self) -> int | None:
        """As `subprocess` gives it: None while it runs, negative for a signal."""
        return self._child.poll()

    def sample(self) -> int:
        """Look at the tree once: who is there, how much memory (bytes, returned), how much processor time."""
        memory, tree = 0, []
        with contextlib.suppress(psutil.Error):
            root = psutil.Process(self._child.pid)
            tree = [root, *root.children(recursive=True)]
        for process in tree:
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                memory += process.memory_info().rss
                self._seen[process] = times.user + times.system
        self.peak_memory = max(self.peak_memory, memory)
        return memory

    def result(self) -> dict[str, Any] | None:
        """What the child reported, once it has ended; None where it ended without a word."""
        try:
            return json.load(self._child.stdout)
        except ValueError:
            return None

    def stop(self) -> None:
        """Have everything ended, without waiting for it."""
        with contextlib.suppress(OSError):
            self._child.stdin.close()

    def end(self) -> str:
        """End whatever of the tree is there still, also what the child left behind. Nothing to do is fine.

        Returns:
            "", or a line that names what could not be ended. It takes half a minute at most.
        """
        self.stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(ENDING_SECONDS + 2)  # it ends its family; a moment more than that may take
        self._child.kill()
        left = end_all(lambda: find_family(None, self._mark, self._seen))
        self._child.stdout.close()
        numbers = ", ".join(str(process.pid) for process in sorted(left, key=lambda process: process.pid))
        return f"could not be ended and goes on, process {numbers}" if left else ""


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


@dataclass
class Stop:
    """Whether somebody asked for an end. A plain value: an Event's lock may be held when the signal comes."""

    asked: bool = False


@contextlib.contextmanager
def stop_signals() -> Iterator[Stop]:
    """Note Ctrl-C, SIGTERM and a closed terminal, in place of what they do otherwise; the second of them interrupts."""
    stop = Stop()

    def ask(*_: Any) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = True

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, ask) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> int:
    """Run a command; see the module. Returns its exit status, 128 and the signal's number where a signal ended it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(BECOME_REAPER, 1, 0, 0, 0)
    closed = threading.Event()
    at_end_of_input(closed.set)
    child = subprocess.Popen([sys.executable, *sys.argv[1:]], stdin=subprocess.DEVNULL)
    while child.poll() is None and not closed.wait(LOOK_SECONDS):
        pass
    end_all(lambda: find_family(psutil.Process(), os.environ.get(MARK, "")))
    status = child.poll()
    if status is None:
        return 1
    return status if status >= 0 else 128 - status


def at_end_of_input(act: Callable[[], object]) -> None:
    """Have a thread do something when standard input closes: whoever started this process stops it, or is gone."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1024):  # not sys.stdin: the interpreter could not close it while this thread reads
                pass
        act()

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
