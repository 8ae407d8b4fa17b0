"""The rules that every stored notebook keeps; `course check` holds them against each.

A rule is a function of a notebook that yields its breaches. To add one, write it in the module where it belongs, with
its name in the module's `__all__`, and try it on a notebook of three lines that breaks it and on one that does not.
"""

from nbformat import NotebookNode

from course_utils.errors import CourseError
from course_utils.tooling.catalogue import Lesson
from course_utils.tooling.guards import code_rules, lesson_rules, output_rules
from course_utils.tooling.guards.finding import Finding
from course_utils.tooling.notebook_files import PROFILES, read_notebook, to_notebook

__all__ = ["RULES", "Finding", "check_lesson", "contents_equal"]

RULES = tuple(getattr(module, name) for module in (output_rules, code_rules, lesson_rules) for name in module.__all__)


def check_lesson(lesson: Lesson) -> list[Finding]:
    """Every finding about one lesson's stored notebook, the comparison with its source included."""
    if not lesson.notebook.is_file():
        return [Finding("contents_equal", "", f"there is no notebook; run: course store {lesson.number}")]
    notebook = read_notebook(lesson.notebook)
    findings = [Finding(rule.__name__, place, message) for rule in RULES for place, message in rule(notebook)]
    return contents_equal(notebook, lesson.source.read_text(encoding="utf-8")) + findings


def contents_equal(notebook: NotebookNode, source: str) -> list[Finding]:
    """The notebook holds the profiles and the cells of its source: type, text and metadata."""
    try:
        made = to_notebook(source, values=notebook.metadata.get("course", {}).get("values", {}))
    except CourseError as error:
        return [Finding("contents_equal", "", str(error))]
    expected, there = (
        [one.metadata.get(PROFILES), *((cell.cell_type, cell.source, cell.metadata) for cell in one.cells)]
        for one in (made, notebook)
    )
    if expected == there:
        return []
    place = next((n for n, (one, other) in enumerate(zip(expected, there, strict=False)) if one != other), 0)
    where = f"cell {place}" if place else ""
    return [Finding("contents_equal", where, "notebook and source differ; run: course store")]
