"""How the course answers in a notebook: a sign and a word, then text, as plain text, as HTML and as data."""

import html
import math
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

__all__ = [
    "Code",
    "Links",
    "Panel",
    "Table",
    "bar",
    "is_headless",
    "number",
    "show",
    "shows_bars",
    "somebody_can_answer",
]

# Only a line at the left carries colour; the text keeps the colour of the theme, light or dark.
# Both readings of each hue are at least 3:1 on white and on JupyterLab's dark grey.
COLOURS = {"good": "#3d8f5a", "bad": "#c9533c", "neutral": "#8a8a8a", "note": "#4a86c5"}
CELL = "text-align:left;vertical-align:top;padding:0.2em 0.8em 0.2em 0"  # of a table
Item = TypeVar("Item")
DIGITS = 4  # significant digits shown; the data keeps them all


@dataclass(frozen=True)
class Code:
    """A piece of code, or of output, that keeps its line breaks."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows under a heading.

    Attributes:
        head: one short text for each column.
        rows: as many texts in every row; a text may hold `code` between backticks.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Links:
    """A list of places to go to.

    Attributes:
        to: what each is called, and its address, such as "04_keras_code.ipynb#cell-id=a1b2c3"; "" for none.
    """

    to: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Panel:
    """A short answer of the course to the reader.

    Attributes:
        sign: one character that tells the outcome without colour, "✓".
        word: the outcome in words, "Correct".
        title: what it is about.
        body: paragraphs (str, with `code` between backticks), pieces of code, tables, and links.
        tone: "good", "bad", "neutral" or "note": the colour of the line at the left.
        data: written into the notebook as JSON under `application/vnd.course.<kind>+json`.
        kind: "claim", "verdict", "answer" and the like; "" for none.
    """

    sign: str
    word: str
    title: str
    body: Sequence[str | Code | Links | Table] = ()
    tone: str = "neutral"
    kind: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """The panel as plain text."""
        head = f"{self.sign} {self.word}" + (f" · {self.title}" if self.title else "")
        return "\n".join([head, *(_plain(part) for part in self.body)])

    def html(self) -> str:
        """The panel as HTML: no script, no class of any theme, nothing loaded from elsewhere."""
        head = f"<strong>{html.escape(self.sign)} {html.escape(self.word)}</strong>"
        if self.title:
            head += f" · {_inline(self.title)}"
        style = f"border-left:4px solid {COLOURS[self.tone]};padding:0.3em 0 0.3em 0.9em;margin:0.4em 0"
        body = "".join(_marked_up(part) for part in self.body)
        # The class keeps JupyterLab from reading a dollar sign as mathematics.
        return f'<div class="tex2jax_ignore" style="{style}"><div>{head}</div>{body}</div>'

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": self.text(), "text/html": self.html()}
        if self.kind:
            bundle[f"application/vnd.course.{self.kind}+json"] = self.data
        return bundle


def show(panel: Panel) -> None:
    """Display a panel in a notebook; print it anywhere else."""
    from IPython.display import display

    display(panel)


def is_headless() -> bool:
    """Whether the notebook runs without a reader.

    The variable COURSE_HEADLESS says so, "0" for no and anything else for yes; where it is not set, the cell that runs.
    A plain Python process is not headless by itself.
    """
    setting = os.environ.get("COURSE_HEADLESS", "")
    return setting != "0" if setting else _may_ask_back() is False


def shows_bars() -> bool:
    """Whether somebody may look at a progress bar: on a terminal, and nowhere else."""
    return sys.stderr.isatty() and not is_headless()


def bar(items: Iterable[Item], title: str) -> Iterable[Item]:
    """The items, one after the other, with a progress bar where somebody may look at it."""
    from tqdm import tqdm  # needed here only

    return tqdm(items, desc=title, leave=False, disable=not shows_bars())


def somebody_can_answer() -> bool:
    """Whether the cell that runs was sent by a front end that can ask a person back, such as JupyterLab."""
    return _may_ask_back() is True


def _may_ask_back() -> bool | None:
    """What the request says that runs the cell; None where no cell runs: in a plain process, or behind a button.

    nbval, nbclient and papermill send every cell with `allow_stdin` false, whatever the environment says. The message
    of a button says nothing about it.
    """
    if "IPython" not in sys.modules:  # a plain process, which need not import it to learn that it has no kernel
        return None
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    request = kernel.get_parent("shell") if kernel else {}
    if request.get("header", {}).get("msg_type") != "execute_request":
        return None
    return bool(request.get("content", {}).get("allow_stdin", False))


def number(value: float, unit: str = "") -> str:
    """A number for reading: four significant digits, thousands apart, the unit behind.

    Example:
        >>> number(295040.0), number(0.68812, "s")
        ('295,040', '0.6881 s')
    """
    value = float(value)
    if value.is_integer() and abs(value) < 1e15:
        text = f"{int(value):,}"
    elif not math.isfinite(value) or not 1e-4 <= abs(value) < 1e15:
        text = f"{value:.{DIGITS}g}"
    else:
        places = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
        text = f"{value:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit}" if unit else text


def _plain(part: str | Code | Links | Table) -> str:
    if isinstance(part, Code):
        return "\n".join(f"    {line}" for line in part.text.splitlines())
    if isinstance(part, Links):
        return "\n".join(f"- {name}" for name, _ in part.to)
    if isinstance(part, Table):
        lines = [part.head, *part.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(part.head))]
        return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
    return part


def _marked_up(part: str | Code | Links | Table) -> str:
    if isinstance(part, Code):
        return f'<pre style="margin:0.4em 0;white-space:pre-wrap"><code>{html.escape(part.text)}</code></pre>'
    if isinstance(part, Links):
        rows = (f'<a href="{html.escape(to)}">{_inline(name)}</a>' if to else _inline(name) for name, to in part.to)
        return f'<ul style="margin:0.4em 0">{"".join(f"<li>{row}</li>" for row in rows)}</ul>'
    if isinstance(part, Table):
        head = "".join(f'<th scope="col" style="{CELL}">{_inline(text)}</th>' for text in part.head)
        rows = ("".join(f'<td style="{CELL}">{_inline(text)}</td>' for text in row) for row in part.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f'<table style="margin:0.4em 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div style="margin-top:0.3em;white-space:pre-line">{_inline(part)}</div>'


def _inline(text: str) -> str:
    """Escape, and turn `code` between backticks into code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text))
