"""PYTHONHOME keeps every Python of an environment from starting; make does without it, and unsetting it helps."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.unix_only("make, and a Unix shell")
@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
@pytest.mark.parametrize("home", ["/nowhere", sys.base_prefix])
def test_make_starts_the_course_whatever_python_home_says(tmp_path, home):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "course").write_text('#!/bin/sh\necho "$1 ${PYTHONHOME-none}"\n')
    (tmp_path / "bin" / "course").chmod(0o755)
    (tmp_path / ".installed").touch()
    command = ["make", "--no-print-directory", "--silent", "run", f"VENV={tmp_path}"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONHOME": home}, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "run none\n"), done.stderr


@pytest.mark.unix_only("a Unix shell")
def test_python_names_a_python_home_that_is_none_and_unsetting_it_helps():
    start = '"$PYTHON" -c "import course_utils"'
    own = {**os.environ, "PYTHON": sys.executable, "PYTHONHOME": "/nowhere"}
    said = subprocess.run(["sh", "-c", start], env=own, capture_output=True, text=True, timeout=60)
    assert said.returncode != 0 and "PYTHONHOME = '/nowhere'" in said.stderr
    subprocess.run(["sh", "-c", f"unset PYTHONHOME; {start}"], env=own, check=True, timeout=60)
