"""What the project takes from outside: only what is used is listed, and the workflow for GitHub is a sound one."""

import subprocess
import sys
from pathlib import Path

from course_utils import paths

ROOT = paths.project_root()
PROGRAMS = Path(sys.executable).parent


def run(program, *arguments):
    done = subprocess.run([PROGRAMS / program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_all_that_is_imported_is_listed_and_all_that_is_listed_is_used():
    status, said = run("deptry", ".")
    assert status == 0, said


def test_the_workflow_keeps_githubs_schema():
    status, said = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", ".github/workflows/ci.yml")
    assert status == 0, said


def test_the_workflow_covers_what_the_readme_promises():
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert all(f'"{version}"' in text for version in ("3.11", "3.12", "3.13"))
    assert all(f"{system}-latest" in text for system in ("ubuntu", "macos", "windows"))
    assert all(command in text for command in ("make test\n", "make test-full\n", "pip-audit"))


def test_the_pins_name_no_registry():
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in pins
    assert "index-url" not in pins
