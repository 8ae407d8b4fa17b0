"""Friendly errors in `course lab`: short lines for an interrupted cell and for a name that no cell has made yet.

Its kernels call `install`; nbval, papermill and every other front end keep IPython's own tracebacks.
"""

import json
import os
import symtable
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from course_utils.display import Panel, show, somebody_can_answer

__all__ = ["bound_names", "install"]

STOPPED = Panel("■", "Stopped", "", ["Run this cell again when you like."], "neutral")
# Run all goes on to the bottom of the page, whatever fails above. The page is moved a moment later, when the output
# stands in it, and not when the notebook is opened again.
GO_THERE = """\
if (Date.now() < {until})
  setTimeout(() => element.closest(".jp-Cell")?.scrollIntoView({{ block: "center" }}), 300)"""
STILL_RECENT = 20_000  # milliseconds


def install(shell: Any) -> None:
    """Show short lines in place of long tracebacks, and bring the page to a cell that stops *Run all*.

    Args:
        shell: IPython's, as `get_ipython()` gives it.
    """
    finished = 0.0  # when the last cell ended, in seconds

    def after(result: Any) -> None:
        nonlocal finished
        if result.error_in_exec is not None and somebody_can_answer() and _asked_at(shell) < finished:
            _go_there()
        finished = time.time()

    shell.set_custom_exc((KeyboardInterrupt, NameError), _show_shortly)
    shell.events.register("post_run_cell", after)


def bound_names(source: str) -> set[str]:
    """The names that a cell binds at its top level: by assignment, import, loop, function or class.

    What is inside a function or a comprehension has a life of its own; what is no Python binds nothing.
    """
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except SyntaxError:
        return set()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def _show_shortly(
    shell: Any, kind: type[BaseException], error: BaseException, traceback: TracebackType, tb_offset: int | None = None
) -> None:
    """What IPython calls in place of its own traceback."""
    if somebody_can_answer():
        if isinstance(error, KeyboardInterrupt):
            show(STOPPED)
            return
        if isinstance(error, NameError) and _made_above(shell, error.name, traceback):
            above = "Select this cell and choose *Run > Run All Above Selected Cell*, then run it again."
            body = [f"Cells above make it: {above}".replace("*", "")]
            show(Panel("↑", f"There is no {error.name} yet", "", body, "note"))
            return
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def _made_above(shell: Any, name: str, traceback: TracebackType) -> bool:
    """Whether a cell above the running one makes a name that the notebook's own code asked for."""
    while traceback.tb_next:
        traceback = traceback.tb_next
    if traceback.tb_frame.f_globals is not shell.user_ns:
        return False  # a fault of some package
    request = shell.kernel.get_parent("shell")
    try:
        notebook = json.loads(Path(os.environ["JPY_SESSION_NAME"]).read_text(encoding="utf-8"))
        ids = [cell["id"] for cell in notebook["cells"]]
        above = notebook["cells"][: ids.index(request["metadata"]["cellId"])]
    except (KeyError, OSError, ValueError):
        return False  # a console, or a notebook that was never saved
    sources = [shell.transform_cell("".join(cell["source"])) for cell in above if cell["cell_type"] == "code"]
    return any(name in bound_names(source) for source in sources)


def _asked_at(shell: Any) -> float:
    """When the running cell was asked for, in seconds: before the last one ended where several were asked at once."""
    sent = shell.kernel.get_parent("shell").get("header", {}).get("date")
    return sent.timestamp() if sent else time.time()


def _go_there() -> None:
    from IPython.display import Javascript, display

    display(Javascript(GO_THERE.format(until=int(time.time() * 1000) + STILL_RECENT)))
