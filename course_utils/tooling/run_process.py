"""The process of one notebook, with everything it starts: start it, watch it, end it."""

import contextlib
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

__all__ = ["MARK", "NotebookProcess", "end_family"]

# Environment variable by which everything that a notebook starts is found again.
MARK = "COURSE_NOTEBOOK_PROCESS"
KILL_SECONDS = 5


class NotebookProcess:
    """A child process that runs one notebook, see `one_notebook`, and all the processes below it.

    It leads a session of its own, so that Ctrl-C in the terminal reaches the run and not the notebook.

    Args:
        command: the command line, without the interpreter.
        folder: its working folder.
        environment: variables to set beside those of this process.
        log: file that gets what it writes on its error stream.

    Attributes:
        peak_memory: bytes, the largest sum over the tree seen by `sample`.
    """

    def __init__(self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str], log: Path) -> None:
        self._began = time.monotonic()
        self.peak_memory = 0
        self._mark = uuid.uuid4().hex
        self._seen: dict[psutil.Process, float] = {}
        with log.open("wb") as errors:
            # The child reads its standard input to learn of our end: the pipe closes with this process.
            self._child = subprocess.Popen(
                [sys.executable, *command],
                cwd=folder,
                env={**os.environ, **environment, MARK: self._mark},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                # Windows knows no sessions; there a group of its own does it (by reading, untried).
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        self._root = psutil.Process(self._child.pid)

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self._began

    @property
    def cpu_seconds(self) -> float:
        """User and system time of the tree, as far as `sample` saw it."""
        return sum(self._seen.values())

    def running(self) -> bool:
        """Whether the child is there still."""
        return self._child.poll() is None

    def sample(self) -> int:
        """Look at the tree once: who is there, how much memory (bytes, returned), how much processor time."""
        memory = 0
        for process in _tree(self._root):
            with contextlib.suppress(psutil.Error):
                times = process.cpu_times()
                memory += process.memory_info().rss
                self._seen[process] = times.user + times.system
        self.peak_memory = max(self.peak_memory, memory)
        return memory

    def result(self) -> dict[str, Any] | None:
        """What the child reported, once it has ended; None where it ended without a word."""
        text = self._child.stdout.read() if self._child.stdout else b""
        try:
            read = json.loads(text)
        except ValueError:
            return None
        return read if isinstance(read, dict) else None

    @property
    def exit_status(self) -> int | None:
        """As `subprocess` gives it: negative for a signal."""
        return self._child.poll()

    def end(self) -> None:
        """End whatever of the tree is there still, also what the child left behind. Nothing to do is fine."""
        end_family(self._mark)
        self._child.wait()
        if self._child.stdin:
            self._child.stdin.close()


def end_family(mark: str) -> None:
    """Kill every process that carries a mark in its environment, this one excepted, and wait until they are gone.

    Whatever a notebook starts inherits the mark: its kernel, which leads a session of its own, and also a daemon that
    has cut itself off from its parents, which following the tree or signalling a group would miss.
    """
    family = [process for process in psutil.process_iter() if process.pid != os.getpid() and _carries(process, mark)]
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.kill()
    until = time.monotonic() + KILL_SECONDS
    while time.monotonic() < until and any(map(_alive, family)):
        time.sleep(0.01)


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark
    except (psutil.Error, OSError):  # another user's, or gone
        return False


def _alive(process: psutil.Process) -> bool:
    """Whether a killed process still holds anything; one that waits to be collected by its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []
