"""Run notebooks without a screen: each in its own process, several at once, and a report of what became of them."""

import contextlib
import json
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from tqdm import tqdm

from course_utils import files, paths, recorded
from course_utils.display import shows_bars
from course_utils.errors import WrongUse
from course_utils.tooling import machine, output_place, report, run_plan
from course_utils.tooling.notebook_files import write_notebook
from course_utils.tooling.run_plan import Plan
from course_utils.tooling.run_process import NotebookProcess, Stop, stop_signals
from course_utils.tooling.run_results import NotebookResult, RunResult, first_problem, read_executed

__all__ = ["alone_in", "run_notebooks"]

# Seconds for one notebook. Full is designed for at most 45 minutes on two cores; a slow machine takes thrice that.
TIME_LIMITS = {"smoke": 900.0, "quick": 2700.0, "full": 8100.0}
# Of the memory of the machine or the container, for all notebooks of a run together, each an equal part of it.
MEMORY_SHARE = 0.85
WATCH_SECONDS = 0.05
SAMPLE_SECONDS = 0.5


def run_notebooks(
    notebooks: Sequence[Path],
    *,
    profile: str = "quick",
    parameters: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    timeout: float | None = None,
    out: Path | None = None,
    resume: bool = False,
) -> RunResult:
    """Run notebooks with papermill and write the executed notebooks and a report.

    Each notebook has its own process and its own empty working folder, and stops at its first failing cell. Nothing
    that happens to one touches the others. Ctrl-C and SIGTERM end the running ones; what has finished stays, the
    report is written all the same, and `resume` goes on from there. A second Ctrl-C ends the run at once, without.

    Args:
        notebooks: the files, in the order of the report. Those that took longest in an earlier run start first.
        profile: "smoke", "quick" or "full": what each notebook's metadata sets for it; nothing in quick.
        parameters: further values by name. Text, as a command line has it (`--parameter seed=3`), is turned into the
            type that the notebook declares.
        jobs: how many run at once; by default as many as cores and free memory carry, at most four. The cores are
            shared out among them.
        timeout: seconds for one notebook; by default 15 minutes in smoke, 45 in quick, 135 in full.
        out: folder that gets notebooks/, report/ (index.html, report.json, junit.xml) and run/ (working folders and
            logs); the project's build folder by default.
        resume: take over what an earlier run finished, where notebook, parameters, package code and versions are the
            same.

    Returns:
        What became of every notebook. `exit_status` is 0 where all passed and the report is written, otherwise 1, also
        after Ctrl-C.

    Raises:
        WrongUse: nothing was run, because a notebook is missing, a parameter does not fit, another run uses the
            folder, or it belongs to the course or cannot be written.
        KeyboardInterrupt: a second Ctrl-C came while the run was ending.
    """
    plans = run_plan.make_plans(notebooks, profile, parameters or {})
    count = run_plan.choose_jobs(jobs, len(plans))
    result = RunResult(
        profile=profile,
        parameters=dict(parameters or {}),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=0.0,
        jobs=count,
        threads=max(1, machine.cores() // count),
        interrupted=False,
        notebooks=[NotebookResult(plan.name, parameters=plan.parameters, key=plan.key) for plan in plans],
        versions=recorded.versions(),
        machine=machine.describe(),
        folder=output_place.check_folder((out or paths.build_folder()).absolute()),
    )
    began = time.monotonic()
    with alone_in(result.folder / "run"), stop_signals() as stop:
        run = _Run(plans, result, timeout or TIME_LIMITS[profile])
        run.prepare(resume)
        run.work(stop)
        result.interrupted = stop.asked
        result.seconds = round(time.monotonic() - began, 3)
        try:
            report.write_report(result)
        except OSError as error:
            result.unwritten = f"The report could not be written: {error.strerror or error}."
        run.say(f"{result.summary()}\n{result.unwritten or f'Report: {result.report_page}'}")
    return result


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder for the time of the block, and say there who holds it: one run at a time.

    Raises:
        WrongUse: another run holds the lock, or the folder cannot be written.
    """
    holder = folder / "holder.txt"  # beside the lock: Windows lets nobody read a file that is locked
    with contextlib.ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(files.locked(folder / "lock", seconds=0))
            files.write_text(holder, f"process {os.getpid()} on {socket.gethostname()}")
        except TimeoutError as error:
            who = "that has just begun"
            with contextlib.suppress(OSError):
                who = holder.read_text(encoding="utf-8", errors="replace")[:200]
            raise WrongUse(
                f"Another run ({who}) uses {folder}. Wait for it, or name another folder with --out."
            ) from error
        except OSError as error:
            why = error.strerror or error
            raise WrongUse(f"{folder} cannot be written ({why}). Name another folder with --out.") from error
        yield


class _Run:
    """The notebooks of one run, on their way from waiting to done."""

    def __init__(self, plans: Sequence[Plan], result: RunResult, timeout: float) -> None:
        self._plans = {plan.name: plan for plan in plans}
        self._result = result
        self._timeout, self._memory_limit = timeout, int(machine.memory() * MEMORY_SHARE / result.jobs)
        self._bar = tqdm(total=len(plans), unit="notebook", leave=False, disable=not shows_bars())
        self._waiting: list[Plan] = []
        self._running: dict[str, NotebookProcess] = {}
        self._sampled, self._told = 0.0, 0

    def prepare(self, resume: bool) -> None:
        """Take over what is done, and put the rest in order: longest first, unknown ones before all."""
        seconds: dict[str, float] = {}
        for index, plan in enumerate(self._plans.values()):
            earlier = _read_record(self._place(plan.name) / "result.json")
            if earlier:
                seconds[plan.name] = earlier.seconds
            if resume and earlier and self._still_holds(earlier, plan):
                earlier.reused = True
                self._result.notebooks[index] = earlier
                self._tell(earlier)
            else:
                self._waiting.append(plan)
        self._waiting.sort(key=lambda plan: -seconds.get(plan.name, float("inf")))

    def work(self, stop: Stop) -> None:
        """Run everything that waits, until that is done or `stop` is asked for."""
        try:
            while (self._waiting or self._running) and not stop.asked:
                while self._waiting and len(self._running) < self._result.jobs:
                    self._start(self._waiting.pop(0))
                self._watch()
                time.sleep(WATCH_SECONDS)
        finally:
            for process in self._running.values():
                process.stop()
            for name in list(self._running):
                self._finish(name, {"status": "interrupted", "message": "the run was stopped"})
            self._bar.close()

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self._bar.write(text, file=sys.stdout)
        sys.stdout.flush()

    def _tell(self, record: NotebookResult) -> None:
        """A notebook has ended, or was finished before."""
        self._told += 1
        self._bar.update()
        self._bar.set_postfix_str(", ".join(self._running))
        self.say(f"[{self._told}/{len(self._plans)}] {record.line()}")

    def _place(self, name: str) -> Path:
        return self._result.folder / "run" / name

    def _still_holds(self, earlier: NotebookResult, plan: Plan) -> bool:
        return earlier.passed and earlier.key == plan.key and (self._result.folder / earlier.executed).is_file()

    def _start(self, plan: Plan) -> None:
        """Start a notebook; one that cannot be started, for want of a folder, of room or of processes, is done."""
        try:
            self._running[plan.name] = self._process(plan)
            self._running[plan.name].sample()  # what ends before the next look has been seen too
            self._bar.set_postfix_str(", ".join(self._running))
        except OSError as error:
            why = f"{error.strerror or error}: {error.filename}" if error.filename else f"{error}"
            self._done(plan.name, {"status": "broken", "message": f"it could not be started, {why}"})

    def _process(self, plan: Plan) -> NotebookProcess:
        place = self._place(plan.name)
        if place.exists():
            shutil.rmtree(place)
        for name in ("work", "jupyter", "ipython"):
            (place / name).mkdir(parents=True)
        notebook = place / f"{plan.name}.ipynb"
        write_notebook(plan.contents, notebook)
        command = ["-m", "course_utils.tooling.one_notebook", str(notebook), str(place / "executed.ipynb")]
        environment = run_plan.notebook_variables(place, self._result.threads)
        return NotebookProcess(
            [*command, json.dumps(plan.parameters)],
            folder=place / "work",
            environment=environment,
            log=place / "log.txt",
        )

    def _watch(self) -> None:
        """Look after every running notebook once."""
        due = time.monotonic() - self._sampled >= SAMPLE_SECONDS
        self._sampled = time.monotonic() if due else self._sampled
        for name, process in list(self._running.items()):
            if process.exit_status is not None:
                self._finish(name, process.result() or self._died(name, process))
            elif process.seconds > self._timeout:
                message = f"stopped after the limit of {self._timeout:g} s"
                self._finish(name, {"status": "timed out", "message": message})
            elif due and process.sample() > self._memory_limit:
                message = f"stopped above the limit of {self._memory_limit / 1e6:,.0f} MB"
                self._finish(name, {"status": "out of memory", "message": message})

    def _died(self, name: str, process: NotebookProcess) -> dict[str, Any]:
        """The outcome of a process that left no result: a full disk, a kill from outside."""
        log = ""
        with contextlib.suppress(OSError):
            log = (self._place(name) / "log.txt").read_text(encoding="utf-8", errors="replace").strip()
        last = log.splitlines()[-1][:300] if log else "it wrote nothing"
        message = f"its process ended with status {process.exit_status}: {last}"
        return {"status": "broken", "message": message, "details": log[-3000:]}

    def _finish(self, name: str, outcome: dict[str, Any]) -> None:
        """End what is left of a notebook's process, and keep the outcome with what the executed notebook tells."""
        process = self._running.pop(name)
        seconds = round(process.seconds, 3)
        remark = process.end()
        used = {"cpu_seconds": round(process.cpu_seconds, 2), "peak_memory": process.peak_memory}
        self._done(name, {**outcome, **used, "seconds": seconds}, *([remark] if remark else []))

    def _done(self, name: str, outcome: dict[str, Any], *remarks: str) -> None:
        plan = self._plans[name]
        record = next(notebook for notebook in self._result.notebooks if notebook.name == name)
        for key, value in {**outcome, **self._keep(name)}.items():
            setattr(record, key, value)
        record.remarks += remarks
        if run_plan.key_of(plan.name, plan.contents, plan.parameters) != plan.key:
            record.key = ""
            record.remarks.append("the course's code changed while it ran, so --resume will run it again")
        with contextlib.suppress(OSError):  # on a full disk the report may fail too, and says so; the run goes on
            files.write_text(self._place(name) / "result.json", json.dumps(vars(record), indent=1))
        self._tell(record)

    def _keep(self, name: str) -> dict[str, Any]:
        """Move the executed notebook to its place and read it; little or nothing where that fails."""
        folder = self._result.folder
        written, kept = self._place(name) / "executed.ipynb", folder / "notebooks" / f"{name}.ipynb"
        found: dict[str, Any] = {}
        try:
            kept.parent.mkdir(exist_ok=True)
            kept.unlink(missing_ok=True)  # that of an earlier run would pass for this one's
            if not written.exists():
                return found
            found |= read_executed(nbformat.read(written, as_version=4))
            written.replace(kept)
            found["executed"] = kept.relative_to(folder).as_posix()
        except Exception as error:  # a notebook cut off half-written, a full disk, and whatever a cell may show
            problem = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            found.setdefault("remarks", []).append(f"the executed notebook could not be kept and read whole, {problem}")
        return found


def _read_record(path: Path) -> NotebookResult | None:
    """What an earlier run noted; None where it noted nothing, was cut off, or was of another version."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return None if first_problem(values, "notebook") else NotebookResult(**values)
