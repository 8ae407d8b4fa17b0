"""The list of lessons, read without running anything."""

import pytest
import small_notebooks

from course_utils.errors import WrongUse
from course_utils.tooling import catalogue

FIRST = """# %% [markdown]
# # What is this?
#
# This is Chelsea.

# %%
# # no title
show()

# %% [markdown]
# **Before you start:** a little
# Python.
#
# **Time:** 3 minutes to run,
# 45 minutes to study. 3 foxes to run.
"""
SECOND = "# %% [markdown]\n# # Look closely\n#\n# How\n# so? Text.\n"


@pytest.fixture
def folder(tmp_path):
    for name, source in (("01_look", FIRST), ("02_later", SECOND), ("scratch", SECOND)):
        small_notebooks.write_lesson(tmp_path, name, source)
    return tmp_path


def test_what_a_lesson_is_called_asks_needs_and_takes_stands_in_its_opening(folder):
    first, second = catalogue.lessons(folder)
    assert (first.name, first.number, first.title) == ("01_look", "01", "What is this?")
    assert first.minutes == {"run": 3, "study": 45}
    assert (first.question, first.needs) == ("", "a little Python.")  # the title asks
    assert (second.title, second.question, second.needs, second.minutes) == ("Look closely", "How so?", "", {})
    assert second.notebook == folder / "02_later.ipynb"


@pytest.mark.parametrize("word", ["1", "01", "01_look", "notebooks/01_look.ipynb"])
def test_a_lesson_is_chosen_by_number_name_or_file(folder, word):
    assert [lesson.name for lesson in catalogue.choose([word], folder)] == ["01_look"]


def test_lessons_are_chosen_once_and_in_order(folder):
    assert [lesson.number for lesson in catalogue.choose(["2,1", "02"], folder)] == ["01", "02"]
    assert len(catalogue.choose([], folder)) == 2


def test_an_unknown_lesson_is_refused_with_the_known_ones(folder):
    with pytest.raises(WrongUse, match=r"01, 02.*'99'"):
        catalogue.choose(["99"], folder)


def test_the_course_comes_before_the_shelves_and_every_lesson_has_a_place():
    lessons = catalogue.lessons()
    offered = catalogue.on_shelves(lessons)
    assert next(iter(offered)) == "The course"
    assert [lesson.number for lesson in offered["The course"]] == ["00", "01", "02", "03", "04", "05", "21"]
    assert sorted(lesson.name for shelf in offered.values() for lesson in shelf) == [lesson.name for lesson in lessons]
    assert catalogue.on_shelves(lessons[:1]) == {"The course": lessons[:1]}
