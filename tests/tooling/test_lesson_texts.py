"""What lessons, the list of topics, the teaching guide and the site say of each other is so, in all lessons."""

import functools
import json
import re

import nbformat
import pytest

from course_utils import paths
from course_utils.tooling import catalogue, formulas, site
from course_utils.tooling.guards.finding import prose, tags
from course_utils.tooling.notebook_files import read_notebook

LESSONS = catalogue.lessons()
# Every topic, and every statement that does not hold, with the lesson that teaches it, in a cell that bears its tag:
# `topic:05.capacity`, `often-said:enlarges`.
LISTED = json.loads((paths.data_folder() / "topics.json").read_text(encoding="utf-8"))
GUIDE = (paths.notebooks_folder() / "site" / "teaching_guide.md").read_text(encoding="utf-8")
PAGES = dict(re.findall(r"^### (\d\d) (.*?)(?=^### |\Z)", GUIDE, re.DOTALL | re.MULTILINE))
PARTS = ["Story", "Minutes", "Stumbles", "Vote", "In 60 minutes", "Break"]


@functools.cache
def books():
    """The stored notebooks, by number."""
    return {lesson.number: read_notebook(lesson.notebook) for lesson in LESSONS}


def tagged(kind):
    """The cells with a tag of a kind: (number of the lesson, name behind the tag, text)."""
    cells = ((number, cell) for number, book in books().items() for cell in book.cells)
    return [(n, tag.partition(":")[2], cell.source) for n, cell in cells for tag in tags(cell) if tag.startswith(kind)]


def test_every_topic_and_every_false_statement_is_taught_by_its_lesson():
    taught = {(number, name) for number, name, _ in tagged("topic:")}
    assert {(topic[:2], topic) for topic in LISTED["topics"]} - taught == set()
    assert {name for _, name in taught} == set(LISTED["topics"])
    assert {topic[:2] for topic in LISTED["topics"]} == set(books()) == {f"{number:02d}" for number in range(22)}
    boxes = tagged("often-said:")
    given = [(one["lesson"], name) for name, one in LISTED["often_said"].items()]
    assert sorted((number, name) for number, name, _ in boxes) == sorted(given) and len(given) == 21
    assert [name for _, name, text in boxes if not re.search(r"^> \*\*Often said, not so", text, re.MULTILINE)] == []


def test_every_link_within_a_page_leads_to_a_heading():
    wrong = []
    for number, book in books().items():
        titles = re.findall(r"^#+ (.+)$", prose(book), re.MULTILINE)
        headings = {title.strip().replace(" ", "-") for title in titles}  # as JupyterLab names them
        wrong += [(number, link) for link in site.WITHIN.findall(prose(book)) if link not in headings]
    assert wrong == []


def test_the_faq_has_an_index_of_its_sixteen_questions():
    [index] = [cell.source for cell in books()["21"].cells if cell.source.startswith("## Index\n")]
    assert [link.partition(".")[0] for link in site.WITHIN.findall(index)] == [str(number) for number in range(1, 17)]


def test_on_the_site_a_heading_has_no_capitals_and_no_signs():
    cell = nbformat.v4.new_markdown_cell("[2](#2.-Which-one?), [else](https://a.b/#Two), [it](03_x.ipynb)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    site._name_headings_as_sphinx_does(notebook)
    assert notebook.cells[0].source == "[2](#2-which-one), [else](https://a.b/#Two), [it](03_x.ipynb)"


def test_every_formula_can_be_drawn_on_the_site_and_what_cannot_is_named():
    for book in books().values():
        formulas.in_markdown(prose(book))
    with pytest.raises(ValueError, match=r"\\nosuch"):
        formulas.to_mathml(r"\nosuch{x}", block=False)


def test_the_guide_has_a_page_for_every_lesson_with_its_parts_and_the_minutes_that_the_lesson_states():
    wrong = []
    for lesson in LESSONS:
        page = PAGES.get(lesson.number, "")
        minutes = " ".join(page.partition("**Minutes.**")[2].partition("\n\n")[0].split())
        listed, _, rest = minutes.partition(": together ")
        together = sum(map(int, re.findall(r"(?:^Opening|\*) (\d+)", listed)))
        said = [together, *map(int, re.findall(r"in all (\d+)", rest))]
        has_parts = re.findall(r"^\*\*([^*]+)\.\*\*", page, re.MULTILINE) == PARTS
        if not has_parts or not re.match(rf"{together}\b", rest) or lesson.minutes["study"] not in said:
            wrong.append(f"{lesson.number}: {lesson.minutes['study']:g} minutes to study; the guide: {minutes}")
    assert wrong == []


def test_predictions_and_questions_that_the_guide_names_exist():
    ids = set()
    for path in (paths.notebooks_folder() / "source").glob("lesson_*/quiz.json"):
        ids |= {question["id"] for question in json.loads(path.read_text(encoding="utf-8"))}
    assert set(re.findall(r"\b\d\d\.[pq]\d+", GUIDE)) - ids == set()


def test_the_plans_of_the_guide_add_up():
    plans = GUIDE.partition("## Three plans")[2].partition("## Lesson by lesson")[0]
    tables = re.split(r"^\| --- .*\n", plans, flags=re.MULTILINE)[1:]
    *days, weeks = [[row.split(" | ") for row in re.findall(r"^\| (.*) \|$", table, re.MULTILINE)] for table in tables]
    for day, whole in zip(days, (210, 390, 390), strict=True):
        assert sum(int(row[1]) for row in day if row[0] != "in all" and row[1].isdigit()) == whole
        assert ["in all", str(whole)] in day
    assert [sum(int(row[2]) for row in weeks if row[0] == str(number)) for number in range(1, 9)] == [120] * 8
