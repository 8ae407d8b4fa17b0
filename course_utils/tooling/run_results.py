"""What a run of notebooks leaves, as plain values; `report_schema.json` beside this module says what each means."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["SCHEMA", "NotebookResult", "RunResult", "first_problem", "plain"]

SCHEMA = Path(__file__).with_name("report_schema.json")
LONGEST_PROBLEM = 200
LONGEST_NUMBER = 308  # digits; a float holds no more


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
