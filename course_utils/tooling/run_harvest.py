"""What an executed notebook tells: slow cells, claims, verdicts, data, and where it departs from the stored one."""

import re
from typing import Any

from nbformat import NotebookNode

__all__ = ["compare", "harvest"]

CLAIM = "application/vnd.course.claim+json"
VERDICT = "application/vnd.course.verdict+json"
# What a record needs to be one; anything may stand under a type that a notebook chose.
CLAIM_KEYS = {"id", "statement", "measured", "bound", "direction", "margin", "holds", "about_time"}
VERDICT_KEYS = {"id", "status"}
# The line that `datasets.load` prints.
DATA_LINE = re.compile(r".+: [\d,]+ training, .* test images, .*; from .+")
SLOWEST = 5
LONGEST_TEXT = 2000


def harvest(executed: NotebookNode) -> dict[str, Any]:
    """The values of `NotebookResult` that come from the executed notebook, by name."""
    cells = _numbered(executed)
    bundles = [output.get("data", {}) for _, cell in cells for output in cell.get("outputs", [])]
    timed = [(cell.metadata.get("papermill", {}).get("duration") or 0.0, number, cell) for number, cell in cells]
    slowest = sorted(timed, key=lambda entry: -entry[0])[:SLOWEST]
    return {
        "code_cells": len(cells),
        "slowest": [
            {"cell": number, "seconds": round(seconds, 3), "code": cell.source[:LONGEST_TEXT]}
            for seconds, number, cell in slowest
            if seconds > 0
        ],
        "claims": _records(bundles, CLAIM, CLAIM_KEYS, {"unit": "", "enforced": True}),
        "verdicts": _records(bundles, VERDICT, VERDICT_KEYS, {"message": ""}),
        "data": _data_lines(cells),
    }


def compare(executed: NotebookNode, stored: NotebookNode) -> list[dict[str, Any]] | None:
    """The cells tagged `nbval-check-output` whose text is not the stored one.

    Returns:
        One entry a cell, {"cell", "code", "stored", "now"}; None where the notebook has no stored outputs.
    """
    before = [cell for _, cell in _numbered(stored)]
    if not any(cell.get("execution_count") for cell in before):
        return None
    drift = []
    for (number, cell), old in zip(_numbered(executed), before, strict=False):
        if "nbval-check-output" not in cell.metadata.get("tags", []) or not cell.get("execution_count"):
            continue
        now, then = _text(cell), _text(old)
        if now != then:
            code = cell.source[:LONGEST_TEXT]
            drift.append({"cell": number, "code": code, "stored": then[:LONGEST_TEXT], "now": now[:LONGEST_TEXT]})
    return drift


def _numbered(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The author's code cells with their numbers from 1; the cell that papermill adds does not count."""
    code = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    return list(enumerate(code, start=1))


def _records(
    bundles: list[dict[str, Any]], kind: str, needed: set[str], otherwise: dict[str, Any]
) -> list[dict[str, Any]]:
    """The bundles of one type that are whole, with the keys that may be missing filled in."""
    found = [bundle[kind] for bundle in bundles if isinstance(bundle.get(kind), dict)]
    return [{**otherwise, **record} for record in found if needed <= record.keys()]


def _data_lines(cells: list[tuple[int, NotebookNode]]) -> list[str]:
    """Each distinct line that `datasets.load` printed, in order."""
    printed = (
        line
        for _, cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
        for line in output.text.splitlines()
    )
    return list(dict.fromkeys(line for line in printed if DATA_LINE.fullmatch(line)))


def _text(cell: NotebookNode) -> str:
    """What a cell shows as text. Where a stream is cut into pieces is chance, so pieces are joined."""
    parts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            parts.append(output.text)
        else:
            parts.append(output.get("data", {}).get("text/plain", output.get("evalue", "")))
    return "\n".join(line.rstrip() for line in "".join(parts).strip().splitlines())
