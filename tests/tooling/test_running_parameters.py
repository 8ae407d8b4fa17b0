"""What is refused before anything runs."""

import subprocess
import sys

import nbformat
import papermill
import pytest
import small_notebooks

from course_utils.errors import WrongUse
from course_utils.tooling.run_plan import check_parameters, choose_jobs, declared_parameters, notebook_variables
from course_utils.tooling.running import alone_in, run_notebooks

CELL = """amount: str = "some"  # how much; a == b is no assignment
seed: int = 0
rate: float = 1e-3
shuffle: bool = True
sizes: list[int] = [8, 16]
folder: str | None = None
steps: float | int = 3
limit: float | str = 3.0
"""


@pytest.fixture
def notebook(tmp_path):
    return small_notebooks.write(tmp_path / "lesson.ipynb", "print(amount)", parameters=CELL)


def declared(path):
    return declared_parameters(nbformat.read(path, as_version=4))


def test_every_parameter_is_found_also_where_papermill_passes_over_it(notebook):
    names = ["amount", "seed", "rate", "shuffle", "sizes", "folder", "steps", "limit"]
    assert list(declared(notebook)) == names
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
        ("amount", "true", "true"),
        ("steps", "3", 3),  # of several types the one that the value spells
        ("limit", "3", 3.0),
        ("limit", "none", "none"),
    ],
)
def test_text_becomes_the_declared_type(notebook, name, given, fitting):
    checked = check_parameters({name: given}, declared(notebook), "lesson")[name]
    assert checked == fitting and type(checked) is type(fitting)


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
    with pytest.raises(WrongUse) as raised:
        check_parameters({name: given}, declared(notebook), "lesson")
    assert complaint in str(raised.value)


def test_nothing_is_run_or_written_where_one_parameter_is_wrong(notebook, tmp_path):
    other = small_notebooks.write(tmp_path / "other.ipynb", "1")
    with pytest.raises(WrongUse, match="other has no parameter 'seed'"):
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
    with pytest.raises(WrongUse) as raised:
        run_notebooks([tmp_path / name for name in names], **options)
    assert complaint in str(raised.value) and "\n" not in str(raised.value)


def test_no_more_jobs_than_notebooks_and_at_least_one():
    assert choose_jobs(8, 3) == 3
    assert 1 <= choose_jobs(None, 100) <= 4


def test_a_holder_keeps_its_folder_as_long_as_it_lives(tmp_path):
    code = "import pathlib, sys, time\nfrom course_utils.tooling import running\n"
    code += "with running.alone_in(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WrongUse, match=rf"process {holder.pid} on .*\) uses "), alone_in(tmp_path):
            pass
        holder.kill()
        holder.wait(10)
        with alone_in(tmp_path):
            pass


def test_a_notebook_has_its_share_of_the_cores_and_one_thread_for_matrix_products(tmp_path):
    variables = notebook_variables(tmp_path, threads=2)
    assert variables["OMP_NUM_THREADS"] == variables["TF_NUM_INTRAOP_THREADS"] == "2"
    assert variables["OPENBLAS_NUM_THREADS"] == "1"  # two wait for each other where other programs take a core
