"""The archive for a room without a network: what is in it, and that it installs with no registry in reach."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.tooling import bundle

TRACKED = ("README.md", "pyproject.toml", "requirements.txt", "notebooks/00_start_here.ipynb", "course_utils/ü.py")
OWN = f"cp{sys.version_info.major}{sys.version_info.minor}"
SYSTEM = sysconfig.get_platform().replace("-", "_").replace(".", "_").replace("linux", "manylinux_2_28")
OTHER = f"{sysconfig.get_platform().partition('-')[0]}_riscv64"  # the same system, another processor
# What lies about in the folder of somebody who works with it.
SECRET = (
    ".env",
    "notebooks/.env",
    "credentials.json",
    "notebooks/mine/00_start_here.ipynb",
    "venv/bin/python",
    ".venv-3.12/bin/python",
    "env/pyvenv.cfg",
    "node_modules/a.js",
    "build/report/index.html",
    "course_utils/__pycache__/a.pyc",
    ".idea/workspace.xml",
    "old_bundle.zip",
    "wheels_of_last_time/some.whl",
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project under git, with much beside what git tracks."""
    root = tmp_path / "project"
    for name in (*TRACKED, *SECRET):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("--editable .\n", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "add", *TRACKED], check=True)
    monkeypatch.setattr(bundle.paths, "project_root", lambda: root)
    return root


@pytest.fixture
def no_download(monkeypatch):
    def one_wheel(folder):
        folder.mkdir()
        (folder / "some-1.0-py3-none-any.whl").write_bytes(b"wheel")

    monkeypatch.setattr(bundle, "_download", one_wheel)


@pytest.mark.parametrize("place", ["out/course.zip", "project/course.zip", "project/notebooks/course.zip"])
def test_what_git_tracks_wheels_data_and_installer_are_in_it_once_and_nothing_else(
    tmp_path, project, no_download, monkeypatch, place
):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (tmp_path / "mnist.npz").write_bytes(b"data")
    archive = bundle.build(tmp_path / place, data=["mnist"], say=lambda line: None)
    names = zipfile.ZipFile(archive).namelist()
    expected = (*TRACKED, "install_offline.py", "data_home/mnist.npz", "wheels/some-1.0-py3-none-any.whl")
    assert sorted(names) == sorted(f"{bundle.FOLDER}/{name}" for name in expected)


def test_a_file_that_is_gone_and_a_link_are_left_out(tmp_path, project, no_download):
    (project / "README.md").unlink()
    with contextlib.suppress(OSError):  # links need rights on Windows
        (project / "README.md").symlink_to(project / ".env")
    (project / "course_utils" / "ü.py").unlink()
    archive = bundle.build(tmp_path / "course.zip", say=lambda line: None)
    names = {name.removeprefix(f"{bundle.FOLDER}/") for name in zipfile.ZipFile(archive).namelist()}
    assert names & {*TRACKED, *SECRET} == {*TRACKED} - {"README.md", "course_utils/ü.py"}


def test_a_project_that_git_does_not_know_is_refused_before_anything_is_collected(tmp_path, project, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    shutil.move(project / ".git", tmp_path / "aside")
    with pytest.raises(CourseError, match=r"Make it in a clone of the course\. Git says"):
        bundle.build(tmp_path / "out" / "course.zip")
    subprocess.run(["git", "init", "--quiet", str(project)], check=True)
    with pytest.raises(CourseError, match=r"does not track pyproject\.toml"):
        bundle.build(tmp_path / "out" / "course.zip")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CourseError, match="git is not installed"):
        bundle.build(tmp_path / "out" / "course.zip")
    assert not (tmp_path / "out").exists()


def test_data_that_is_not_there_is_named_before_anything_is_collected(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    with pytest.raises(CourseError, match="course data fetch mnist"):
        bundle.build(tmp_path / "course.zip", data=["mnist"])
    assert list(tmp_path.iterdir()) == []


def test_a_failed_collection_keeps_the_old_archive(tmp_path, project, monkeypatch):
    archive = tmp_path / "course.zip"
    archive.write_bytes(b"old")
    monkeypatch.setattr(bundle, "BUILD_TOOLS", ("no-such-package-by-that-name==1",))
    with pytest.raises(CourseError, match="no-such-package-by-that-name"):
        bundle.build(archive, say=lambda line: None)
    assert archive.read_bytes() == b"old"


@pytest.fixture
def unpacked(tmp_path):
    """A small archive, unpacked: installer, the wheel that tells what all of them are for, and next to no course."""
    for name, text in {
        "install_offline.py": bundle.INSTALLER.read_text(encoding="utf-8"),
        f"wheels/numpy-2.4.6-{OWN}-{OWN}-{SYSTEM}.whl": "",
        "requirements.txt": "",
        "course_utils/__init__.py": "",
        "course_utils/paths.py": "from pathlib import Path\ndata_home = Path('home').absolute",
        "data_home/mnist.npz": "data",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def install(folder):
    return subprocess.run([sys.executable, "install_offline.py"], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ("cp38-cp38-any", r"for Python 3\.8 on any; this is Python 3\.1\d"),
        (f"{OWN}-{OWN}-amiga_68k", "on amiga_68k;"),
        (f"{OWN}-{OWN}-{OTHER}", f"on {OTHER};"),
    ],
)
def test_another_python_system_or_processor_is_told_in_a_line_and_nothing_is_made(unpacked, tags, said):
    (wheel,) = (unpacked / "wheels").iterdir()
    wheel.rename(wheel.with_name(f"numpy-2.4.6-{tags}.whl"))
    done = install(unpacked)
    assert done.returncode == 1
    assert re.search(said, done.stderr) and len(done.stderr.splitlines()) == 1, done.stderr
    assert not (unpacked / ".venv").exists()


def test_an_archive_that_is_not_whole_is_told_in_a_line(unpacked):
    for wheel in (unpacked / "wheels").iterdir():
        wheel.unlink()
    done = install(unpacked)
    assert done.returncode == 1 and "not whole here. Unpack it again" in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not (unpacked / ".venv").exists()


@pytest.mark.slow
def test_an_environment_that_was_left_half_made_is_made_anew_and_a_finished_one_stays(unpacked):
    venv.create(unpacked / ".venv", with_pip=False)
    assert "Ready" in install(unpacked).stdout
    assert (unpacked / "home" / "mnist.npz").read_text(encoding="utf-8") == "data"
    kept = unpacked / ".venv" / "kept"
    kept.touch()
    assert "Ready" in install(unpacked).stdout
    assert kept.exists()


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
