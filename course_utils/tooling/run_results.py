"""What a run of notebooks leaves: one record a notebook, one for the whole run, both as plain JSON values."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from course_utils.tooling.report_schema import SCHEMA, first_problem

__all__ = ["STATUSES", "NotebookResult", "RunRefused", "RunResult"]

# What can become of a notebook. "passed" alone is a success.
STATUSES = (
    "passed",
    "failed",  # a cell raised an error, or the notebook left before its last cell
    "kernel died",
    "timed out",
    "out of memory",
    "too much output",
    "broken",  # the run of it broke outside its cells: no kernel, a full disk
    "interrupted",  # it was running when the run was stopped
    "not run",  # the run was stopped before its turn
)


class RunRefused(ValueError):
    """The run was not started: a wrong parameter, a missing notebook, another run in the same folder."""


@dataclass
class NotebookResult:
    """What became of one notebook.

    Attributes:
        name: file name without its ending.
        status: one of STATUSES.
        seconds: wall time from the start of its process to its end.
        cpu_seconds: user and system time of the process, its kernel and all they started.
        peak_memory: bytes that these held in memory at once, at most.
        message: one line on what went wrong; "" where nothing did.
        details: the end of the traceback or of the process's own log, for the report.
        cell: the code cell that was running, from 1, where something went wrong.
        code_cells: number of code cells of the notebook, without the one that papermill adds.
        executed: the executed notebook, relative to the run's folder; "" where none could be kept.
        reused: True where an earlier, interrupted run had finished it and nothing has changed since.
        parameters: those that the run gave to the notebook.
        key: a hash of the notebook, its parameters, the package code it imports and the versions.
        slowest: up to five cells, each {"cell", "seconds", "code"}.
        claims: bundles of type application/vnd.course.claims+json.
        verdicts: bundles of type application/vnd.course.verdict+json.
        data: what the notebook said about where its data came from, one line each.
        remarks: what of it could not be read, removed or ended, one line each.
        drift: cells whose text is not the stored one, each {"cell", "code", "stored", "now"}; None where the run
            cannot be compared with the stored outputs, because its parameters differ or nothing is stored.
    """

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
    drift: list[dict[str, Any]] | None = None

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

    def to_json(self) -> dict[str, Any]:
        """Plain values, as the report's schema describes them."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "NotebookResult":
        """The record that `to_json` gave.

        Raises:
            ValueError: it is none, for instance in a file of another version.
        """
        if problem := first_problem(values, "notebook"):
            raise ValueError(f"A record follows {SCHEMA.name}. {problem}.")
        return cls(**values)


@dataclass
class RunResult:
    """What became of a run.

    Attributes:
        profile: "smoke", "quick" or "full".
        parameters: what was given beside the profile.
        started: when, in UTC, as ISO 8601 text.
        seconds: wall time of the run.
        jobs: how many notebooks ran at once, at most.
        threads: how many threads each of them was given.
        interrupted: True where Ctrl-C or a signal stopped the run.
        notebooks: one record each, in the order in which they were asked for.
        versions: Python and the packages, by name.
        machine: cores, memory in bytes, system.
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
        """0 where every notebook passed and the report is there, otherwise 1; wrong use, `RunRefused`, is 2."""
        return 0 if self.passed and not self.unwritten else 1

    @property
    def report_page(self) -> Path:
        """The page for a browser; report.json and junit.xml lie beside it."""
        return self.folder / "report" / "index.html"

    def counts(self) -> dict[str, int]:
        """How many notebooks met with each status, in the order of STATUSES, zeros left out."""
        met = [notebook.status for notebook in self.notebooks]
        return {status: met.count(status) for status in STATUSES if status in met}

    def summary(self) -> str:
        """One line: how many, what became of them, how long it took."""
        counts = ", ".join(f"{count} {status}" for status, count in self.counts().items())
        stopped = " The run was interrupted; the same command with --resume goes on." if self.interrupted else ""
        total = f"{len(self.notebooks)} notebook{'s' if len(self.notebooks) != 1 else ''}"
        return f"{total} in {self.seconds:.0f} s, profile {self.profile}: {counts or 'none'}.{stopped}"
