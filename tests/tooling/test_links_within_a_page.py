"""An index leads to its headings: in JupyterLab, which names them as they are, and on the site, which does not."""

import re

import nbformat
import pytest

from course_utils.tooling import catalogue, site
from course_utils.tooling.notebook_files import to_notebook

LESSONS = catalogue.lessons()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_link_leads_to_a_heading(lesson):
    cells = to_notebook(lesson.source.read_text(encoding="utf-8")).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    headings = {title.strip().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(site.WITHIN.findall(text)) <= headings


def test_the_faq_has_an_index_of_its_sixteen_questions():
    [faq] = [lesson for lesson in LESSONS if lesson.number == "21"]
    cells = to_notebook(faq.source.read_text(encoding="utf-8")).cells
    [index] = [cell.source for cell in cells if cell.source.startswith("## Index\n")]
    links = site.WITHIN.findall(index)
    assert [link.partition(".")[0] for link in links] == [str(number) for number in range(1, 17)]


def test_on_the_site_a_heading_has_no_capitals_and_no_signs():
    cell = nbformat.v4.new_markdown_cell("[2](#2.-Which-one?), [else](https://a.b/#Two), [it](03_x.ipynb)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    site._name_headings_as_sphinx_does(notebook)
    assert notebook.cells[0].source == "[2](#2-which-one), [else](https://a.b/#Two), [it](03_x.ipynb)"
