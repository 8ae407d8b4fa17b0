"""One line that moves while the machine works: what is done, what comes, and the time left."""

import sys
from types import TracebackType

from tqdm import tqdm

from course_utils.display import somebody_can_answer

__all__ = ["MovingLine"]

LOOK = "{bar:20} {desc} ({remaining} left)"
_open: list["MovingLine"] = []  # whose blocks are running


class MovingLine:
    """A line for what may take longer than two seconds, used in a `with` statement.

    It moves before a reader, in JupyterLab and on a terminal; anywhere else, such as in a stored notebook, the last
    state is printed once, at the end. A line inside the block of another one is silent.

    Args:
        total: how much there is to do, in any unit.

    Example:
        >>> with MovingLine(total=3) as line:
        ...     for number in range(3):
        ...         line.show(number + 1, f"network {number + 1} of 3")
        network 3 of 3
    """

    def __init__(self, total: float) -> None:
        self._text, self._silent = "", bool(_open)
        self._moves = not self._silent and (somebody_can_answer() or sys.stdout.isatty())
        self._bar = tqdm(total=total, file=sys.stdout, disable=not self._moves, bar_format=LOOK, mininterval=0.25)

    def __enter__(self) -> "MovingLine":
        _open.append(self)
        return self

    def show(self, done: float, text: str) -> None:
        """Say how far it is: so much of the total, and a text such as "run 1 of 3: linear, seed 2"."""
        self._text = text
        self._bar.set_description_str(text, refresh=False)
        self._bar.update(done - self._bar.n)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the last state, and say so where the work was broken off."""
        _open.remove(self)
        self._bar.close()
        if self._text and not self._silent and not self._moves:
            print(self._text + (", stopped" if kind else ""))
