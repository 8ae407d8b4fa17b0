"""One line that moves while the machine works: what is done, what comes, and the seconds left."""

import sys
import time
from types import TracebackType
from typing import Any

from course_utils.display import somebody_can_answer

__all__ = ["MovingLine"]

EVERY = 0.25  # seconds between two changes: what the eye follows
BAR = 20  # characters
_open: list["MovingLine"] = []  # whose blocks are running


class MovingLine:
    """A line for what may take longer than two seconds, used in a `with` statement.

    In JupyterLab it moves in one output, on a terminal in one row; anywhere else, such as in a stored notebook, the
    last state is printed once, at the end, without its seconds. A line inside the block of another one is silent.

    Attributes:
        total: how much there is to do, in any unit.
        text: what was said last.

    Example:
        >>> with MovingLine(total=3) as line:
        ...     for number in range(3):
        ...         line.show(number + 1, f"network {number + 1} of 3")
        network 3 of 3
    """

    def __init__(self, total: float) -> None:
        """Start the clock.

        Args:
            total: how much there is to do, in any unit.
        """
        self.total, self.text = total, ""
        self._started, self._shown = time.monotonic(), 0.0
        self._alive, self._terminal = somebody_can_answer(), sys.stdout.isatty()
        self._place: Any = None
        self._silent = bool(_open)

    def __enter__(self) -> "MovingLine":
        _open.append(self)
        return self

    def show(self, done: float, text: str) -> None:
        """Say how far it is.

        Args:
            done: of the total.
            text: such as "network 1 of 3, epoch 2 of 6, accuracy 0.62".
        """
        self.text = text
        now = time.monotonic()
        if not self._silent and (self._alive or self._terminal) and now - self._shown >= EVERY:
            self._shown = now
            share = min(1.0, done / self.total) if self.total else 0.0
            filled = round(BAR * share)
            left = f", about {(now - self._started) * (1 - share) / share:.0f} s left" if share else ""
            self._write(f"{'█' * filled}{'░' * (BAR - filled)} {text}{left}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the last state."""
        _open.remove(self)
        self.close(stopped=kind is not None)

    def close(self, *, stopped: bool = False) -> None:
        """Leave the last state, and say so where the work was broken off."""
        seconds = f", {time.monotonic() - self._started:.0f} s" if self._alive or self._terminal else ""
        if self.text and not self._silent:
            self._write(self.text + seconds + (", stopped" if stopped else ""), last=True)

    def _write(self, line: str, *, last: bool = False) -> None:
        if self._alive:
            from IPython.display import HTML, display

            shown = HTML(f'<pre style="margin:0">{line}</pre>')
            if self._place is None:
                self._place = display(shown, display_id=True)
            else:
                self._place.update(shown)
        elif self._terminal:
            print(f"\r\x1b[2K{line}", end="\n" if last else "", flush=True)
        else:
            print(line)
