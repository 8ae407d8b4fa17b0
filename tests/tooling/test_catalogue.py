"""The list of notebooks, read without running anything."""

import json

import pytest

from course_utils.tooling import catalogue

OPENING = "# Look closely\n\nText.\n\n**Time:** 3 minutes to run,\n45 minutes to study."
SOURCE = "# %% [markdown]\n# # From the source\n#\n# Text.\n\n# %%\n# # no title\nx = 1\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "source" / "lesson_02_later").mkdir(parents=True)
    (tmp_path / "source" / "lesson_02_later" / "lesson.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "source" / "lesson_02_later" / "exercises.py").write_text("EXERCISES = ()\n", encoding="utf-8")
    cells = [{"cell_type": "markdown", "source": [OPENING]}, {"cell_type": "code", "source": ["1"]}]
    (tmp_path / "01_look.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (tmp_path / "scratch.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


def test_lessons_come_from_notebooks_and_from_sources(folder):
    first, second = catalogue.lessons(folder)
    assert (first.number, first.title) == ("01", "Look closely")
    assert first.minutes == {"run": 3, "study": 45}
    assert (second.name, second.title, second.minutes) == ("02_later", "From the source", {})


@pytest.mark.parametrize("word", ["1", "01", "01_look", "notebooks/01_look.ipynb"])
def test_a_lesson_is_chosen_by_number_name_or_file(folder, word):
    assert [lesson.name for lesson in catalogue.choose([word], folder)] == ["01_look"]


def test_lessons_are_chosen_once_and_in_order(folder):
    assert [lesson.number for lesson in catalogue.choose(["2", "1", "02"], folder)] == ["01", "02"]
    assert len(catalogue.choose([], folder)) == 2


def test_an_unknown_lesson_is_refused_with_the_known_ones(folder):
    with pytest.raises(catalogue.UnknownLesson, match=r"01, 02.*'99'"):
        catalogue.choose(["99"], folder)


def test_a_broken_notebook_is_listed_without_title(folder):
    (folder / "01_look.ipynb").write_text("{", encoding="utf-8")
    assert catalogue.lessons(folder)[0].title == ""


def test_a_lesson_may_show_something_before_it_says_how_long_it_takes(folder):
    source = "# %% [markdown]\n# # What is this?\n\n# %%\nshow()\n\n# %% [markdown]\n# A cat.\n#\n# **Time:** {}\n"
    said = source.format("1 minute to run, 45 minutes to study.")
    (folder / "source" / "lesson_02_later" / "lesson.py").write_text(said, encoding="utf-8")
    assert catalogue.lessons(folder)[1].title == "What is this?"
    assert catalogue.lessons(folder)[1].minutes == {"run": 1, "study": 45}


def test_what_a_lesson_asks_and_needs_is_read_from_its_opening(folder):
    opening = (
        "# What is this?\n\nThis is Chelsea.\n\n**Before you start:** a little\nPython.\n\n**Time:** 1 minute to run."
    )
    cells = [{"cell_type": "markdown", "source": [opening]}]
    (folder / "01_look.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    first, second = catalogue.lessons(folder)
    assert (first.question, first.needs) == ("", "a little Python.")  # the title asks
    assert (second.question, second.needs) == ("Text.", "")


def test_the_question_is_the_first_sentence(folder):
    path = folder / "source" / "lesson_02_later" / "lesson.py"
    path.write_text(SOURCE.replace("Text.", "How\n# so? Text."), encoding="utf-8")
    assert catalogue.lessons(folder)[1].question == "How so?"


def test_the_course_comes_before_the_shelves_and_every_lesson_has_a_place():
    lessons = catalogue.lessons()
    offered = catalogue.on_shelves(lessons)
    assert next(iter(offered)) == "The course"
    assert [lesson.number for lesson in offered["The course"]] == ["00", "01", "02", "03", "04", "05", "21"]
    assert sorted(lesson.name for shelf in offered.values() for lesson in shelf) == [lesson.name for lesson in lessons]
    assert catalogue.on_shelves(lessons[:1]) == {"The course": lessons[:1]}


def test_numbers_without_minutes_are_not_minutes():
    assert catalogue.read_minutes("3 foxes to run, 3 minutes to running.") == {}
