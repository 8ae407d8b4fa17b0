"""Tests that need Unix are marked by name, with the reason; what Windows needs is done by reading, untried there."""

import ast
import re
from pathlib import Path

from course_utils.tooling import run_process

TESTS = Path(__file__).resolve().parents[1]
# What Python has on Unix only, unless the same line asks for it. Outside a marked test, a test that fails on Windows.
UNIX = re.compile(
    r"^(?!.*(?:hasattr\(os|os\.name ==)).*?(?:\bos\.(setsid|fork|killpg|getpgid|geteuid|mkfifo|kill)\b"
    r"|\bSIG(KILL|HUP|XFSZ|ALRM|USR1)\b|\bsend_signal\(|\b(resource|fcntl|pwd)\b\.|\bimport (resource|fcntl|pwd)\b"
    r"|['\"]/(proc|bin)/)"
)


def unmarked(source):
    """The lines of a test module that need Unix and stand in no test, and in no module, that is marked for it."""
    if re.search(r"^pytestmark = pytest\.mark\.unix_only\(", source, re.MULTILINE):
        return []
    lines = source.splitlines()
    for node in ast.parse(source).body:
        marks = getattr(node, "decorator_list", [])
        if any("unix_only" in ast.unparse(mark) for mark in marks):
            first = min(mark.lineno for mark in marks) - 1
            lines[first : node.end_lineno] = [""] * (node.end_lineno - first)
    return [line.strip() for line in lines if UNIX.search(line)]


def test_what_needs_unix_stands_in_a_test_that_says_so():
    files = sorted({*TESTS.rglob("test_*.py")} - {Path(__file__).resolve()})
    found = {path.relative_to(TESTS).as_posix(): unmarked(path.read_text(encoding="utf-8")) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


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
    monkeypatch.setattr(run_process.subprocess, "CREATE_NEW_PROCESS_GROUP", 0x200, raising=False)
    monkeypatch.setattr(run_process.subprocess, "Popen", lambda command, **options: started.update(options))
    run_process.NotebookProcess(["-m", "x"], folder=tmp_path, environment={}, log=tmp_path / "log.txt")
    assert started["start_new_session"] is True and started["creationflags"] == 0x200
