"""What smoke and full set: written in the head of the source, kept by every conversion, passed like any parameter."""

import json
import subprocess
import sys
import tomllib

import nbformat
import pytest
import small_notebooks

from course_utils import paths
from course_utils.tooling import catalogue, editions, guards, pairing, store
from course_utils.tooling.run_results import RunRefused
from course_utils.tooling.running import run_notebooks

PROFILES = {"full": {"images": 30, "rate": 0.5}, "smoke": {"images": 2}}
CODE = """# %% tags=["parameters"]
images: int = 5
rate: float = 0.1

# %%
print(images, rate)
"""
HEAD = """# ---
# jupyter:
#   course_profiles:
#     full:
#       images: 30
#       rate: 0.5
#     smoke:
#       images: 2
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

"""
SOURCE = HEAD + CODE


@pytest.fixture
def lesson(tmp_path):
    """A lesson of three lines, not stored yet."""
    source = tmp_path / "source" / "lesson_01_x" / "lesson.py"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, encoding="utf-8")
    return catalogue.lessons(tmp_path)[0]


def profiles_of(notebook):
    return json.loads(json.dumps(notebook.metadata.get(pairing.PROFILES)))


def test_they_go_from_source_to_notebook_and_back():
    notebook = pairing.to_notebook(SOURCE)
    assert profiles_of(notebook) == PROFILES
    assert pairing.to_source(notebook) == SOURCE
    assert "course_profiles" not in pairing.to_source(pairing.to_notebook(CODE))


def test_storing_keeps_them_and_takes_a_change_up_without_executing(lesson, monkeypatch):
    assert store.store(lesson) == "executed"
    assert profiles_of(pairing.read_notebook(lesson.notebook)) == PROFILES
    monkeypatch.setattr(store, "execute", lambda *_, **__: pytest.fail("executed"))
    assert store.store(lesson) == "unchanged"
    lesson.source.write_text(SOURCE.replace("images: 30", "images: 40"), encoding="utf-8")
    stored = pairing.read_notebook(lesson.notebook)
    assert [found.rule for found in guards.contents_equal(stored, lesson.source.read_text(encoding="utf-8"))]
    assert store.store(lesson) == "text updated"
    stored = pairing.read_notebook(lesson.notebook)
    assert profiles_of(stored)["full"]["images"] == 40
    assert stored.cells[1].outputs[0].text == "5 0.1\n"


def test_the_solved_edition_keeps_them():
    assert profiles_of(editions.solved(pairing.to_notebook(SOURCE))) == PROFILES


def test_jupytext_keeps_them_with_the_settings_of_the_project(tmp_path):
    settings = tomllib.loads((paths.project_root() / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["jupytext"]
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in settings.items()]
    (tmp_path / "jupytext.toml").write_text("".join(lines), encoding="utf-8")
    pairing.write_notebook(pairing.to_notebook(SOURCE), tmp_path / "x.ipynb")
    for given, wanted in (("x.ipynb", "py:percent"), ("x.py", "ipynb")):
        command = [sys.executable, "-m", "jupytext", "--to", wanted, given]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
        (tmp_path / given).unlink()
    assert profiles_of(nbformat.read(tmp_path / "x.ipynb", as_version=4)) == PROFILES


@pytest.mark.parametrize(("profile", "printed"), [("smoke", "2 0.1"), ("quick", "5 0.1"), ("full", "30 0.5")])
def test_the_runner_passes_them_like_any_parameter(lesson, tmp_path, profile, printed):
    store.store(lesson)
    run = run_notebooks([lesson.notebook], profile=profile, out=tmp_path / profile)
    [book] = run.notebooks
    assert book.passed, book.message
    executed = nbformat.read(tmp_path / profile / "notebooks" / lesson.notebook.name, as_version=4)
    assert executed.cells[-1].outputs[0].text == f"{printed}\n"
    assert book.parameters == PROFILES.get(profile, {})
    assert (book.drift is not None) == (profile == "quick")  # the stored outputs are those of the defaults


def test_what_the_user_gives_comes_before_the_profile(lesson, tmp_path):
    store.store(lesson)
    run = run_notebooks([lesson.notebook], profile="full", parameters={"images": 7}, out=tmp_path / "out")
    assert run.notebooks[0].parameters == {"images": 7, "rate": 0.5}


@pytest.mark.parametrize(
    ("profiles", "said"),
    [
        ({"quick": {"images": 1}}, "under smoke and full"),
        ({"smoke": [1]}, "under smoke and full"),
        (["smoke"], "under smoke and full"),
        ({"smoke": {"pictures": 1}}, "no parameter 'pictures'"),
        ({"smoke": {"images": "many"}}, "images of notebook x takes int"),
    ],
)
def test_what_no_notebook_can_take_is_refused_in_one_line(tmp_path, profiles, said):
    path = small_notebooks.write(tmp_path / "x.ipynb", "print(images)", parameters="images: int = 5")
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata[pairing.PROFILES] = profiles
    nbformat.write(notebook, path)
    with pytest.raises(RunRefused, match=said) as raised:
        run_notebooks([path], profile="smoke", out=tmp_path / "out")
    assert "\n" not in str(raised.value)
