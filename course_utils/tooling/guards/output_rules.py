"""Rules for the stored outputs of a notebook."""

import re
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.tooling.dependencies import code_fingerprint
from course_utils.tooling.guards.finding import Breaches, code_cells, outputs, prose, tags

__all__ = [
    "executed_in_order",
    "images_have_alt_text",
    "last_cell_compared",
    "no_absolute_paths",
    "no_memory_addresses",
    "no_stderr",
    "outputs_belong",
    "size",
]

LARGEST = 1_000_000  # bytes a notebook: what a reviewer and a slow network can take
DATA_ADDRESS = re.compile(r"data:[\w/+.-]+;base64,[\w+/=]*")
# A path of two parts or more that begins at a root; not the middle of an address, of a fraction or of a tag.
ABSOLUTE = re.compile(r"(?<![\w.:/<\\~-])/(?:[\w.+-]+/)+[\w.+-]*|\b[A-Za-z]:\\\w[^\s'\"]*|file://\S+")
MEMORY = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def executed_in_order(notebook: NotebookNode) -> Breaches:
    """Every code cell was executed, from top to bottom, in one session: nbval compares no other cell."""
    for number, (place, cell) in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != number:
            yield place, f"expected execution count {number}, found {cell.execution_count}"
            return  # it says all: those after it are wrong for the same reason


def outputs_belong(notebook: NotebookNode) -> Breaches:
    """The outputs were made by the code that stands above them."""
    stored = notebook.metadata.get("course", {}).get("code")
    if stored == code_fingerprint(notebook):
        return
    yield "", "the outputs are of other code; run: course store"


def no_stderr(notebook: NotebookNode) -> Breaches:
    """Nothing was written to stderr: warnings are mended at their cause."""
    for place, output in outputs(notebook):
        if output.output_type == "stream" and output.name == "stderr":
            yield place, f"wrote {output.text.strip()[:80]!r}"


def no_absolute_paths(notebook: NotebookNode) -> Breaches:
    """No output names a folder of the author's machine."""
    yield from _search(notebook, ABSOLUTE)


def no_memory_addresses(notebook: NotebookNode) -> Breaches:
    """No output shows where an object lies in memory: it differs each time and tells nothing."""
    yield from _search(notebook, MEMORY)


def size(notebook: NotebookNode) -> Breaches:
    """The notebook's file is smaller than a megabyte."""
    length = len(nbformat.writes(notebook).encode())
    if length >= LARGEST:
        yield "", f"{length:,} bytes, expected fewer than {LARGEST:,}"


def last_cell_compared(notebook: NotebookNode) -> Breaches:
    """The last code cell shows something and nbval compares it: so a cell that was skipped is noticed."""
    last = [cell for _, cell in code_cells(notebook)][-1:]
    if not any("nbval-check-output" in tags(cell) and cell.outputs for cell in last):
        yield "", "the last code cell needs an output and the tag nbval-check-output"


def images_have_alt_text(notebook: NotebookNode) -> Breaches:
    """Every picture has a text for those who do not see it, in a form that survives every export."""
    for place, output in outputs(notebook):
        data = output.get("data", {})
        texts = _alt_texts(data.get("text/html", ""))
        has_image = any(kind.startswith("image/") for kind in data)
        if (has_image and not texts) or "" in texts:
            yield place, "has a picture without alt text; use plots.picture"
    if "" in _alt_texts(prose(notebook)) or re.search(r"!\[\s*\]\(", prose(notebook)):
        yield "a text cell", "has a picture without alt text"


def _alt_texts(text: str) -> list[str]:
    """The alternative text of each img element, "" where it has none."""
    return [" ".join(re.findall(r"""\balt=["'](.*?)["']""", tag)).strip() for tag in re.findall(r"<img\b[^>]*>", text)]


def _search(notebook: NotebookNode, pattern: re.Pattern[str]) -> Breaches:
    """A breach for each output in whose text, pictures aside, the pattern occurs."""
    for place, output in outputs(notebook):
        found = (pattern.search(DATA_ADDRESS.sub("", text)) for text in _texts(output))
        if match := next(filter(None, found), None):
            yield place, f"shows {match[0][:80]!r}"


def _texts(value: Any, kind: str = "") -> Iterator[str]:
    """Every text inside an output, however deep, except encoded pictures."""
    if isinstance(value, str):
        if not kind.startswith("image/") or kind == "image/svg+xml":
            yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, key if "/" in key else kind)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, kind)
