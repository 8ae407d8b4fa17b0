"""Ctrl-C and SIGTERM: what has finished stays, and a second run takes it over. Done for real, in another process."""

import json
import signal
import subprocess
import sys
import time

import pytest
import small_notebooks
from small_notebooks import gone

from course_utils.errors import WrongUse
from course_utils.tooling import run_plan
from course_utils.tooling.running import run_notebooks

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
# A kernel ends by itself within a second of its parent's end. What it has started is deaf as well, and does not.
DEAF = """import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf_too = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])"""


def wait_until(condition, seconds=90):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def run(tmp_path):
    """A run of its own process, with one notebook done and one in the middle, whose processes mind no SIGTERM."""
    small_notebooks.write(tmp_path / "done.ipynb", "1 + 1")
    small_notebooks.write(tmp_path / "waits.ipynb", DEAF, WAITS.format(flag=tmp_path / "go on"))
    out = tmp_path / "out"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        pid = out / "run" / "waits" / "work" / "pid"
        wait_until(lambda: (out / "run" / "done" / "result.json").is_file() and pid.is_file() and pid.read_text())
        yield process, out, int(pid.read_text())
        process.kill()


@pytest.mark.unix_only("Windows ends a process at once where Unix sends it a signal")
def test_a_stopped_run_keeps_what_is_done_and_can_be_resumed(run, tmp_path):
    process, out, kernel = run
    with pytest.raises(WrongUse, match=rf"process {process.pid}"):
        run_notebooks([tmp_path / "done.ipynb"], profile="smoke", out=out)
    process.send_signal(signal.SIGTERM)
    printed, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "1 passed, 1 interrupted. The run was interrupted" in printed and "index.html" in printed
    assert gone(kernel)
    values = json.loads((out / "report" / "report.json").read_text(encoding="utf-8"))
    assert values["interrupted"] and [book["status"] for book in values["notebooks"]] == ["passed", "interrupted"]

    executed = (out / "notebooks" / "done.ipynb").stat().st_mtime_ns
    (tmp_path / "go on").touch()
    again = run_notebooks([tmp_path / "done.ipynb", tmp_path / "waits.ipynb"], profile="smoke", out=out, resume=True)
    assert [(book.status, book.reused) for book in again.notebooks] == [("passed", True), ("passed", False)]
    assert (out / "notebooks" / "done.ipynb").stat().st_mtime_ns == executed
    assert again.exit_status == 0


def test_a_run_that_is_killed_takes_its_kernels_along_and_leaves_a_lock_that_nobody_minds(run, tmp_path):
    process, out, kernel = run
    process.kill()
    process.wait()
    wait_until(lambda: gone(kernel), seconds=20)
    assert (out / "run" / "lock").is_file()
    small_notebooks.write(tmp_path / "done.ipynb", "1 + 2")
    again = run_notebooks([tmp_path / "done.ipynb"], profile="smoke", out=out, resume=True)
    assert again.notebooks[0].passed and not again.notebooks[0].reused  # it is another notebook now


@pytest.mark.unix_only("Windows has no signal that another process can send")
def test_a_second_signal_ends_the_run_at_once(run):
    """The kernel takes its time to end; the run goes without a report, and the kernel still ends."""
    process, out, kernel = run
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert "KeyboardInterrupt" in process.communicate(timeout=30)[1]
    assert process.returncode != 0
    assert not (out / "report").exists()
    wait_until(lambda: gone(kernel), seconds=20)


def test_what_is_edited_during_a_run_is_not_taken_for_what_ran(tmp_path):
    """The first rewrites both, itself while it runs and the second before its turn."""
    edit = f"import pathlib\nfor path in pathlib.Path(r'{tmp_path}').glob('*.ipynb'):"
    edit += " path.write_text(path.read_text().replace('pl' + 'anned', 'edited'))"
    books = [
        small_notebooks.write(tmp_path / "first.ipynb", edit, "print('planned')"),
        small_notebooks.write(tmp_path / "second.ipynb", "print('planned')"),
    ]

    def run(word):
        result = run_notebooks(books, out=tmp_path / "out", jobs=1, resume=True)
        for book in books:
            assert f"'{word}'" in (tmp_path / "out" / "notebooks" / book.name).read_text()
        return [book.reused for book in result.notebooks]

    assert run("planned") == [False, False]
    assert run("edited") == [False, False]
    assert run("edited") == [True, True]


def test_package_code_that_changes_during_a_run_is_run_again(tmp_path, monkeypatch):
    code = iter(["when planned", "when done"])
    monkeypatch.setattr(run_plan, "package_fingerprint", lambda *_: next(code, "later"))
    book = small_notebooks.write(tmp_path / "book.ipynb", "from course_utils import paths")
    first = run_notebooks([book], out=tmp_path / "out").notebooks[0]
    assert first.passed and "--resume will run it again" in first.remarks[0]
    assert not run_notebooks([book], out=tmp_path / "out", resume=True).notebooks[0].reused
    assert run_notebooks([book], out=tmp_path / "out", resume=True).notebooks[0].reused
