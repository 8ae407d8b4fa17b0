"""Run a learner's code so that nothing it does (loop, print, raise, recurse) reaches the notebook as a traceback."""

import contextlib
import contextvars
import ctypes
import io
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["SECONDS", "Outcome", "TimeIsUp", "run", "trying"]

SECONDS = 5.0  # what a small input may take at most
PRINTED = 2000  # characters of output kept
STOPPING_SECONDS = 1.0  # for how long a runaway answer is asked to stop


class TimeIsUp(BaseException):
    """Raised inside a runaway answer; not an Exception, so that `except Exception` does not hold it up."""


@dataclass(frozen=True)
class Outcome:
    """What became of a piece of work.

    Attributes:
        error: what it raised, or None.
        printed: what it wrote to standard output and error, at most 2,000 characters.
        seconds: how long it took, as far as it was waited for.
        timed_out: whether it took longer than the limit, whether or not it came to an end.
        still_running: whether it also refused to stop.
        trying: what `trying` was told last.
    """

    error: BaseException | None
    printed: str
    seconds: float
    timed_out: bool
    still_running: bool
    trying: str


class _Worker(threading.Thread):
    """The thread in which the work is done; a daemon, so that a runaway one does not keep the kernel alive."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(name="exercise", daemon=True)
        self.work = work
        self.error: BaseException | None = None
        self.ended: float | None = None  # of the monotonic clock
        self.trying = ""
        # NumPy's error state and the kernel's idea of the current cell travel in the context.
        self.context = contextvars.copy_context()

    def run(self) -> None:
        try:
            self.context.run(self.work)
        except BaseException as error:
            self.error = error
        finally:
            self.ended = time.monotonic()


class _Bounded(io.TextIOBase):
    """Keeps the first characters written and drops the rest, so that a printing loop cannot fill the memory."""

    def __init__(self) -> None:
        self.kept = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.kept += text[: max(0, PRINTED - len(self.kept))]
        return len(text)


def run(work: Callable[[], Any], seconds: float | None = None) -> Outcome:
    """Do a piece of work in a thread of its own and wait for it, but not for ever.

    A thread, because signals do not exist for this on Windows and functions defined in a notebook cannot be sent to
    another process. At the limit an exception is raised inside the thread. Code that catches everything may run on,
    but it no longer holds up the notebook. One long step in C, such as `sum(range(10**9))` or a regular expression
    that goes astray, lets no other thread have its turn: nothing can end it from inside, and it is called late once it
    is over.

    Args:
        work: called without arguments.
        seconds: the limit; 5 by default.

    Returns:
        What became of it. Nothing is raised, except KeyboardInterrupt where the reader stops the cell.
    """
    worker = _Worker(work)
    written = _Bounded()
    limit = SECONDS if seconds is None else seconds
    with contextlib.redirect_stdout(written), contextlib.redirect_stderr(written):
        began = time.monotonic()
        worker.start()
        try:
            worker.join(limit)
            # The worker's own clock: this thread may have had no turn between the limit and the end.
            seconds = (worker.ended or time.monotonic()) - began
            timed_out = worker.is_alive() or seconds > limit
        finally:
            _stop(worker)
    return Outcome(worker.error, written.kept, seconds, timed_out, worker.is_alive(), worker.trying)


def trying(what: str) -> None:
    """Note what is being tried, so that the verdict on an endless loop can name the input."""
    worker = threading.current_thread()
    if isinstance(worker, _Worker):
        worker.trying = what


def _stop(worker: _Worker) -> None:
    """Ask a runaway thread to end, more than once, because it may catch what is raised in it."""
    deadline = time.monotonic() + STOPPING_SECONDS
    while worker.is_alive() and time.monotonic() < deadline:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident or 0), ctypes.py_object(TimeIsUp))
        worker.join(0.05)
