"""Ctrl-C and SIGTERM: what has finished stays, and a second run takes it over. Done for real, in another process."""

import json
import signal
import subprocess
import sys
import time

import psutil
import pytest
import small_notebooks

from course_utils.tooling.running import RunRefused, run_notebooks

PROGRAM = """import sys
from pathlib import Path
from course_utils.tooling.running import run_notebooks
folder = Path(sys.argv[1])
result = run_notebooks([folder / "done.ipynb", folder / "waits.ipynb"], profile="smoke", out=folder / "out", jobs=2)
sys.exit(result.exit_status)
"""
WAITS = """import os, pathlib, time
pathlib.Path("pid").write_text(str(os.getpid()))
while not pathlib.Path(r"{flag}").exists(): time.sleep(0.05)"""


def wait_until(condition, seconds=90):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def run(tmp_path):
    """A run of its own process, with one notebook done and one in the middle."""
    small_notebooks.write(tmp_path / "done.ipynb", "1 + 1")
    small_notebooks.write(tmp_path / "waits.ipynb", "print('before')", WAITS.format(flag=tmp_path / "go on"))
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        pid = out / "run" / "waits" / "work" / "pid"
        wait_until(lambda: (out / "run" / "done" / "result.json").is_file() and pid.is_file() and pid.read_text())
        yield process, out, int(pid.read_text())
        process.kill()


@pytest.mark.unix_only("Windows ends a process at once where Unix sends it a signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_keeps_what_is_done_and_can_be_resumed(run, tmp_path, number):
    process, out, kernel = run
    with pytest.raises(RunRefused, match=rf"process {process.pid}"):
        run_notebooks([tmp_path / "done.ipynb"], profile="smoke", out=out, show=False)
    process.send_signal(number)
    printed, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "1 passed, 1 interrupted. The run was interrupted" in printed and "index.html" in printed
    assert gone(kernel)
    values = json.loads((out / "report" / "report.json").read_text(encoding="utf-8"))
    assert values["interrupted"] and [book["status"] for book in values["notebooks"]] == ["passed", "interrupted"]

    executed = (out / "notebooks" / "done.ipynb").stat().st_mtime_ns
    (tmp_path / "go on").touch()
    again = run_notebooks(
        [tmp_path / "done.ipynb", tmp_path / "waits.ipynb"], profile="smoke", out=out, resume=True, show=False
    )
    assert [(book.status, book.reused) for book in again.notebooks] == [("passed", True), ("passed", False)]
    assert (out / "notebooks" / "done.ipynb").stat().st_mtime_ns == executed
    assert again.exit_status == 0


def test_a_run_that_is_killed_takes_its_kernels_along_and_leaves_a_lock_that_nobody_minds(run, tmp_path):
    process, out, kernel = run
    process.kill()
    process.wait()
    wait_until(lambda: gone(kernel), seconds=10)
    assert (out / "run" / "lock").is_file()
    small_notebooks.write(tmp_path / "done.ipynb", "1 + 2")
    again = run_notebooks([tmp_path / "done.ipynb"], profile="smoke", out=out, resume=True, show=False)
    assert again.notebooks[0].passed and not again.notebooks[0].reused  # it is another notebook now
