"""How a command takes notebooks: any number of them, by number or by name."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from course_utils.tooling import catalogue

__all__ = ["chosen", "notebooks_argument"]


def notebooks_argument(*, required: bool = False) -> Callable[[Any], Any]:
    """The argument `notebooks` of a command."""
    return click.argument("notebooks", nargs=-1, required=required, metavar="NOTEBOOK...")


def chosen(words: Sequence[str]) -> list[catalogue.Lesson]:
    """The lessons that are asked for, "00,04" and "00 04" alike; all of them where nothing is asked for.

    Raises:
        click.UsageError: one of them does not exist.
    """
    try:
        return catalogue.choose([part for word in words for part in word.replace(",", " ").split()])
    except catalogue.UnknownLesson as error:
        raise click.UsageError(str(error)) from error
