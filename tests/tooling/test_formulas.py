"""Formulas: the site draws each of them without a script, so each must be one that can be translated."""

import pytest

from course_utils.tooling import catalogue, formulas
from course_utils.tooling.notebook_files import read_notebook


@pytest.mark.parametrize("lesson", catalogue.lessons(), ids=lambda lesson: lesson.name)
def test_every_formula_of_a_lesson_can_be_drawn_on_the_site(lesson):
    for cell in read_notebook(lesson.notebook).cells:
        if cell.cell_type == "markdown":
            formulas.in_markdown(cell.source)


def test_what_cannot_be_translated_is_named():
    with pytest.raises(ValueError, match=r"\\nosuch"):
        formulas.to_mathml(r"\nosuch{x}", block=False)
