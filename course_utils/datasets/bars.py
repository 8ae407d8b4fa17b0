"""Progress bars for what may take longer than two seconds."""

from __future__ import annotations

from typing import Any

from course_utils.display import is_headless

__all__ = ["bar"]


def bar(progress: Any, *, total: int, unit: str, title: str) -> Any:
    """Something with tqdm's `update`, `reset` and `close`.

    Args:
        progress: True for a bar, False for none, None for a bar on a terminal only, or an object of the caller's own
            with tqdm's methods, which is handed back with its total set.
        total: how many units there are.
        unit: "B" for bytes, else a word such as "file".
        title: what stands before the bar.
    """
    if progress not in (True, False, None):
        progress.total = total
        return progress
    from tqdm import tqdm  # needed here only

    # disable=None: tqdm stays silent where its output is no terminal.
    quiet = True if progress is False or is_headless() else (False if progress else None)
    return tqdm(total=total, unit=unit, unit_scale=unit == "B", desc=title, disable=quiet, leave=False)
