"""What is refused before anything runs."""

import itertools
import os
import socket
import subprocess
import sys

import nbformat
import papermill
import pytest
import small_notebooks

from course_utils.tooling import run_lock
from course_utils.tooling.run_parameters import Parameter, check_parameters, declared_parameters
from course_utils.tooling.run_plan import choose_jobs, notebook_variables
from course_utils.tooling.running import RunRefused, run_notebooks

CELL = """amount: str = "some"  # how much; a == b is no assignment
seed: int = 0
rate: float = 1e-3
shuffle: bool = True
sizes: list[int] = [8, 16]
folder: str | None = None
"""


@pytest.fixture
def notebook(tmp_path):
    return small_notebooks.write(tmp_path / "lesson.ipynb", "print(amount)", parameters=CELL)


def declared(path):
    return declared_parameters(nbformat.read(path, as_version=4))


def test_every_parameter_is_found_also_where_papermill_passes_over_it(notebook):
    assert list(declared(notebook)) == ["amount", "seed", "rate", "shuffle", "sizes", "folder"]
    assert not {"amount", "folder"} & set(papermill.inspect_notebook(notebook))  # two equals signs, and a bar


@pytest.mark.parametrize(
    ("name", "given", "fitting"),
    [
        ("seed", "3", 3),
        ("rate", "0.01", 0.01),
        ("rate", 1, 1.0),
        ("shuffle", "false", False),
        ("sizes", "[4, 8]", [4, 8]),
        ("folder", "None", None),
        ("folder", "2024", "2024"),
        ("folder", "pictures", "pictures"),
        ("amount", "all", "all"),
    ],
)
def test_text_becomes_the_declared_type(notebook, name, given, fitting):
    checked = check_parameters({name: given}, declared(notebook), "lesson")[name]
    assert checked == fitting and type(checked) is type(fitting)


TYPES = ["str", "int", "float", "bool", "list", "None"]
VALUES = {"3": int, "3.5": float, "true": bool, "[1]": list, "None": type(None), "three": str}


@pytest.mark.parametrize("text", VALUES)
def test_a_value_that_spells_one_of_several_types_becomes_that_one_in_whatever_order_they_stand(text):
    for types in itertools.permutations(TYPES):
        value = check_parameters({"x": text}, {"x": Parameter("x", types)}, "lesson")["x"]
        assert type(value) is VALUES[text], types


@pytest.mark.parametrize(("types", "expected"), [("float | str", "3.0"), ("str | float", "3.0"), ("float | int", "3")])
def test_the_same_text_is_the_same_value_whatever_the_seed_of_hashes(types, expected):
    code = "import sys; from course_utils.tooling.run_parameters import Parameter, check_parameters\n"
    code += "types = (*sys.argv[1].split(' | '), 'list', 'bool')\n"
    code += "print(check_parameters({'x': '3'}, {'x': Parameter('x', types)}, '')['x'])"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code, types], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert printed == {f"{expected}\n".encode()}


@pytest.mark.parametrize(
    ("name", "given", "complaint"),
    [
        ("seeds", "3", "no parameter 'seeds'. It has: amount, seed"),
        ("seed", "three", "seed of notebook lesson takes int. Received: 'three'"),
        ("seed", "1.5", "takes int"),
        ("seed", "True", "takes int"),
        ("shuffle", "1", "takes bool"),
        ("sizes", "8", "takes list"),
        ("folder", 3, "takes str or None"),
    ],
)
def test_unknown_names_and_wrong_types_are_refused(notebook, name, given, complaint):
    with pytest.raises(RunRefused) as raised:
        check_parameters({name: given}, declared(notebook), "lesson")
    assert complaint in str(raised.value)


def test_nothing_is_run_or_written_where_one_parameter_is_wrong(notebook, tmp_path):
    other = small_notebooks.write(tmp_path / "other.ipynb", "1")
    with pytest.raises(RunRefused, match="other has no parameter 'seed'"):
        run_notebooks([notebook, other], parameters={"seed": "1"}, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("names", "options", "complaint"),
    [
        ([], {}, "no notebook to run"),
        (["absent.ipynb"], {}, "absent.ipynb"),
        (["damaged.ipynb"], {}, "not a notebook that can be read"),
        (["lesson.ipynb", "lesson.ipynb"], {}, "Received twice: lesson"),
        (["lesson.ipynb"], {"profile": "fast"}, "smoke, quick, full"),
        (["lesson.ipynb"], {"jobs": 0}, "at least 1"),
        (["lesson.ipynb"], {"out": "damaged.ipynb"}, "cannot be written"),
    ],
)
def test_wrong_use_is_refused_in_one_line(notebook, tmp_path, names, options, complaint):
    (tmp_path / "damaged.ipynb").write_text('{"cells": [', encoding="utf-8")
    options = {**options, "out": tmp_path / options.get("out", "out")}
    with pytest.raises(RunRefused) as raised:
        run_notebooks([tmp_path / name for name in names], show=False, **options)
    assert complaint in str(raised.value) and "\n" not in str(raised.value)


def test_no_more_jobs_than_notebooks_and_at_least_one():
    assert choose_jobs(8, 3) == 3
    assert 1 <= choose_jobs(None, 100) <= 4


def hold(folder, host):
    """Hold a run's lock in another process, as on a machine of that name; gives the process once it holds it."""
    code = "import pathlib, socket, sys, time; socket.gethostname = lambda: sys.argv[2]\n"
    code += "from course_utils.tooling import run_lock\n"
    code += "with run_lock.held(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code, str(folder), host], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    return process


@pytest.mark.parametrize("host", [socket.gethostname(), "a laptop in another network"])
def test_a_holder_keeps_its_lock_as_long_as_it_lives(tmp_path, host):
    with hold(tmp_path, host) as holder:
        with pytest.raises(RunRefused, match=rf"process {holder.pid} on {host}\) uses "), run_lock.held(tmp_path):
            pass
        holder.kill()
        holder.wait(10)
        with run_lock.held(tmp_path):
            pass


def test_of_many_that_find_a_lock_left_behind_one_at_a_time_runs(tmp_path):
    """Each of them finds the files of a run that was killed; whoever is inside writes a mark that none may find."""
    (tmp_path / "lock").write_text('{"pid": 4194305, "started": 1.0, "host": "another machine"}')
    code = "import pathlib, sys; from course_utils.tooling import run_lock\n"
    code += "from course_utils.tooling.run_results import RunRefused\nfolder = pathlib.Path(sys.argv[1])\nturns = 0\n"
    code += "while turns < 20:\n    try:\n        with run_lock.held(folder):\n"
    code += "            (folder / 'inside').touch(exist_ok=False); (folder / 'inside').unlink(); turns += 1\n"
    code += "    except RunRefused: pass"
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]


def test_a_notebook_has_its_share_of_the_cores_and_one_thread_for_matrix_products(tmp_path):
    variables = notebook_variables(tmp_path, threads=2)
    assert variables["OMP_NUM_THREADS"] == variables["TF_NUM_INTRAOP_THREADS"] == "2"
    assert variables["OPENBLAS_NUM_THREADS"] == "1"  # two wait for each other where other programs take a core
