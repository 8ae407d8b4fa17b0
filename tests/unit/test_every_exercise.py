"""Every exercise of the course is proved: right answers pass, wrong ones get their own message, stubs count as such."""

import re
from collections import Counter

import nbformat
import numpy as np
import pytest

from course_utils import exercises, friendly_errors, lessons
from course_utils.exercises import judge
from course_utils.tooling import catalogue

EVERY = exercises.all_exercises()
OPEN = {"read the learning curves", "twenty beautiful shoes"}  # questions that any words pass

every_exercise = pytest.mark.parametrize("exercise", EVERY, ids=lambda exercise: exercise.id)


def executed(code, exercise):
    """What the cell's name stands for after its code has run, with the imports that notebooks have."""
    names = {"np": np}
    if exercise.needs_keras:
        import keras

        names |= {"keras": keras, "layers": keras.layers}
    exec(code, names)
    return names[exercise.solution.name]


@every_exercise
def test_right_answers_pass_and_the_solution_as_pasted_code(exercise):
    for answer in (exercise.solution.make(), executed(exercise.solution.source, exercise), *exercise.right):
        verdict = judge(exercise, answer)
        passed = "cannot be checked" if exercise.title in OPEN else "correct"
        assert verdict.status == passed, verdict.message


@every_exercise
def test_at_least_three_wrong_answers_get_their_own_message(exercise):
    known = (*getattr(exercise.check, "mistakes", ()), *exercise.wrong)
    assert len({message for _, message in known}) >= 3
    verdicts = [(message, judge(exercise, answer)) for answer, message in known]
    others = [(said, verdict) for said, verdict in verdicts if verdict.status != "wrong" or said not in verdict.message]
    assert others == []


@every_exercise
def test_the_untouched_stub_is_not_attempted_and_there_are_hints(exercise):
    assert judge(exercise, executed(exercise.stub, exercise)).status == "not attempted"
    assert exercise.title and len(set(exercise.hints)) == len(exercise.hints) >= 2


def test_each_exercise_is_checked_once_in_its_own_notebook_and_no_other_is_called():
    checked, called = Counter(), set()
    for lesson in catalogue.lessons():
        cells = nbformat.read(lesson.notebook, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        checked.update((lesson.name[:2], id) for id in re.findall(r'exercises\.check\(\s*"([^"]+)"', text))
        called.update(re.findall(r'exercises\.(?:hint|solution)\(\s*"([^"]+)"', text))
    assert checked == Counter((exercise.id[:2], exercise.id) for exercise in EVERY)
    assert len({number for number, _ in checked}) >= 22
    assert set(checked.values()) == {1} and called <= {exercise.id for exercise in EVERY}


@pytest.mark.parametrize("number", lessons.numbers_with("claims.py"))
def test_no_exercise_assigns_a_name_that_a_claim_reads(number):
    """Else a learner who has solved it would be told that a claim of the lesson does not hold."""
    read = {name for claim in lessons.module(number, "claims").CLAIMS for name in claim.names}
    cells = [cell for one in exercises.all_exercises(number) for cell in (one.stub, one.solution.source)]
    assert not any(read & friendly_errors.bound_names(cell) for cell in cells)
