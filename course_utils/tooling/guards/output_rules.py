"""Rules for the stored outputs of a notebook."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import nbformat
from nbformat import NotebookNode

from course_utils.tooling.dependencies import code_fingerprint
from course_utils.tooling.guards.finding import Finding, code_cells, tags

__all__ = [
    "executed_in_order",
    "images_have_alt_text",
    "last_cell_compared",
    "no_absolute_paths",
    "no_errors",
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


class _Images(HTMLParser):
    """Collects the alternative text of each img element, "" where it has none."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.texts.append((dict(attrs).get("alt") or "").strip())


def executed_in_order(notebook: NotebookNode) -> list[Finding]:
    """Every code cell was executed, from top to bottom, in one session: nbval compares no other cell."""
    for number, (place, cell) in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != number:  # the first says all: those after it are wrong for the same reason
            message = f"expected execution count {number}, found {cell.execution_count}"
            return [Finding("executed_in_order", place, message)]
    return []


def outputs_belong(notebook: NotebookNode) -> list[Finding]:
    """The outputs were made by the code that stands above them."""
    stored = notebook.metadata.get("course", {}).get("code")
    if stored == code_fingerprint(notebook):
        return []
    return [Finding("outputs_belong", "", "the outputs are of other code; run: course store")]


def no_stderr(notebook: NotebookNode) -> list[Finding]:
    """Nothing was written to stderr: warnings are mended at their cause."""
    return [
        Finding("no_stderr", place, f"wrote {output.text.strip()[:80]!r}")
        for place, output in _outputs(notebook)
        if output.output_type == "stream" and output.name == "stderr"
    ]


def no_errors(notebook: NotebookNode) -> list[Finding]:
    """No cell ends in an error; a lesson shows one with try and except."""
    return [
        Finding("no_errors", place, f"{output.ename}: {output.evalue}"[:120])
        for place, output in _outputs(notebook)
        if output.output_type == "error"
    ]


def no_absolute_paths(notebook: NotebookNode) -> list[Finding]:
    """No output names a folder of the author's machine."""
    return _search(notebook, "no_absolute_paths", ABSOLUTE)


def no_memory_addresses(notebook: NotebookNode) -> list[Finding]:
    """No output shows where an object lies in memory: it differs each time and tells nothing."""
    return _search(notebook, "no_memory_addresses", MEMORY)


def size(notebook: NotebookNode) -> list[Finding]:
    """The notebook's file is smaller than a megabyte."""
    length = len(nbformat.writes(notebook).encode())
    return [Finding("size", "", f"{length:,} bytes, expected fewer than {LARGEST:,}")] if length >= LARGEST else []


def last_cell_compared(notebook: NotebookNode) -> list[Finding]:
    """The last code cell shows something and nbval compares it: so a cell that was skipped is noticed."""
    cells = code_cells(notebook)
    if cells and "nbval-check-output" in tags(cells[-1][1]) and cells[-1][1].outputs:
        return []
    return [Finding("last_cell_compared", "", "the last code cell needs an output and the tag nbval-check-output")]


def images_have_alt_text(notebook: NotebookNode) -> list[Finding]:
    """Every picture has a text for those who do not see it, in a form that survives every export."""
    findings = []
    for place, output in _outputs(notebook):
        data = output.get("data", {})
        reader = _Images()
        reader.feed(data.get("text/html", ""))
        has_image = any(kind.startswith("image/") for kind in data)
        if (has_image and not reader.texts) or "" in reader.texts:
            findings.append(Finding("images_have_alt_text", place, "has a picture without alt text; use plots.picture"))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            reader = _Images()
            reader.feed(cell.source)
            if "" in reader.texts or re.search(r"!\[\s*\]\(", cell.source):
                findings.append(Finding("images_have_alt_text", "a text cell", "has a picture without alt text"))
    return findings


def _outputs(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    for place, cell in code_cells(notebook):
        for output in cell.outputs:
            yield place, output


def _search(notebook: NotebookNode, rule: str, pattern: re.Pattern[str]) -> list[Finding]:
    """A finding for each output in whose text, pictures aside, the pattern occurs."""
    findings = []
    for place, output in _outputs(notebook):
        for text in _texts(output):
            match = pattern.search(DATA_ADDRESS.sub("", text))
            if match:
                findings.append(Finding(rule, place, f"shows {match[0][:80]!r}"))
                break
    return findings


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
