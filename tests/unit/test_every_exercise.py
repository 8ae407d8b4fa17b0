"""Every exercise of the course is proved: right answers pass, wrong ones get their own message, stubs count as such."""

import dataclasses
import functools
import re

import nbformat
import numpy as np
import pytest

from course_utils import exercises, friendly_errors, lessons
from course_utils.claims import Claim
from course_utils.exercises import judge
from course_utils.exercises.exercise import Solution
from course_utils.tooling import catalogue

EVERY = exercises.all_exercises()
PASSED = {"open": "cannot be checked"}  # by kind; every other one is "correct"

every_exercise = pytest.mark.parametrize("exercise", EVERY, ids=lambda exercise: exercise.id)


def executed(code, exercise):
    """What the cell's name stands for after its code has run, with the imports that notebooks have."""
    names = {"np": np}
    if exercise.needs_keras:
        import keras

        names |= {"keras": keras, "layers": keras.layers}
    exec(code, names)
    return names[exercise.solution.name]


def wrong_cases():
    for exercise in EVERY:
        for place, (answer, message) in enumerate(exercise.wrong_answers, start=1):
            yield pytest.param(exercise, answer, message, id=f"{exercise.id}-{place}")


@functools.cache
def notebooks():
    """Text of the code cells of every stored notebook, by the lesson's name."""
    return {
        lesson.name: "\n".join(
            cell.source for cell in nbformat.read(lesson.notebook, as_version=4).cells if cell.cell_type == "code"
        )
        for lesson in catalogue.lessons()
    }


def test_ids_are_used_once_and_belong_to_their_lesson():
    ids = [exercise.id for exercise in EVERY]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"\d\d\.\d+", id) for id in ids)
    for exercise in EVERY:
        assert exercise in exercises.all_exercises(exercise.id[:2])


@every_exercise
def test_the_solution_passes_as_value_and_as_pasted_code(exercise):
    passed = PASSED.get(exercise.kind, "correct")
    for answer in (exercise.solution.make(), executed(exercise.solution_source, exercise)):
        verdict = judge(exercise, answer)
        assert verdict.status == passed, verdict.message


@every_exercise
def test_other_right_answers_pass(exercise):
    for answer in exercise.right:
        verdict = judge(exercise, answer)
        assert verdict.status == PASSED.get(exercise.kind, "correct"), verdict.message


@pytest.mark.parametrize(("exercise", "answer", "message"), list(wrong_cases()))
def test_a_wrong_answer_gets_its_own_message(exercise, answer, message):
    verdict = judge(exercise, answer)
    assert verdict.status == "wrong"
    assert message in verdict.message


@every_exercise
def test_the_untouched_stub_is_not_attempted(exercise):
    assert judge(exercise, executed(exercise.stub, exercise)).status == "not attempted"


@every_exercise
def test_hints_wrong_answers_and_texts_are_there(exercise):
    assert len(exercise.hints) >= 2
    assert len({message for _, message in exercise.wrong_answers}) >= 3
    assert exercise.title and exercise.kind
    assert len(set(exercise.hints)) == len(exercise.hints)


@every_exercise
def test_the_exercise_stands_in_exactly_one_notebook(exercise):
    found = [
        name
        for name, text in notebooks().items()
        for _ in re.findall(rf'exercises\.check\(\s*"{re.escape(exercise.id)}"', text)
    ]
    assert len(found) == 1 and found[0].startswith(exercise.id[:2]), found


def test_every_check_call_in_a_notebook_has_its_exercise():
    known = {exercise.id for exercise in EVERY}
    for name, text in notebooks().items():
        called = set(re.findall(r'exercises\.(?:check|hint|solution)\(\s*"([^"]+)"', text))
        assert called <= known, f"{name}: {called - known}"


@pytest.mark.parametrize("lesson", sorted({exercise.id[:2] for exercise in EVERY}))
def test_a_lesson_has_exercises_of_different_kinds(lesson):
    kinds = [exercise.kind for exercise in exercises.all_exercises(lesson)]
    assert len(kinds) >= 2
    assert len(set(kinds)) >= min(3, len(kinds))


def claimed_and_assigned(made, claims):
    """The names that the claims of a lesson read and that a starter cell or a solution of an exercise assigns."""
    read = {name for claim in claims for name in claim.names}
    cells = [(one.id, cell) for one in made for cell in (one.stub, one.solution.source)]
    return {(id, name) for id, cell in cells for name in read & friendly_errors.bound_names(cell)}


@pytest.mark.parametrize("number", lessons.numbers_with("claims.py"))
def test_no_exercise_assigns_a_name_that_a_claim_reads(number):
    """Else a learner who has solved it would be told that a claim of the lesson does not hold."""
    assert not claimed_and_assigned(exercises.all_exercises(number), lessons.module(number, "claims").CLAIMS)


@pytest.mark.parametrize(
    ("stub", "solution", "found"),
    [
        ("accuracy = ...", "accuracy = 0.75", True),
        ("share = ...", "share = 0.75", False),
        ("share = ...", "right, accuracy = 3, 0.75\nshare = accuracy", True),
        ("share = ...", "accuracy += 1", True),
        ("share = ...", "for accuracy in [1]:\n    share = accuracy", True),
        ("share = ...", "share = accuracy + 1", False),
        ("def share(x):\n    ...", "def share(accuracy):\n    accuracy = 1\n    return accuracy", False),
        ("accuracy = 1\nshare = ...", "share = 0.75", True),
    ],
)
def test_an_exercise_that_assigns_a_claimed_name_is_noticed(stub, solution, found):
    claim = Claim("00.c1", "It learns.", lambda accuracy: accuracy, at_least=0.5)
    exercise = dataclasses.replace(EVERY[0], stub=stub, solution=Solution(solution, "share", lambda: 0.75))
    assert claimed_and_assigned([exercise], [claim]) == ({(exercise.id, "accuracy")} if found else set())
