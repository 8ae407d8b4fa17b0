"""What an executed notebook tells: slow cells, claims, verdicts and data."""

import re
from typing import Any

from nbformat import NotebookNode

from course_utils.tooling.run_results import first_problem, plain

__all__ = ["CLAIMS", "VERDICT", "harvest"]

CLAIMS = "application/vnd.course.claims+json"  # what `claims.review` shows: all of a lesson in one bundle
VERDICT = "application/vnd.course.verdict+json"
# The line that `datasets.load` prints.
DATA_LINE = re.compile(r".+: [\d,]+ training, .* test images, .*; from .+")
SLOWEST = 5
LONGEST_TEXT = 2000


def harvest(executed: NotebookNode) -> dict[str, Any]:
    """The values of `NotebookResult` that come from the executed notebook, by name."""
    cells = _numbered(executed)
    timed = [(cell.metadata.get("papermill", {}).get("duration") or 0.0, number, cell) for number, cell in cells]
    found: dict[str, Any] = {"claims": [], "verdicts": [], "remarks": [], "code_cells": len(cells)}
    found["slowest"] = [
        {"cell": number, "seconds": round(seconds, 3), "code": cell.source[:LONGEST_TEXT]}
        for seconds, number, cell in sorted(timed, key=lambda entry: -entry[0])[:SLOWEST]
        if seconds > 0
    ]
    for number, cell in cells:
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            for claim in _listed(shown[CLAIMS]) if CLAIMS in shown else []:
                _keep(claim, "claim", number, found, {"unit": "", "enforced": True})
            if VERDICT in shown:
                _keep(shown[VERDICT], "verdict", number, found, {"message": ""})
    streams = [output.text for _, cell in cells for output in cell.get("outputs", []) if "text" in output]
    printed = [line for text in streams for line in text.splitlines()]
    found["data"] = list(dict.fromkeys(line for line in printed if DATA_LINE.fullmatch(line)))
    return found


def _numbered(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The author's code cells with their numbers from 1; the cell that papermill adds does not count."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return list(enumerate((c for c in code if "injected-parameters" not in c.metadata.get("tags", [])), start=1))


def _listed(shown: Any) -> list[Any]:
    """The claims of a bundle; what is no list of claims counts as one claim that cannot be read."""
    claims = shown.get("claims") if isinstance(shown, dict) else None
    return claims if isinstance(claims, list) else [shown]


def _keep(record: Any, part: str, number: int, found: dict[str, Any], otherwise: dict[str, Any]) -> None:
    """Add a claim or a verdict to what was found, or a remark: anything may stand under a type that a notebook chose.

    Args:
        record: what the notebook shows.
        part: "claim" or "verdict"; each has its part of the schema.
        number: the cell.
        found: gets it.
        otherwise: the values of keys that may be missing.
    """
    problem = _problem(record, part)
    if problem:
        found["remarks"].append(f"cell {number} shows a {part} that cannot be read: {problem}")
    else:
        found[f"{part}s"].append({**otherwise, **plain(record)})


def _problem(record: Any, part: str) -> str:
    try:
        return first_problem(plain(record), part)
    except (ValueError, RecursionError) as error:
        return f"{type(error).__name__}: {error}"
