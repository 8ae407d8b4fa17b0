"""The rules that every stored notebook keeps; `course check` holds them against each.

A rule is a function of a notebook that returns its findings. To add one, write it in the module where it belongs, put
it into the tuple below, and try it on a notebook of three lines that breaks it and on one that does not.
"""

from collections.abc import Callable

from nbformat import NotebookNode

from course_utils.tooling import pairing, quoting
from course_utils.tooling.catalogue import Lesson
from course_utils.tooling.guards import code_rules, lesson_rules, output_rules
from course_utils.tooling.guards.finding import Finding

__all__ = [
    "RULES",
    "Finding",
    "check_lesson",
    "check_notebook",
    "contents_equal",
]

Rule = Callable[[NotebookNode], list[Finding]]

RULES: tuple[Rule, ...] = (
    output_rules.executed_in_order,
    output_rules.outputs_belong,
    output_rules.no_stderr,
    output_rules.no_errors,
    output_rules.no_absolute_paths,
    output_rules.no_memory_addresses,
    output_rules.size,
    output_rules.last_cell_compared,
    output_rules.images_have_alt_text,
    code_rules.parses,
    code_rules.known_magics,
    code_rules.no_floor_5,
    code_rules.no_star_imports,
    code_rules.no_installs,
    code_rules.no_warning_filters,
    code_rules.exercise_cells,
    code_rules.independent_of_answers,
    lesson_rules.nothing_hidden,
    lesson_rules.opening,
    lesson_rules.closing,
    lesson_rules.picture_early,
    lesson_rules.trains_or_draws,
    lesson_rules.no_format_skips,
    lesson_rules.no_control_characters,
    lesson_rules.no_alt_strings,
)


def check_lesson(lesson: Lesson) -> list[Finding]:
    """Every finding about one lesson's stored notebook, the comparison with its source included."""
    if not lesson.notebook.is_file():
        return [Finding("contents_equal", "", f"there is no notebook; run: course store {lesson.number}")]
    if not lesson.source.is_file():
        return [
            Finding(
                "contents_equal", "", f"there is no source; expected notebooks/source/lesson_{lesson.name}/lesson.py"
            )
        ]
    notebook = pairing.read_notebook(lesson.notebook)
    findings = contents_equal(notebook, lesson.source.read_text(encoding="utf-8"))
    return findings + check_notebook(notebook)


def check_notebook(notebook: NotebookNode) -> list[Finding]:
    """Every finding about a stored notebook."""
    return [finding for rule in RULES for finding in rule(notebook)]


def contents_equal(notebook: NotebookNode, source: str) -> list[Finding]:
    """The notebook holds the cells of its source, with the ids that storing gives them."""
    try:
        expected = pairing.to_notebook(source, notebook, notebook.metadata.get("course", {}).get("values", {}))
    except quoting.NotMeasured as error:
        return [Finding("contents_equal", "", f"{error} Run: course store")]
    if pairing.same_contents(expected, notebook):
        return []
    pairs = zip(expected.cells, notebook.cells, strict=False)
    place = next((n for n, (one, other) in enumerate(pairs, 1) if one.source != other.source), 0)
    where = f"cell {place}" if place else ""
    return [Finding("contents_equal", where, "notebook and source differ; run: course store")]
