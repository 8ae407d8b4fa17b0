"""Every exercise of the course is proved: right answers pass, wrong ones get their own message, stubs count as such."""

import re

import nbformat
import numpy as np
import pytest

from course_utils import exercises
from course_utils.exercises import judge
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


def notebooks():
    """Text of the code cells of every lesson: the stored notebook, else its source."""
    texts = {}
    for lesson in catalogue.lessons():
        if lesson.notebook.is_file():
            cells = nbformat.read(lesson.notebook, as_version=4).cells
            texts[lesson.name] = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        else:
            texts[lesson.name] = lesson.source.read_text(encoding="utf-8")
    return texts


def test_ids_are_used_once_and_belong_to_their_lesson():
    ids = [exercise.id for exercise in EVERY]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"\d\d\.\d+", id) for id in ids)
    for exercise in EVERY:
        assert exercise in exercises.all_exercises(exercise.lesson)


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
    assert exercise.title and exercise.kind and exercise.prompt
    assert len(set(exercise.hints)) == len(exercise.hints)


@every_exercise
def test_the_exercise_stands_in_exactly_one_notebook(exercise):
    texts = notebooks()
    if not any(name.startswith(exercise.lesson) for name in texts):
        pytest.skip(f"lesson {exercise.lesson} has no notebook yet")
    found = [
        name
        for name, text in texts.items()
        for _ in re.findall(rf'exercises\.check\(\s*"{re.escape(exercise.id)}"', text)
    ]
    assert len(found) == 1 and found[0].startswith(exercise.lesson), found


def test_every_check_call_in_a_notebook_has_its_exercise():
    known = {exercise.id for exercise in EVERY}
    for name, text in notebooks().items():
        called = set(re.findall(r'exercises\.(?:check|hint|solution)\(\s*"([^"]+)"', text))
        assert called <= known, f"{name}: {called - known}"


@pytest.mark.parametrize("lesson", sorted({exercise.lesson for exercise in EVERY}))
def test_a_lesson_has_exercises_of_different_kinds(lesson):
    kinds = [exercise.kind for exercise in exercises.all_exercises(lesson)]
    assert len(kinds) >= 2
    assert len(set(kinds)) >= min(3, len(kinds))
