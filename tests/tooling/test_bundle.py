"""The archive for a room without a network: what is in it, and that it installs with no registry in reach."""

import os
import subprocess
import sys
import zipfile

import pytest

from course_utils import paths
from course_utils.tooling import bundle


@pytest.fixture
def no_download(monkeypatch):
    def one_wheel(folder):
        folder.mkdir()
        (folder / "some-1.0-py3-none-any.whl").write_bytes(b"wheel")

    monkeypatch.setattr(bundle, "_download", one_wheel)


def test_project_wheels_data_and_installer_are_in_it(tmp_path, no_download, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (tmp_path / "mnist.npz").write_bytes(b"data")
    archive = bundle.build(tmp_path / "out" / "course.zip", data=["mnist"], say=lambda line: None)
    names = set(zipfile.ZipFile(archive).namelist())
    expected = (
        "README.md",
        "requirements.txt",
        "install_offline.py",
        "notebooks/00_start_here.ipynb",
        "data_home/mnist.npz",
    )
    assert {f"{bundle.FOLDER}/{name}" for name in (*expected, "wheels/some-1.0-py3-none-any.whl")} <= names
    assert not [name for name in names if set(name.split("/")) & {".git", ".venv", "build", "mine", "__pycache__"}]


def test_data_that_is_not_there_is_named_before_anything_is_collected(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="course data fetch mnist"):
        bundle.build(tmp_path / "course.zip", data=["mnist"])
    assert list(tmp_path.iterdir()) == []


def test_a_failed_collection_keeps_the_old_archive(tmp_path, monkeypatch):
    archive = tmp_path / "course.zip"
    archive.write_bytes(b"old")
    monkeypatch.setattr(bundle, "BUILD_TOOLS", ("no-such-package-by-that-name==1",))
    monkeypatch.setattr(bundle.paths, "project_root", lambda: tmp_path)
    (tmp_path / "requirements.txt").write_text("--editable .\n")
    with pytest.raises(bundle.BundleFailed, match="no-such-package-by-that-name"):
        bundle.build(archive, say=lambda line: None)
    assert archive.read_bytes() == b"old"


@pytest.mark.slow
def test_it_installs_with_no_registry_in_reach(tmp_path):
    archive = bundle.build(tmp_path / "course.zip")
    with zipfile.ZipFile(archive) as whole:
        whole.extractall(tmp_path)
    folder = tmp_path / bundle.FOLDER
    # No settings of this machine, and the only registry is a closed port.
    alone = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9",
        "COURSE_DATA": str(tmp_path / "home"),
    }
    environment = {**os.environ, **alone}
    subprocess.run([sys.executable, "install_offline.py"], cwd=folder, env=environment, check=True, timeout=1200)
    python = folder / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    command = [python, "-m", "course_utils", "run", "--profile", "smoke", "--notebooks", "00"]
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=600)
    assert (folder / "build" / "report" / "report.json").is_file()
    assert paths.project_root() not in (folder / "build").parents
