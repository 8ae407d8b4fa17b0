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

from course_utils.tooling.run_family import ENDING_SECONDS, MARK, end_all, find_family

__all__ = ["NotebookProcess"]


class NotebookProcess:
    """A child process that runs one notebook, see `run_family` and `one_notebook`, and all the processes below it.

    It leads a session of its own, so that Ctrl-C in the terminal reaches the run and not the notebook.

    Args:
        command: the command line, without the interpreter.
        folder: its working folder.
        environment: variables to set beside those of this process.
        log: file that gets what it writes on its error stream.

    Raises:
        OSError: the log cannot be written, or the process cannot be started.

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
                [sys.executable, "-m", "course_utils.tooling.run_family", *command],
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

    def stop(self) -> None:
        """Have everything ended, without waiting for it."""
        if self._child.stdin:
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
        if self.running():
            self._child.kill()
        left = end_all(lambda: find_family(None, self._mark, self._seen))
        if self._child.stdout:
            self._child.stdout.close()
        numbers = ", ".join(str(process.pid) for process in sorted(left, key=lambda process: process.pid))
        return f"could not be ended and goes on, process {numbers}" if left else ""


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []
