"""Parameters and what profiles set of them; what is refused before anything runs."""

import subprocess
import sys

import nbformat
import papermill
import pytest
import small_notebooks

from course_utils import profiles
from course_utils.errors import WrongUse
from course_utils.tooling import catalogue, editions, guards, store
from course_utils.tooling.notebook_files import read_notebook
from course_utils.tooling.run_plan import (
    check_parameters,
    choose_jobs,
    declared_parameters,
    make_plans,
    notebook_variables,
    profile_parameters,
)
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
        (["absent.ipynb"], {}, "absent.ipynb cannot be read (No such file or directory). Name a notebook"),
        (["damaged.ipynb"], {}, "damaged.ipynb is not a notebook that can be read. Name another one."),
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


def test_stored_outputs_do_not_hinder_a_resumed_run_and_cells_and_tags_do(notebook):
    def changed(**values):
        book = nbformat.read(notebook, as_version=4)
        book.cells[-1].update(values)
        nbformat.write(book, notebook)
        return make_plans([notebook], "quick", {})[0].key

    first = changed()
    noted = {"metadata": {"scrolled": True}, "execution_count": 7}
    assert changed(outputs=[nbformat.v4.new_output("stream", text="10")], **noted) == first
    assert len({first, changed(source="print(seed)"), changed(metadata={"tags": ["slide"]})}) == 3


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


PROFILES = {"full": {"images": 30, "rate": 0.5}, "smoke": {"images": 2}}
SOURCE = """# ---
# jupyter:
#   course_profiles:
#     full:
#       images: 30
#       rate: 0.5
#     smoke:
#       images: 2
# ---

# %% tags=["parameters"]
images: int = 5
rate: float = 0.1

# %%
print(images, rate)
"""


def test_every_lesson_declares_types_and_each_profile_sets_what_it_has():
    known = {"str", "int", "float", "bool", "list", "tuple", "dict", "None"}
    lessons = catalogue.stored()
    assert len(lessons) >= 22
    for lesson in lessons:
        notebook = read_notebook(lesson.notebook)
        parameters = declared_parameters(notebook)
        assert parameters and all(types and set(types) <= known for types in parameters.values()), lesson.name
        for profile in profiles.NAMES:
            check_parameters(profile_parameters(notebook, profile), parameters, lesson.name)


def test_profiles_stand_in_the_source_and_are_stored_and_passed_like_parameters(tmp_path, monkeypatch):
    source = small_notebooks.write_lesson(tmp_path, "01_x", SOURCE)
    [lesson] = catalogue.lessons(tmp_path)
    assert store.store(lesson) == "executed"
    stored = read_notebook(lesson.notebook)
    assert stored.metadata.course_profiles == editions.solved(stored).metadata.course_profiles == PROFILES
    for profile, given, printed in (("smoke", {}, "2 0.1"), ("full", {"images": 7}, "7 0.5")):
        [book] = run_notebooks([lesson.notebook], profile=profile, parameters=given, out=tmp_path / profile).notebooks
        assert (book.message, book.parameters) == ("", PROFILES[profile] | given)
        executed = read_notebook(tmp_path / profile / "notebooks" / lesson.notebook.name)
        assert executed.cells[-1].outputs[0].text == f"{printed}\n"

    monkeypatch.setattr(store, "execute", lambda *_, **__: pytest.fail("executed"))
    changed = SOURCE.replace("images: 30", "images: 40")
    assert [found.rule for found in guards.contents_equal(stored, changed)]
    source.write_text(changed, encoding="utf-8")
    assert store.store(lesson) == "text updated"
    stored = read_notebook(lesson.notebook)
    assert stored.metadata.course_profiles["full"]["images"] == 40 and stored.cells[1].outputs[0].text == "5 0.1\n"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quick": {"images": 1}}, "under smoke and full"),
        ({"smoke": [1]}, "under smoke and full"),
        (["smoke"], "under smoke and full"),
        ({"smoke": {"pictures": 1}}, "no parameter 'pictures'"),
        ({"smoke": {"images": "many"}}, "images of notebook x takes int"),
    ],
)
def test_profiles_that_no_notebook_can_take_are_refused_in_one_line(tmp_path, wrong, said):
    book = small_notebooks.write(tmp_path / "x.ipynb", "1", parameters="images: int = 5", profiles=wrong)
    with pytest.raises(WrongUse, match=said) as raised:
        run_notebooks([book], profile="smoke", out=tmp_path / "out")
    assert "\n" not in str(raised.value)
