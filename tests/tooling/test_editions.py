"""The solved edition: every exercise's cell holds its solution, and nothing else changes."""

import builtins
import symtable
from copy import deepcopy
from types import SimpleNamespace

import nbformat
import pytest

from course_utils import exercises
from course_utils.friendly_errors import bound_names
from course_utils.tooling import catalogue, editions
from course_utils.tooling.notebook_files import read_notebook

STUB = 'answer = ...\n\nexercises.check(\n    "01.1",\n    answer,\n)'
OUTPUT = nbformat.v4.new_output("stream", name="stdout", text="not attempted yet")


def three_cells(stub=STUB):
    new = nbformat.v4
    exercise = new.new_code_cell(stub, outputs=[OUTPUT], execution_count=1, metadata={"tags": ["exercise", "slide"]})
    cells = [new.new_markdown_cell("# Title"), exercise, new.new_code_cell("answer = 3", execution_count=2)]
    return new.new_notebook(cells=cells, metadata={"course": {"code": "x"}})


@pytest.fixture
def solution(monkeypatch):
    solved = SimpleNamespace(solution=SimpleNamespace(source="half = 21\nanswer = 2 * half\n"))
    monkeypatch.setattr(exercises, "get", {"01.1": solved}.__getitem__)


def test_the_stub_gives_way_to_the_solution_and_the_check_stays(solution):
    solved = editions.solved(three_cells())
    assert solved.cells[1].source == ('half = 21\nanswer = 2 * half\n\nexercises.check(\n    "01.1",\n    answer,\n)')
    assert solved.cells[1].metadata.tags == ["exercise", "slide"]
    assert [cell.source for cell in solved.cells[::2]] == ["# Title", "answer = 3"]


def test_what_the_cell_imports_stays(solution):
    """In lesson 06 the cell of the first exercise imports `exercises` itself."""
    imports = "import numpy as np\nfrom course_utils import (\n    exercises,\n)"
    solved = editions.solved(three_cells(f"{imports}\n\n{STUB}"))
    assert solved.cells[1].source == f"{imports}\n\n{editions.solved(three_cells()).cells[1].source}"


def names_read(table):
    """The names that a cell reads from the notebook, also those inside its functions."""
    inside = (names_read(child) for child in table.get_children())
    return {one.get_name() for one in table.get_symbols() if one.is_referenced() and one.is_global()}.union(*inside)


@pytest.mark.parametrize("lesson", catalogue.stored(), ids=lambda lesson: lesson.name)
def test_every_lesson_has_made_what_its_solutions_and_their_checks_read(lesson):
    made = set(dir(builtins))
    for cell in editions.solved(read_notebook(lesson.notebook)).cells:
        if cell.cell_type == "code":
            made |= bound_names(cell.source)
            if "exercises.check(" in cell.source:
                assert names_read(symtable.symtable(cell.source, "cell", "exec")) <= made, cell.source


def test_outputs_of_the_stubs_are_gone_and_the_original_is_untouched(solution):
    notebook = three_cells()
    before = deepcopy(notebook)
    solved = editions.solved(notebook)
    assert notebook == before
    assert solved.cells[1].outputs == []
    assert [cell.execution_count for cell in solved.cells[1:]] == [None, None]
    assert "course" not in solved.metadata
    nbformat.validate(solved)


def test_the_stub_can_stay_in_front_of_its_solution(solution):
    both = editions.solved(three_cells(), keep_stubs=True)
    assert [cell.source for cell in both.cells[1:3]] == [
        STUB,
        editions.solved(three_cells()).cells[1].source,
    ]
    assert len({cell.id for cell in both.cells}) == 4
    assert all(cell.outputs == [] for cell in both.cells[1:])
    nbformat.validate(both)


@pytest.mark.parametrize("stub", ["answer = ...", "", "x = = 1", "exercises.check(answer)", 'check("01.1", answer)'])
def test_a_cell_without_check_is_refused(stub):
    with pytest.raises(ValueError, match=r"ends with exercises\.check"):
        editions.solved(three_cells(stub))


def test_solutions_come_from_the_exercises_and_set_what_the_check_takes():
    for exercise in exercises.all_exercises():
        stub = f'{exercise.stub}\nexercises.check("{exercise.id}", {exercise.solution.name})'
        source = editions.solved(three_cells(stub)).cells[1].source
        assert exercise.solution.source.strip() in source
        assert exercise.solution.name in source.partition("exercises.check")[0]


def test_an_unknown_exercise_is_refused():
    with pytest.raises(LookupError):
        editions.solved(three_cells(STUB.replace("01.1", "99.9")))
