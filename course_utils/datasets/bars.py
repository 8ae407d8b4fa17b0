"""Progress bars for what may take longer than two seconds: on a terminal, and nowhere else."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TypeVar

from course_utils.display import is_headless

__all__ = ["bar", "shows_bars"]

Item = TypeVar("Item")


def shows_bars() -> bool:
    """Whether somebody may look at a bar."""
    return sys.stderr.isatty() and not is_headless()


def bar(items: Iterable[Item], title: str) -> Iterable[Item]:
    """The items, one after the other, with a bar where somebody may look at it."""
    from tqdm import tqdm  # needed here only

    return tqdm(items, desc=title, leave=False, disable=not shows_bars())
