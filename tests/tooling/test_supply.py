"""What the project takes from outside: only what is used is listed, and the workflow for GitHub is a sound one."""

import subprocess
import sys
from pathlib import Path

import yaml

from course_utils import paths

ROOT = paths.project_root()
WORKFLOW = ".github/workflows/ci.yml"
PROGRAMS = Path(sys.executable).parent


def run(program, *arguments):
    done = subprocess.run([PROGRAMS / program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_all_that_is_imported_is_listed_and_all_that_is_listed_is_used():
    status, said = run("deptry", ".")
    assert status == 0, said


def test_the_workflow_keeps_githubs_schema():
    status, said = run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", WORKFLOW)
    assert status == 0, said


def test_the_workflow_covers_what_the_readme_promises():
    text = (ROOT / WORKFLOW).read_text(encoding="utf-8")
    assert all(f'"{version}"' in text for version in ("3.11", "3.12", "3.13"))
    assert all(f"{system}-latest" in text for system in ("ubuntu", "macos", "windows"))
    assert all(command in text for command in ("make test\n", "make test-full\n", "pip-audit"))


def test_the_workflow_uploads_reports_alone_and_an_empty_upload_fails(tmp_path):
    written = ("unit.xml", "smoke/report/index.html", "full/report/junit.xml")
    beside = ("pages/venv/pyvenv.cfg", "state/progress.json", "smoke/notebooks/a.ipynb", "data/cifar10.npz")
    for name in (*written, *beside):
        (tmp_path / "build" / "test" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "build" / "test" / name).touch()
    jobs = yaml.safe_load((ROOT / WORKFLOW).read_text(encoding="utf-8"))["jobs"]
    for job in ("fast", "full"):
        [upload] = [step["with"] for step in jobs[job]["steps"] if "upload-artifact" in step.get("uses", "")]
        found = [place for pattern in upload["path"].split() for place in tmp_path.glob(pattern)]
        files = [file for place in found for file in ([place] if place.is_file() else place.rglob("*.*"))]
        assert {file.relative_to(tmp_path / "build" / "test").as_posix() for file in files} == {*written}
        assert upload["if-no-files-found"] == "error"


def test_the_pins_name_no_registry():
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in pins
    assert "index-url" not in pins
