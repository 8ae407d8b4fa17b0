"""Tests that need Unix are marked by name, with the reason; what Windows needs is done by reading, untried there."""

import ast
import re
from pathlib import Path

import pytest

from course_utils.tooling import run_process

TESTS = Path(__file__).resolve().parents[1]
# What Python has on Unix only. Outside a marked test it is a test that cannot pass on Windows.
UNIX = re.compile(
    r"\bos\.(setsid|fork|killpg|getpgid|geteuid|mkfifo)\b|\bSIG(KILL|HUP|XFSZ|ALRM|USR1)\b|\bsend_signal\(|\bos\.kill\("
    r"|\b(resource|fcntl|pwd)\b\.|\bimport (resource|fcntl|pwd)\b|['\"]/(proc|bin)/"
)


def unmarked(source):
    """The lines of a test module that need Unix and stand in no test, and in no module, that is marked for it."""
    tree = ast.parse(source)
    marked = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node).startswith("pytestmark = pytest.mark.unix_only("):
            return []
        marks = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if any("unix_only" in ast.unparse(mark) for mark in marks):
            marked |= set(range(node.lineno - len(marks), node.end_lineno + 1))
    lines = enumerate(source.splitlines(), start=1)
    guarded = re.compile(r"hasattr\(os|os\.name ==")  # asks on the same line whether it is there
    found = ((number, line.strip()) for number, line in lines if UNIX.search(line) and not guarded.search(line))
    return [line for number, line in found if number not in marked]


@pytest.mark.parametrize(
    "path",
    sorted({*TESTS.rglob("test_*.py")} - {Path(__file__).resolve()}),
    ids=lambda path: path.relative_to(TESTS).as_posix(),
)
def test_what_needs_unix_stands_in_a_test_that_says_so(path):
    assert unmarked(path.read_text(encoding="utf-8")) == []


def test_what_needs_unix_is_seen():
    source = (
        "import os\n@pytest.mark.unix_only('because')\ndef test_a():\n    os.fork()\ndef test_b():\n    os.setsid()\n"
    )
    assert unmarked(source) == ["os.setsid()"]
    assert unmarked("NOTEBOOK = 'import os; os.kill(1, signal.SIGKILL)'") != []
    assert unmarked("pytestmark = pytest.mark.unix_only('because')\nCODE = 'os.fork()'") == []


def test_ctrl_c_does_not_reach_a_notebook_on_windows_either(monkeypatch, tmp_path):
    """By reading: Windows knows no sessions; a process group of its own is what keeps Ctrl-C away there."""
    started = {}

    def popen(command, **options):
        started.update(options)
        raise OSError("far enough")

    monkeypatch.setattr(run_process.subprocess, "CREATE_NEW_PROCESS_GROUP", 0x200, raising=False)
    monkeypatch.setattr(run_process.subprocess, "Popen", popen)
    with pytest.raises(OSError, match="far enough"):
        run_process.NotebookProcess(["-m", "x"], folder=tmp_path, environment={}, log=tmp_path / "log.txt")
    assert started["start_new_session"] is True and started["creationflags"] == 0x200
