"""A program that a process with Keras starts is as one that starts in an interpreter of its own."""

import subprocess
import sys

import pytest
import warm_python

TELLS = """
import os, sys
print(__name__, sys.argv, os.path.samefile(sys.path[0], "."), os.getcwd(), repr(sys.stdin.read()), os.environ["ASKED"])
print("aside", file=sys.stderr)
"""
ENDS = {
    "runs to its end": "",
    "fails": "1 / 0",
    "says why it stops": "raise SystemExit('no pictures')",
    "gives a status": "sys.exit(3)",
    "leaves at once": "sys.stdout.flush(); os._exit(4)",
    "does something at the end": "import atexit; atexit.register(print, 'at the end')",
}


@pytest.mark.parametrize("arguments", [["program.py", "a word"], ["-m", "program", "a word"]], ids=["file", "module"])
@pytest.mark.parametrize("end", ENDS)
def test_a_program_sees_says_and_ends_as_one_in_a_python_of_its_own(tmp_path, monkeypatch, arguments, end):
    monkeypatch.setenv("ASKED", "yes")
    (tmp_path / "program.py").write_text(TELLS + ENDS[end], encoding="utf-8")
    command = [sys.executable, *arguments]
    fresh = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    warm = warm_python.run(command, cwd=tmp_path)
    assert (warm.returncode, warm.stdout) == (fresh.returncode, fresh.stdout)
    assert warm.stderr.splitlines()[0] == fresh.stderr.splitlines()[0] == "aside"
    assert warm.stderr.splitlines()[-1] == fresh.stderr.splitlines()[-1]


def test_one_without_end_is_ended_and_the_next_one_runs(tmp_path):
    (tmp_path / "program.py").write_text("import time\nprint('begun', flush=True)\ntime.sleep(60)", encoding="utf-8")
    with pytest.raises(subprocess.TimeoutExpired) as stopped:
        warm_python.run([sys.executable, "program.py"], cwd=tmp_path, timeout=2)
    assert "begun" in str(stopped.value.output)
    (tmp_path / "program.py").write_text("import keras\nprint(keras.ops.sum([1, 2]))", encoding="utf-8")
    assert "3" in warm_python.run([sys.executable, "program.py"], cwd=tmp_path).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each program starts in a fresh Python")
def test_keras_is_there_and_nothing_of_the_course_or_of_a_program_before(tmp_path):
    names = ("keras", "tensorflow", "course_utils", "course_lessons", "left_behind", "pytest", "warm_python")
    for _ in range(2):
        code = f"import sys\nprint([name for name in {names} if name in sys.modules])\nsys.modules['left_behind'] = 1"
        (tmp_path / "program.py").write_text(code, encoding="utf-8")
        said = warm_python.run([sys.executable, "program.py"], cwd=tmp_path).stdout
        assert said == "['keras', 'tensorflow']\n"
