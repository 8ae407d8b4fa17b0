"""What a run of notebooks leaves, read from the executed ones; `report_schema.json` says what each value means."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

__all__ = ["CLAIMS", "SCHEMA", "VERDICT", "NotebookResult", "RunResult", "first_problem", "plain", "read_executed"]

SCHEMA = Path(__file__).with_name("report_schema.json")
LONGEST_PROBLEM = 200
LONGEST_NUMBER = 308  # digits; a float holds no more
CLAIMS = "application/vnd.course.claims+json"  # what `claims.review` shows: all of a lesson in one bundle
VERDICT = "application/vnd.course.verdict+json"
# The line that `datasets.load` prints, of a data set and of whole photographs.
DATA_LINE = re.compile(r".+: ([\d,]+ training, .* test images, .*|\d+ whole photographs by name); .+")
SLOWEST = 5
LONGEST_TEXT = 2000


@dataclass
class NotebookResult:
    """What became of one notebook; the report holds each of these under the same name."""

    name: str
    status: str = "not run"
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int = 0
    message: str = ""
    details: str = ""
    cell: int | None = None
    code_cells: int = 0
    executed: str = ""
    reused: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    slowest: list[dict[str, Any]] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every cell ran."""
        return self.status == "passed"

    def line(self) -> str:
        """One line for the terminal."""
        reused = " (finished by an earlier run, not run again)" if self.reused else ""
        trouble = f"  {self.message}" if self.message else ""
        remarks = "".join(f"\n    {remark}" for remark in self.remarks)
        return f"{self.name:<36} {self.status:<13} {self.seconds:7.1f} s{reused}{trouble}{remarks}"


@dataclass
class RunResult:
    """What became of a run. The report holds all but the last two.

    Attributes:
        folder: where everything was written: notebooks/, report/ and run/.
        unwritten: why the report could not be written; "" where it was.
    """

    profile: str
    parameters: dict[str, Any]
    started: str
    seconds: float
    jobs: int
    threads: int
    interrupted: bool
    notebooks: list[NotebookResult]
    versions: dict[str, str]
    machine: dict[str, Any]
    folder: Path
    unwritten: str = ""

    @property
    def passed(self) -> bool:
        """Whether every notebook ran to its end."""
        return not self.interrupted and all(notebook.passed for notebook in self.notebooks)

    @property
    def exit_status(self) -> int:
        """0 where every notebook passed and the report is there, otherwise 1."""
        return 0 if self.passed and not self.unwritten else 1

    @property
    def report_page(self) -> Path:
        """The page for a browser; report.json and junit.xml lie beside it."""
        return self.folder / "report" / "index.html"

    def counts(self) -> dict[str, int]:
        """How many notebooks met with each status."""
        return dict(Counter(notebook.status for notebook in self.notebooks))

    def summary(self) -> str:
        """One line: how many, what became of them, how long it took."""
        counts = ", ".join(f"{count} {status}" for status, count in self.counts().items())
        stopped = " The run was interrupted; the same command with --resume goes on." if self.interrupted else ""
        total = f"{len(self.notebooks)} notebook{'s' if len(self.notebooks) != 1 else ''}"
        return f"{total} in {self.seconds:.0f} s, profile {self.profile}: {counts}.{stopped}"


def read_executed(executed: NotebookNode) -> dict[str, Any]:
    """The values of `NotebookResult` that an executed notebook tells, by name: slow cells, claims, verdicts, data."""
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


def first_problem(values: Any, part: str = "") -> str:
    """The first place where values break the schema, and how, in one line; "" where they keep to it.

    Args:
        values: plain JSON values.
        part: "notebook", "claim" or "verdict"; a whole report by default.
    """
    errors = sorted(_validator(part).iter_errors(values), key=lambda error: error.json_path)
    if not errors:
        return ""
    where = errors[0].json_path.removeprefix("$").removeprefix(".")
    return " ".join(f"{where}: {errors[0].message}".removeprefix(": ").split())[:LONGEST_PROBLEM]


def plain(value: Any) -> Any:
    """The same value without what JSON has no word for: numbers beyond a float become None, unknown types their text.

    Raises:
        ValueError: it contains itself, or an integer of thousands of digits.
    """

    def integer(digits: str) -> int | None:
        return int(digits) if len(digits) <= LONGEST_NUMBER else None

    return json.loads(json.dumps(value, default=str), parse_constant=lambda _: None, parse_int=integer)


@cache
def _validator(part: str) -> Any:
    import jsonschema

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    wanted = {"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]} if part else schema
    return jsonschema.Draft202012Validator(wanted)
