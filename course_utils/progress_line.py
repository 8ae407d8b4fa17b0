"""One line that moves while the machine works: what is done, what comes, and the time left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from course_utils.display import somebody_can_answer

__all__ = ["progress_line"]

ROW = "{bar:20} {desc} ({remaining} left)"  # as tqdm writes it


@contextmanager
def progress_line() -> Iterator[Callable[[float, str], None]]:
    """A line for work of more than two seconds: it moves before a reader, in JupyterLab and on a terminal.

    Anywhere else, such as in a stored notebook, the last state is printed once, at the end; ", stopped" behind it where
    the work was broken off. The block is given a function to say how far it is: a share from 0 to 1, and a text.

    Example:
        >>> with progress_line() as say:
        ...     for number in range(3):
        ...         say((number + 1) / 3, f"network {number + 1} of 3")
        network 3 of 3
    """
    moves = somebody_can_answer() or sys.stdout.isatty()
    row = tqdm(total=1, file=sys.stdout, disable=not moves, bar_format=ROW, mininterval=0.25)
    last = ""

    def say(done: float, text: str) -> None:
        nonlocal last
        last = text
        row.set_description_str(text, refresh=False)
        row.update(done - row.n)

    try:
        yield say
    except BaseException:
        last = last and f"{last}, stopped"
        raise
    finally:
        row.close()
        if last and not moves:
            print(last)
