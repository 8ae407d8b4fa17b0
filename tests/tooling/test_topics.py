"""Every topic of the course, and every statement that does not hold, is taught by the lesson that it is given to.

`data/topics.json` lists them. A lesson tags the cell that teaches one: `topic:05.capacity`, `often-said:enlarges`.
"""

import json
import re

import pytest

from course_utils import paths
from course_utils.tooling import catalogue
from course_utils.tooling.guards.finding import tags
from course_utils.tooling.notebook_files import to_notebook

LISTED = json.loads((paths.data_folder() / "topics.json").read_text(encoding="utf-8"))
NUMBER_OF_FALSE_STATEMENTS = 21
LESSONS = catalogue.lessons()


def tagged(lesson, kind):
    """The names behind a kind of tag, such as "topic", with the cells that bear them, in order."""
    cells = to_notebook(lesson.source.read_text(encoding="utf-8")).cells
    marks = ((tag.partition(":"), cell) for cell in cells for tag in tags(cell))
    return [(name, cell) for (word, _, name), cell in marks if word == kind]


def test_the_list_is_whole_and_names_lessons_of_the_course():
    assert len(LISTED["often_said"]) == NUMBER_OF_FALSE_STATEMENTS
    numbers = {lesson.number for lesson in LESSONS}
    assert numbers == {topic[:2] for topic in LISTED["topics"]} == {f"{number:02d}" for number in range(22)}
    assert {one["lesson"] for one in LISTED["often_said"].values()} <= numbers


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_teaches_what_it_is_given(lesson):
    taught = {name for name, _ in tagged(lesson, "topic")}
    given = {topic for topic in LISTED["topics"] if topic.startswith(lesson.number)}
    assert sorted(given - taught) == [], "not taught: tag the cell that teaches it, topic:..."
    assert sorted(name for name in taught if name not in LISTED["topics"]) == [], "not listed in data/topics.json"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_false_statement_has_its_box(lesson):
    boxes = tagged(lesson, "often-said")
    given = {name for name, one in LISTED["often_said"].items() if one["lesson"] == lesson.number}
    assert sorted(name for name, _ in boxes) == sorted(given)
    for name, cell in boxes:
        assert re.search(r"^> \*\*Often said, not so", cell.source, re.MULTILINE), f"{name}: the cell has no such box"
