"""The workflow on GitHub: what it hands over is what the tests write."""

import ast

import pytest
import yaml

from course_utils import paths

WORKFLOW = yaml.safe_load((paths.project_root() / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
UPLOADS = [
    pytest.param(step["with"], id=name)
    for name, job in WORKFLOW["jobs"].items()
    for step in job["steps"]
    if step.get("uses", "").startswith("actions/upload-artifact")
]
WRITTEN = ("unit.xml", "nbval.xml", "smoke/report/index.html", "full/report/junit.xml")
BESIDE = ("pages/venv/pyvenv.cfg", "state/progress.json", "smoke/notebooks/a.ipynb", "data/cifar10.npz")


@pytest.mark.parametrize("upload", UPLOADS)
def test_reports_are_uploaded_and_an_empty_upload_fails(upload, tmp_path):
    stages = ast.parse((paths.project_root() / "tests" / "stages.py").read_text(encoding="utf-8"))
    [build] = [
        node.value for node in stages.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BUILD"
    ]
    for name in (*WRITTEN, *BESIDE):
        file = eval(ast.unparse(build), {"ROOT": tmp_path}) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    found = {
        file.relative_to(tmp_path / "build" / "test").as_posix()
        for pattern in upload["path"].split()
        for place in tmp_path.glob(pattern)
        for file in ([place] if place.is_file() else place.rglob("*"))
    }
    assert found == set(WRITTEN)
    assert upload["if-no-files-found"] == "error"


def test_both_jobs_that_test_upload():
    assert {upload.id for upload in UPLOADS} == {"fast", "full"}
