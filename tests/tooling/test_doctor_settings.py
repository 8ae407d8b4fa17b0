"""What `course doctor` finds in the user's settings, and that its advice helps when it is followed."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.tooling import doctor_settings


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
    assert doctor_settings.kernels().state == "ok"


@pytest.mark.parametrize("content", [json.dumps({"argv": ["/other/bin/python"], "display_name": "Python"}), "{", "{}"])
@pytest.mark.parametrize("variable", ["JUPYTER_DATA_DIR", "JUPYTER_PATH"])
def test_a_kernel_of_another_python_is_found_and_removing_it_helps(home, monkeypatch, variable, content):
    monkeypatch.setenv(variable, str(home / "theirs"))
    write_kernel(home / "theirs", content)
    found = doctor_settings.kernels()
    assert found.state == "warning"
    assert "/other" in found.detail or "nothing" in found.detail
    follow(found.mend)
    assert doctor_settings.kernels().state == "ok"


def test_a_wrong_kernel_in_this_environment_is_a_problem_and_installing_it_helps(home, monkeypatch, tmp_path):
    write_kernel(tmp_path / "prefix" / "share" / "jupyter", json.dumps({"argv": ["/other/python"]}))
    monkeypatch.setattr(doctor_settings.sys, "prefix", str(tmp_path / "prefix"))
    found = doctor_settings.kernels()
    assert (found.state, "/other/python" in found.detail) == ("problem", True)
    assert "--sys-prefix" in found.mend
    follow(found.mend.replace("--sys-prefix", f"--prefix '{tmp_path / 'prefix'}'"))  # this environment is left alone
    assert doctor_settings.kernels().state == "ok"


def test_files_that_hide_modules_are_found_and_renaming_them_helps(tmp_path):
    (tmp_path / "random.py").touch()
    (tmp_path / "my_model.py").touch()
    found = doctor_settings.hidden(tmp_path)
    assert found.state == "warning" and "random.py" in found.detail and "my_model" not in found.detail
    assert found.mend == "rename random.py, for instance to my_random.py"
    (tmp_path / "random.py").rename(tmp_path / "my_random.py")
    assert doctor_settings.hidden(tmp_path).state == "ok"
    assert doctor_settings.hidden(tmp_path / "not there").state == "ok"


def test_a_python_path_counts_only_where_it_hides_something(tmp_path):
    assert doctor_settings.python_path({}).state == "ok"
    (tmp_path / "own_module.py").touch()
    assert doctor_settings.python_path({"PYTHONPATH": f"{tmp_path}{os.pathsep}/not/there"}).state == "ok"
    (tmp_path / "numpy.py").touch()
    found = doctor_settings.python_path({"PYTHONPATH": f"/not/there{os.pathsep}{tmp_path}"})
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
from course_utils.tooling import doctor_settings
found = doctor_settings.{check}(os.environ)
print(found.state, found.mend, sep=chr(10))"""
    shell = """look() { "$PYTHON" -c "$LOOK"; }; look; eval "$(look | tail -1)"; look"""
    own = {"PYTHON": sys.executable, "LOOK": look, variable: str(tmp_path / value) if value == "hiding" else value}
    done = subprocess.run(
        ["sh", "-ec", shell], env={**os.environ, **own}, capture_output=True, text=True, timeout=120, check=True
    )
    first, mend, second = done.stdout.split("\n")[:3]
    assert first in ("problem", "warning") and mend == f"unset {variable}" and second == "ok"


@pytest.mark.parametrize(("name", "state"), [("", "ok"), ("agg", "ok"), ("TkAgg", "ok"), ("nonsense", "warning")])
def test_a_backend_that_matplotlib_does_not_know(name, state):
    found = doctor_settings.backend({"MPLBACKEND": name})
    assert found.state == state
    assert ("MPLBACKEND" in found.mend) == (state == "warning")


def test_settings_without_effect_are_listed(home):
    assert doctor_settings.without_effect({"PATH": "/bin"}).detail == "none that a lesson has to set aside"
    (Path(home) / ".keras").mkdir()
    (Path(home) / ".keras" / "keras.json").touch()
    found = doctor_settings.without_effect({"KERAS_BACKEND": "torch", "XLA_FLAGS": "x", "MPLBACKEND": "agg"})
    assert found.state == "ok"
    assert all(name in found.detail for name in ("KERAS_BACKEND", "XLA_FLAGS", "MPLBACKEND", "keras.json"))
