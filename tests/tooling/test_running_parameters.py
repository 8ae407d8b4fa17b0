"""What is refused before anything runs."""

import json
import os
import socket

import nbformat
import papermill
import psutil
import pytest
import small_notebooks

from course_utils.tooling import run_lock
from course_utils.tooling.run_parameters import check_parameters, declared_parameters
from course_utils.tooling.run_plan import choose_jobs
from course_utils.tooling.running import RunRefused, run_notebooks

CELL = """profile: str = "quick"  # how much; a == b is no assignment
seed: int = 0
rate: float = 1e-3
shuffle: bool = True
sizes: list[int] = [8, 16]
folder: str | None = None
"""


@pytest.fixture
def notebook(tmp_path):
    return small_notebooks.write(tmp_path / "lesson.ipynb", "print(profile)", parameters=CELL)


def declared(path):
    return declared_parameters(nbformat.read(path, as_version=4))


def test_every_parameter_is_found_also_where_papermill_passes_over_it(notebook):
    assert list(declared(notebook)) == ["profile", "seed", "rate", "shuffle", "sizes", "folder"]
    assert not {"profile", "folder"} & set(papermill.inspect_notebook(notebook))  # two equals signs, and a bar


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
        ("profile", "full", "full"),
    ],
)
def test_text_becomes_the_declared_type(notebook, name, given, fitting):
    checked = check_parameters({name: given}, declared(notebook), "lesson")[name]
    assert checked == fitting and type(checked) is type(fitting)


@pytest.mark.parametrize(
    ("name", "given", "complaint"),
    [
        ("seeds", "3", "no parameter 'seeds'. It has: profile, seed"),
        ("seed", "three", "seed of notebook lesson takes int. Received: 'three'"),
        ("seed", "1.5", "takes int"),
        ("seed", "True", "takes int"),
        ("shuffle", "1", "takes bool"),
        ("sizes", "8", "takes list"),
        ("folder", 3, "takes str or None"),
        ("profile", "fast", "smoke, quick, full"),
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


def lock_of(**values):
    return {"pid": os.getpid(), "started": psutil.Process().create_time(), "host": socket.gethostname(), **values}


@pytest.mark.parametrize("holder", [lock_of(), lock_of(host="another machine")])
def test_a_living_holder_keeps_its_lock(tmp_path, holder):
    (tmp_path / "lock").write_text(json.dumps(holder))
    with pytest.raises(RunRefused, match=f"process {os.getpid()} on "), run_lock.held(tmp_path):
        pass
    assert json.loads((tmp_path / "lock").read_text()) == holder


@pytest.mark.parametrize("holder", [lock_of(pid=2**22 + 1), lock_of(started=1.0), {"pid": "a"}, None])
def test_a_lock_whose_process_is_gone_is_taken_over(tmp_path, holder):
    lock = tmp_path / "lock"
    lock.write_text(json.dumps(holder) if holder else "")
    os.utime(lock, (0, 0))
    with run_lock.held(tmp_path):
        assert json.loads(lock.read_text())["pid"] == os.getpid()
    assert list(tmp_path.iterdir()) == []
