"""Each check of `course doctor`: a machine that is well, one that is not, and that its advice helps when followed."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from course_utils.tooling import doctor
from course_utils.tooling.cli import course

GIB = 2**30


@pytest.mark.parametrize(
    ("finding", "state", "mend"),
    [
        *((doctor.python_version(version), "problem", "make PYTHON=python3.12") for version in ((3, 10), (3, 14))),
        *((doctor.python_version(version), "ok", "") for version in ((3, 11), (3, 13))),
        (doctor.memory(6 * GIB), "ok", ""),
        (doctor.memory(GIB), "warning", "close programs until 4 GiB are free"),
        (doctor.engine("ImportError: no"), "problem", "python -m pip install"),
        (doctor.engine("TensorFlow 2, Keras 3, devices: CPU"), "ok", ""),
        *((doctor.backend({"MPLBACKEND": name}), "ok", "") for name in ("", "agg", "TkAgg")),
        (doctor.backend({"MPLBACKEND": "nonsense"}), "warning", "MPLBACKEND"),
        (doctor.python_path({}), "ok", ""),
    ],
    ids=lambda value: getattr(value, "detail", None),
)
def test_a_machine_that_is_well_and_one_that_is_not(finding, state, mend):
    assert finding.state == state and mend in finding.mend and bool(finding.mend) == bool(mend)


def test_a_full_disk_is_found(tmp_path, monkeypatch):
    for free, state in ((3 * GIB, "ok"), (GIB, "warning")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        assert doctor.disk(tmp_path / "not" / "there").state == state


@pytest.mark.parametrize(
    ("pins", "state", "words"),
    [
        ("# a comment\nclick>=1\n--editable .\n", "ok", "all 1"),
        ("click==0.1\n", "warning", "pinned ==0.1"),
        ("no-such-package==1.0\n", "problem", "no-such-package is missing"),
        ("no-such-package==1.0 ; sys_platform == 'beos'\nclick>=1", "ok", "all 1"),
        ("\n".join(f"missing-{number}==1" for number in range(9)), "problem", "and 4 more"),
    ],
)
def test_packages_against_the_pins(tmp_path, pins, state, words):
    (tmp_path / "requirements.txt").write_text(pins, encoding="utf-8")
    finding = doctor.packages(tmp_path / "requirements.txt")
    assert finding.state == state
    assert words in finding.detail
    assert bool(finding.mend) == (state != "ok")


def test_a_folder_that_is_not_there_yet_can_be_written_and_is_not_made(tmp_path):
    assert doctor.writable("data home", tmp_path / "not" / "there").state == "ok"
    assert list(tmp_path.iterdir()) == []


def test_data_sets_that_are_missing_are_named_with_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    finding = doctor.data_sets()
    assert finding.state == "ok"
    assert "digits" in finding.detail
    assert "course data fetch mnist" in finding.mend


def test_the_command_looks_at_everything_and_only_a_problem_makes_it_fail(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.sys, "executable", "no-such-python")  # what cannot be started does not load
    result = CliRunner().invoke(course, ["doctor"])
    assert result.exit_code == 1
    topics = ("Python", "packages", "memory", "disk", "progress", "kernel", "matplotlib", "your settings", "data sets")
    assert all(f"  {topic}: " in result.output for topic in topics)
    assert "PROBLEM  TensorFlow: does not load: FileNotFoundError after at most 180 s\n         Mend: " in result.output
    monkeypatch.setattr(doctor, "examine", lambda: [doctor.Finding("disk", "warning", "full", "make room")])
    assert CliRunner().invoke(course, ["doctor"]).exit_code == 0


def follow(mend):
    """Type the command of an advice."""
    command = shlex.split(mend.rpartition(": ")[2])
    assert command[0] == "python"
    subprocess.run([sys.executable, *command[1:]], check=True, timeout=120, env=os.environ, capture_output=True)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")  # as where the course is not in a virtual environment
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    return tmp_path


def write_kernel(folder, content):
    (folder / "kernels" / "python3").mkdir(parents=True)
    (folder / "kernels" / "python3" / "kernel.json").write_text(content)


def test_the_kernel_of_this_environment_is_fine(home):
    assert doctor.kernels().state == "ok"


@pytest.mark.parametrize("content", [json.dumps({"argv": ["/other/bin/python"], "display_name": "Python"}), "{", "{}"])
@pytest.mark.parametrize("variable", ["JUPYTER_DATA_DIR", "JUPYTER_PATH"])
def test_a_kernel_of_another_python_is_found_and_removing_it_helps(home, monkeypatch, variable, content):
    monkeypatch.setenv(variable, str(home / "theirs"))
    write_kernel(home / "theirs", content)
    found = doctor.kernels()
    assert found.state == "warning"
    assert "/other" in found.detail or "nothing" in found.detail
    follow(found.mend)
    assert doctor.kernels().state == "ok"


def test_a_wrong_kernel_in_this_environment_is_a_problem_and_installing_it_helps(home, monkeypatch, tmp_path):
    write_kernel(tmp_path / "prefix" / "share" / "jupyter", json.dumps({"argv": ["/other/python"]}))
    monkeypatch.setattr(doctor.sys, "prefix", str(tmp_path / "prefix"))
    found = doctor.kernels()
    assert (found.state, "/other/python" in found.detail) == ("problem", True)
    assert "--sys-prefix" in found.mend
    follow(found.mend.replace("--sys-prefix", f"--prefix '{tmp_path / 'prefix'}'"))  # this environment is left alone
    assert doctor.kernels().state == "ok"


def test_files_that_hide_modules_are_found_and_renaming_them_helps(tmp_path):
    (tmp_path / "random.py").touch()
    (tmp_path / "my_model.py").touch()
    found = doctor.hidden(tmp_path)
    assert found.state == "warning" and "random.py" in found.detail and "my_model" not in found.detail
    assert found.mend == "rename random.py, for instance to my_random.py"
    (tmp_path / "random.py").rename(tmp_path / "my_random.py")
    assert doctor.hidden(tmp_path).state == "ok"
    assert doctor.hidden(tmp_path / "not there").state == "ok"


def test_a_python_path_counts_only_where_it_hides_something(tmp_path):
    (tmp_path / "own_module.py").touch()
    assert doctor.python_path({"PYTHONPATH": f"{tmp_path}{os.pathsep}/not/there"}).state == "ok"
    (tmp_path / "numpy.py").touch()
    found = doctor.python_path({"PYTHONPATH": f"/not/there{os.pathsep}{tmp_path}"})
    assert (found.state, "numpy.py" in found.detail) == ("problem", True)
    assert "PYTHONPATH" in found.mend


@pytest.mark.unix_only("the advice is for a Unix shell; Windows has its own, by reading")
@pytest.mark.parametrize(
    ("check", "variable", "value"), [("python_path", "PYTHONPATH", "hiding"), ("backend", "MPLBACKEND", "nonsense")]
)
def test_the_advice_to_unset_a_variable_helps_where_it_is_typed(tmp_path, check, variable, value):
    (tmp_path / "hiding").mkdir()
    (tmp_path / "hiding" / "seaborn.py").write_text("1 / 0")
    look = f"""import os, sys
from course_utils.tooling import doctor
found = doctor.{check}(os.environ)
print(found.state, found.mend, sep=chr(10))"""
    shell = """look() { "$PYTHON" -c "$LOOK"; }; look; eval "$(look | tail -1)"; look"""
    own = {"PYTHON": sys.executable, "LOOK": look, variable: str(tmp_path / value) if value == "hiding" else value}
    done = subprocess.run(
        ["sh", "-ec", shell], env={**os.environ, **own}, capture_output=True, text=True, timeout=120, check=True
    )
    first, mend, second = done.stdout.split("\n")[:3]
    assert first in ("problem", "warning") and mend == f"unset {variable}" and second == "ok"


def test_settings_without_effect_are_listed(home):
    assert doctor.without_effect({"PATH": "/bin"}).detail == "none that a lesson has to set aside"
    (Path(home) / ".keras").mkdir()
    (Path(home) / ".keras" / "keras.json").touch()
    found = doctor.without_effect({"KERAS_BACKEND": "torch", "XLA_FLAGS": "x", "MPLBACKEND": "agg"})
    assert found.state == "ok"
    assert all(name in found.detail for name in ("KERAS_BACKEND", "XLA_FLAGS", "MPLBACKEND", "keras.json"))
