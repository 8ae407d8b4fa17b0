"""Ctrl-C and SIGTERM: what has finished stays, and a second run takes it over. Done for real, in another process."""

import json
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest
import small_notebooks

from course_utils.tooling import dependencies
from course_utils.tooling.running import RunRefused, run_notebooks

PROGRAM = """import sys
from pathlib import Path
from course_utils import paths
from course_utils.tooling import dependencies
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


DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.mark.unix_only("Windows has no signal that another process can send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_the_run_at_once(tmp_path, number):
    """The kernel takes its time to end; the run goes without a report, and the kernel still ends."""
    small_notebooks.write(tmp_path / "done.ipynb", "1 + 1")
    small_notebooks.write(tmp_path / "waits.ipynb", DEAF, WAITS.format(flag=tmp_path / "never"))
    pid = tmp_path / "out" / "run" / "waits" / "work" / "pid"
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: pid.is_file() and pid.read_text())
        process.send_signal(number)
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(number)
        assert "KeyboardInterrupt" in process.communicate(timeout=30)[1]
    assert process.returncode != 0
    assert not (tmp_path / "out" / "report").exists()
    wait_until(lambda: gone(int(pid.read_text())), seconds=20)
    assert run_notebooks([tmp_path / "done.ipynb"], out=tmp_path / "out", show=False).notebooks[0].passed


def while_it_runs(out, flag, act):
    """A thread that acts once the notebook `waits` is running, and then lets it go on."""

    def wait_and_act():
        wait_until((out / "run" / "waits" / "work" / "pid").is_file)
        act()
        flag.touch()

    thread = threading.Thread(target=wait_and_act)
    thread.start()
    return thread


def test_what_is_edited_during_a_run_is_not_taken_for_what_ran(tmp_path):
    book, flag, out = tmp_path / "waits.ipynb", tmp_path / "go on", tmp_path / "out"
    small_notebooks.write(book, WAITS.format(flag=flag), "print('planned')")
    edited = book.read_bytes().replace(b"planned", b"edited")
    editing = while_it_runs(out, flag, lambda: book.write_bytes(edited))
    run_notebooks([book], out=out, show=False)
    editing.join()
    assert "'planned'" in (out / "notebooks" / "waits.ipynb").read_text()
    assert not run_notebooks([book], out=out, resume=True, show=False).notebooks[0].reused
    assert "'edited'" in (out / "notebooks" / "waits.ipynb").read_text()
    assert run_notebooks([book], out=out, resume=True, show=False).notebooks[0].reused


def test_a_notebook_that_is_edited_before_its_turn_runs_as_it_was_planned(tmp_path):
    """The first rewrites the second, which waits for it."""
    second = tmp_path / "second.ipynb"
    rewrite = f"path = __import__('pathlib').Path(r'{second}'); "
    rewrite += "path.write_text(path.read_text().replace('planned', 'edited'))"
    first = small_notebooks.write(tmp_path / "first.ipynb", rewrite)
    small_notebooks.write(second, "print('planned')")
    run_notebooks([first, second], out=tmp_path / "out", jobs=1, show=False)
    assert "'edited'" in second.read_text()
    assert "'planned'" in (tmp_path / "out" / "notebooks" / "second.ipynb").read_text()


def test_package_code_that_changes_during_a_run_is_run_again(tmp_path, monkeypatch):
    code = ["before"]
    monkeypatch.setattr(dependencies, "_bare_code", lambda path: code[0])
    book, flag, out = tmp_path / "waits.ipynb", tmp_path / "go on", tmp_path / "out"
    small_notebooks.write(book, "from course_utils import paths", WAITS.format(flag=flag))
    editing = while_it_runs(out, flag, lambda: code.__setitem__(0, "after"))
    first = run_notebooks([book], out=out, show=False).notebooks[0]
    editing.join()
    assert first.passed and "--resume will run it again" in first.remarks[0]
    assert not run_notebooks([book], out=out, resume=True, show=False).notebooks[0].reused
    assert run_notebooks([book], out=out, resume=True, show=False).notebooks[0].reused
