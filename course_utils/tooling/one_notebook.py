"""Run one notebook with papermill in this process and say on standard output, as JSON, what became of it.

`python -m course_utils.tooling.one_notebook NOTEBOOK OUTPUT '{"images": 30}'`

The course's runner starts one such process for every notebook, in the notebook's own working folder. The exit status
is 0 whenever a result was written; the result tells the rest.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from course_utils.tooling.own_kernel import MESSAGE_SECONDS, START_SECONDS, OwnKernel

__all__ = ["OUTPUT_LIMIT", "main", "run_one"]

# Bytes that one cell may write: a stored notebook is under 1 MB, so many MB are a mistake.
OUTPUT_LIMIT = 10_000_000
# The end of a traceback is what names the error.
LONGEST_DETAILS = 6000
TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

# What the notebook of this process does now: "cell", the number of its code cell, and "written", the bytes of that one.
now: dict[str, int] = {}


class _OutputTooLarge(RuntimeError):
    """A cell wrote more than it may."""


class _Client(PapermillNotebookClient):
    """papermill's client; it also notes which cell is running and counts what a cell writes."""

    def execute_cell(self, cell: nbformat.NotebookNode, cell_index: int, *arguments: Any, **options: Any) -> Any:
        if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", []):
            now["cell"] = now.get("cell", 0) + 1
        now["written"] = 0
        return super().execute_cell(cell, cell_index, *arguments, **options)

    def process_message(self, msg: dict[str, Any], cell: nbformat.NotebookNode, cell_index: int) -> Any:
        content = msg["content"]
        now["written"] += sum(len(str(content[key])) for key in ("text", "data") if key in content)
        if now["written"] > OUTPUT_LIMIT:
            raise _OutputTooLarge(f"a cell wrote more than {OUTPUT_LIMIT / 1e6:g} MB of output")
        return super().process_message(msg, cell, cell_index)


class _Engine(NBClientEngine):
    """papermill's engine, with that client and the kernel of this environment."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        kept = {"iopub_timeout": options["iopub_timeout"], "startup_timeout": options["start_timeout"]}
        return _Client(nb_man, kernel_name=kernel_name, kernel_manager_class=OwnKernel, **kept).execute()


def run_one(notebook: Path, output: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    """Run a notebook in the current folder.

    Args:
        notebook: it is read, never written.
        output: the executed notebook, written after every cell; up to the failing cell where one fails.
        parameters: given to papermill.

    Returns:
        "status", "message", "details" and "cell", as in `report_schema.json`.
    """
    papermill_engines.register("course", _Engine)
    for _attempt in range(2):  # kernels that start at the same moment may choose the same port; one of them then dies
        outcome = _execute(notebook, output, parameters)
        if outcome["status"] == "passed" or "cell" in now:
            break
    if outcome["status"] != "passed":
        outcome["cell"] = now.get("cell")
    return outcome


def _execute(notebook: Path, output: Path, parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        papermill.execute_notebook(
            _path(notebook),
            _path(output),
            parameters=parameters,
            engine_name="course",
            progress_bar=False,
            start_timeout=START_SECONDS,
            iopub_timeout=MESSAGE_SECONDS,
        )
    except Exception as error:  # the types have no common parent but this one; CellTimeoutError is one of them
        return _describe(error)
    # papermill counts a notebook that calls sys.exit(0) half-way as passed; here it is not.
    cells = nbformat.read(output, as_version=4).cells
    waiting = sum(cell.cell_type == "code" and bool(cell.source.strip()) and not cell.execution_count for cell in cells)
    if waiting:
        return {"status": "failed", "message": f"the notebook ended itself with {waiting} code cells still to run"}
    return {"status": "passed"}


def _path(path: Path) -> str:
    """A path as papermill wants it: it would take braces for places to fill in."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _describe(error: Exception) -> dict[str, str]:
    if isinstance(error, papermill.PapermillExecutionError):
        text = TERMINAL_COLOUR.sub("", "\n".join(error.traceback))
        message = f"{error.ename}: {_one_line(error.evalue)}"
        return {"status": "failed", "message": message, "details": text[-LONGEST_DETAILS:]}
    if isinstance(error, DeadKernelError):
        return {"status": "kernel died", "message": "the kernel died; it was killed, or crashed"}
    if isinstance(error, _OutputTooLarge):
        return {"status": "too much output", "message": str(error)}
    if isinstance(error, CellTimeoutError):
        return {"status": "broken", "message": f"the kernel sent no messages for {MESSAGE_SECONDS} s"}
    return {"status": "broken", "message": f"{type(error).__name__}: {_one_line(str(error))}"}


def _one_line(text: str) -> str:
    lines = [line for line in TERMINAL_COLOUR.sub("", text).splitlines() if line.strip()]
    return lines[0][:300] if lines else ""


def main() -> None:
    """The command line of this module: a notebook, the file for the executed one, and parameters as a JSON object."""
    notebook, output, parameters = sys.argv[1:]
    # The kernel inherits descriptor 1, and what its libraries write there must not end up in the result: it goes to
    # the error stream, and the result to a copy that no other process has.
    answer = os.dup(1)
    os.set_inheritable(answer, False)
    os.dup2(2, 1)
    result = run_one(Path(notebook), Path(output), json.loads(parameters))
    with os.fdopen(answer, "w", encoding="utf-8") as stream:
        json.dump(result, stream)


if __name__ == "__main__":
    main()
