"""The parameters of lessons, and what smoke and full set: it stands in the head of the source, and runs pass it on."""

import nbformat
import pytest
import small_notebooks

from course_utils import profiles
from course_utils.errors import WrongUse
from course_utils.tooling import catalogue, editions, guards, store
from course_utils.tooling.notebook_files import read_notebook
from course_utils.tooling.run_plan import check_parameters, declared_parameters, profile_parameters
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
    return notebook.metadata.get("course_profiles")


@pytest.mark.parametrize("lesson", catalogue.stored(), ids=lambda lesson: lesson.name)
def test_every_lesson_declares_types_and_each_profile_sets_what_it_has(lesson):
    notebook = read_notebook(lesson.notebook)
    parameters = declared_parameters(notebook)
    known = {"str", "int", "float", "bool", "list", "tuple", "dict", "None"}
    assert parameters and all(types and set(types) <= known for types in parameters.values())
    for profile in profiles.NAMES:
        check_parameters(profile_parameters(notebook, profile), parameters, lesson.name)


def test_storing_keeps_them_and_takes_a_change_up_without_executing(lesson, monkeypatch):
    assert store.store(lesson) == "executed"
    stored = read_notebook(lesson.notebook)
    assert profiles_of(stored) == profiles_of(editions.solved(stored)) == PROFILES
    monkeypatch.setattr(store, "execute", lambda *_, **__: pytest.fail("executed"))
    assert store.store(lesson) == "unchanged"
    lesson.source.write_text(SOURCE.replace("images: 30", "images: 40"), encoding="utf-8")
    stored = read_notebook(lesson.notebook)
    assert [found.rule for found in guards.contents_equal(stored, lesson.source.read_text(encoding="utf-8"))]
    assert store.store(lesson) == "text updated"
    stored = read_notebook(lesson.notebook)
    assert profiles_of(stored)["full"]["images"] == 40
    assert stored.cells[1].outputs[0].text == "5 0.1\n"


def test_the_runner_passes_them_like_any_parameter_and_what_the_user_gives_comes_before(lesson, tmp_path):
    store.store(lesson)
    for profile, given, printed in (("smoke", {}, "2 0.1"), ("quick", {}, "5 0.1"), ("full", {"images": 7}, "7 0.5")):
        [book] = run_notebooks([lesson.notebook], profile=profile, parameters=given, out=tmp_path / profile).notebooks
        assert book.passed, book.message
        executed = nbformat.read(tmp_path / profile / "notebooks" / lesson.notebook.name, as_version=4)
        assert executed.cells[-1].outputs[0].text == f"{printed}\n"
        assert book.parameters == PROFILES.get(profile, {}) | given


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
def test_what_no_notebook_can_take_is_refused_in_one_line(tmp_path, wrong, said):
    path = small_notebooks.write(tmp_path / "x.ipynb", "print(images)", parameters="images: int = 5")
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["course_profiles"] = wrong
    nbformat.write(notebook, path)
    with pytest.raises(WrongUse, match=said) as raised:
        run_notebooks([path], profile="smoke", out=tmp_path / "out")
    assert "\n" not in str(raised.value)
