"""What an executed notebook tells: slow cells, claims, verdicts, data, and where it departs from the stored one."""

import re
from typing import Any

from nbformat import NotebookNode

from course_utils.tooling.report_schema import first_problem, plain

__all__ = ["CLAIMS", "VERDICT", "compare", "harvest"]

CLAIMS = "application/vnd.course.claims+json"  # what `claims.review` shows: all of a lesson in one bundle
VERDICT = "application/vnd.course.verdict+json"
# The line that `datasets.load` prints.
DATA_LINE = re.compile(r".+: [\d,]+ training, .* test images, .*; from .+")
SLOWEST = 5
LONGEST_TEXT = 2000


def harvest(executed: NotebookNode) -> dict[str, Any]:
    """The values of `NotebookResult` that come from the executed notebook, by name."""
    cells = _numbered(executed)
    remarks: list[str] = []
    timed = [(cell.metadata.get("papermill", {}).get("duration") or 0.0, number, cell) for number, cell in cells]
    slowest = sorted(timed, key=lambda entry: -entry[0])[:SLOWEST]
    return {
        "code_cells": len(cells),
        "slowest": [
            {"cell": number, "seconds": round(seconds, 3), "code": cell.source[:LONGEST_TEXT]}
            for seconds, number, cell in slowest
            if seconds > 0
        ],
        "claims": _records(cells, CLAIMS, "claim", {"unit": "", "enforced": True}, remarks),
        "verdicts": _records(cells, VERDICT, "verdict", {"message": ""}, remarks),
        "data": _data_lines(cells),
        "remarks": remarks,
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
    cells: list[tuple[int, NotebookNode]], kind: str, part: str, otherwise: dict[str, Any], remarks: list[str]
) -> list[dict[str, Any]]:
    """The bundles of one type that keep to the schema, with the keys that may be missing filled in.

    Anything may stand under a type that a notebook chose, so of every other bundle a line is added to `remarks`.
    """
    found = []
    for number, cell in cells:
        for output in cell.get("outputs", []):
            for record in _of_kind(output.get("data", {}), kind):
                problem = _problem(record, part)
                if problem:
                    remarks.append(f"cell {number} shows a {part} that cannot be read: {problem}")
                else:
                    found.append({**otherwise, **plain(record)})
    return found


def _of_kind(bundle: dict[str, Any], kind: str) -> list[Any]:
    """The records of one type in one output; what is no list of claims counts as one record that cannot be read."""
    found = [bundle[kind]] if kind in bundle else []
    if kind == CLAIMS:
        found = [one for shown in found for one in _listed(shown)]
    return found


def _listed(shown: Any) -> list[Any]:
    claims = shown.get("claims") if isinstance(shown, dict) else None
    return claims if isinstance(claims, list) else [shown]


def _problem(record: Any, part: str) -> str:
    try:
        return first_problem(plain(record), part)
    except (ValueError, RecursionError) as error:
        return f"{type(error).__name__}: {error}"


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
            parts.append(str(output.get("data", {}).get("text/plain", output.get("evalue", ""))))
    return "\n".join(line.rstrip() for line in "".join(parts).strip().splitlines())
