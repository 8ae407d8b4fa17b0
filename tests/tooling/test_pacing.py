"""The plans for a room: minutes counted from notebooks, and lessons put into sessions."""

import nbformat
import pytest

from course_utils.tooling import pacing, pairing
from course_utils.tooling.catalogue import Lesson

new = nbformat.v4


def load(number, run=0.0, talk=0.0, exercises=0, questions=0):
    lesson = Lesson(f"{number}_name", "Title", {}, None, None)
    return pacing.Load(lesson, run=run, talk=talk, exercises=exercises, questions=questions)


def test_a_notebook_is_counted(tmp_path):
    cells = [
        new.new_markdown_cell("word " * 120),
        new.new_code_cell('exercises.check("01.1", ...)', metadata={"tags": ["exercise"]}),
        new.new_code_cell('quizzes.ask("01.q1")\nquizzes.answer("01.q1", ...)'),
    ]
    path = tmp_path / "01_first.ipynb"
    pairing.write_notebook(new.new_notebook(cells=cells), path)
    found = pacing.measure(Lesson("01_first", "First", {"quick": 2.0}, path, path))
    assert (found.run, found.talk, found.exercises, found.questions) == (2.0, 120 / pacing.WORDS_A_MINUTE, 1, 1)
    assert found.total == 2 + 2 + pacing.MINUTES_A_QUESTION + pacing.MINUTES_AN_EXERCISE


def test_what_is_needed_most_comes_first_and_the_order_of_the_lessons_stays():
    loads = [load("00", talk=40), load("01", talk=90), load("04", talk=60)]
    session = pacing.pick(loads, 120, order=("04", "00", "01"))
    assert [one.lesson.number for one in session.loads] == ["00", "04"]
    assert session.in_the_room == 100


def test_lessons_are_spread_evenly_and_what_does_not_fit_goes_home():
    loads = [load("00", talk=30), load("01", talk=30), load("02", talk=50, exercises=5)]
    first, second = pacing.spread(loads, 2, minutes=60)
    assert [one.lesson.number for one in first.loads] == ["00", "01"]
    assert (second.in_the_room, second.at_home) == (56, 4)


def test_more_sessions_than_lessons_are_refused():
    with pytest.raises(ValueError, match=r"Received 1 lessons, 2 sessions"):
        pacing.spread([load("00")], 2, 60)


def test_the_page_names_every_lesson_and_three_plans():
    page = pacing.as_markdown([load(f"{k:02}", talk=30, exercises=4) for k in range(13)])
    assert all(f"{k:02}_name.ipynb" in page for k in range(13))
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## Half a day",
        "## Two days",
        "## 8 weekly sessions",
    ]
