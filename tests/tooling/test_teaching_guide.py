"""The teaching guide is written by hand: its minutes add up, and what it names is there."""

import json
import re

import pytest

from course_utils import paths
from course_utils.tooling import catalogue

GUIDE = (paths.notebooks_folder() / "site" / "teaching_guide.md").read_text(encoding="utf-8")
PAGES = dict(re.findall(r"^### (\d\d) (.*?)(?=^### |\Z)", GUIDE, re.DOTALL | re.MULTILINE))
TIMED = [lesson for lesson in catalogue.lessons() if "**Minutes.**" in PAGES.get(lesson.number, "")]
PARTS = ["Story", "Minutes", "Stumbles", "Vote", "In 60 minutes", "Break"]


def test_every_lesson_has_a_page():
    assert [lesson.number for lesson in catalogue.lessons() if lesson.number not in PAGES] == []


@pytest.mark.parametrize("lesson", TIMED, ids=lambda lesson: lesson.name)
def test_a_page_has_its_parts_and_the_minutes_that_the_lesson_states(lesson):
    page = PAGES[lesson.number]
    assert re.findall(r"^\*\*([^*]+)\.\*\*", page, re.MULTILINE) == PARTS
    minutes = " ".join(page.partition("**Minutes.**")[2].partition("\n\n")[0].split())
    listed, _, rest = minutes.partition(": together ")
    together = int(re.match(r"\d+", rest)[0])
    assert sum(map(int, re.findall(r"(?:^Opening|\*) (\d+)", listed))) == together
    stated = lesson.minutes["study"]
    said = {together, *map(int, re.findall(r"in all (\d+)", rest))}
    assert stated in said, f"lesson {lesson.number} says {stated:.0f} minutes to study: change its Minutes in the guide"


def test_predictions_and_questions_that_the_guide_names_exist():
    ids = set()
    for path in (paths.notebooks_folder() / "source").glob("lesson_*/quiz.json"):
        ids |= {question["id"] for question in json.loads(path.read_text(encoding="utf-8"))}
    assert set(re.findall(r"\b\d\d\.[pq]\d+", GUIDE)) - ids == set()


def test_the_plans_add_up():
    plans = GUIDE.partition("## Three plans")[2].partition("## Lesson by lesson")[0]
    tables = re.split(r"^\| --- .*\n", plans, flags=re.MULTILINE)[1:]
    assert len(tables) == 4
    *days, weeks = [[row.split(" | ") for row in re.findall(r"^\| (.*) \|$", table, re.MULTILINE)] for table in tables]
    for day, whole in zip(days, (210, 390, 390), strict=True):
        rows = [int(row[1]) for row in day if row[0] != "in all" and row[1].isdigit()]
        assert sum(rows) == whole
        assert ["in all", str(whole)] in day
    sessions = [sum(int(row[2]) for row in weeks if row[0] == str(number)) for number in range(1, 9)]
    assert sessions == [120] * 8
