"""What a reader presses answers as the plain calls do, and shows nothing where nobody can press."""

import pytest

from course_utils import controls, exercises, quizzes, state
from course_utils.quizzes import predictions, questions


@pytest.fixture(autouse=True)
def own_state(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    monkeypatch.setattr(exercises, "_hints_given", {})
    monkeypatch.setattr(quizzes, "_asked", set())


@pytest.fixture
def displayed(monkeypatch):
    """The controls that come up for a reader: a list of (parts, what stands below)."""
    shown = []
    for module in (controls, quizzes, predictions):
        monkeypatch.setattr(module, "somebody_can_answer", lambda: True)
    monkeypatch.setattr(controls, "_display", lambda parts, below: shown.append((parts, below)))
    return shown


def press(parts, word):
    next(part for part in parts.children if getattr(part, "description", "") == word).click()


def test_an_exercise_offers_hint_and_solution_below_its_verdict(displayed):
    exercises.check("04.2", 1)
    parts, below = displayed[0]
    hints = exercises.get("04.2").hints
    for place in (*range(len(hints)), -1):  # the last one stays
        press(parts, "Hint")
        assert f"hint {place % len(hints) + 1} of {len(hints)}" in below.value
    press(parts, "Solution")
    assert "<pre" in below.value


def test_after_correct_there_is_a_count_and_no_hint(displayed, capsys):
    exercises.check("04.2", 295_040)
    words = [button.description for button in displayed[0][0].children]
    assert words == ["Solution"]
    total = len(exercises.all_exercises("04"))
    assert f"1 of {total} exercises in this lesson done." in capsys.readouterr().out


def test_the_count_is_of_today_and_absent_headlessly(monkeypatch):
    for id in ("04.1", "04.99", "05.1"):
        state.record("exercises", id, "correct")
    assert state.count_line("exercises", ["04.1", "04.2"]) == "1 of 2 exercises in this lesson done."
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    assert state.count_line("exercises", ["04.1", "04.2"]) == ""


@pytest.mark.parametrize("kind", ["single", "multiple", "numeric"])
def test_a_question_is_answered_with_hands_and_can_be_tried_again(kind, displayed):
    question = next(one for one in quizzes.all_questions() if one.kind == kind)
    quizzes.ask(question.id)
    parts, below = displayed[0]
    field, button = parts.children
    button.click()
    assert "Not answered yet" in below.value and not state.file().exists()
    if question.kind == "numeric":
        for value in (question.mistakes[0][0], question.value):
            field.value = f" {value:,} "
            button.click()
    elif question.kind == "single":
        for option in sorted(question.options, key=lambda option: option.right):
            field.value = option.key
            button.click()
            assert ("✓" in below.value) == option.right
    else:
        for box, option in zip(field.children, question.options, strict=True):
            box.value = not option.right
        button.click()
        assert "Not right" in below.value
        for box, option in zip(field.children, question.options, strict=True):
            box.value = option.right
        button.click()
    assert "✓" in below.value and "in this lesson done" in below.value
    assert state.read()[0]["quizzes"][question.id]["done"]


@pytest.mark.parametrize("typed", ["many", "1 2", "nan"])
def test_what_is_no_number_gets_a_line_and_does_not_count(displayed, typed):
    quizzes.ask("04.q4")
    field, button = displayed[0][0].children
    field.value = typed
    button.click()
    assert "no answer to this question" in displayed[0][1].value and not state.file().exists()


def test_dots_below_a_question_with_buttons_say_nothing(displayed, capsys):
    quizzes.ask("04.q1")
    capsys.readouterr()
    quizzes.answer("04.q1", ...)
    assert capsys.readouterr().out == ""
    quizzes.answer("04.q1", "b")
    assert "Right" in capsys.readouterr().out


@pytest.fixture
def prediction(monkeypatch):
    options = tuple(questions.Option(key, f"option {key}", key == "c", f"because of {key}") for key in "abc")
    question = questions.Question("04.p1", "single", "Will it rise?", options)
    monkeypatch.setattr(predictions, "get", lambda id: question)
    monkeypatch.setattr(predictions, "_made", {})


@pytest.mark.parametrize("presses", ["ac", "ca"])
def test_a_pressed_letter_is_remembered_until_the_verdict(prediction, displayed, capsys, presses):
    quizzes.predict("04.p1")
    letters, below = displayed[0]
    for key in presses:
        letters.value = key
        assert f"You say {key}" in below.value and "because" not in below.value
    capsys.readouterr()
    quizzes.verdict("04.p1")
    said = capsys.readouterr().out
    last = presses[-1]
    assert ("It was c, as you said." if last == "c" else f"You said {last}. It was c.") in said
    assert said.index("because of c") < said.index("because of a")
    quizzes.predict("04.p1")  # the cell run once more: the letter stays pressed
    assert displayed[-1][0].value == last


def test_nobody_there_gets_text_alone(prediction, monkeypatch, capsys):
    monkeypatch.setattr(controls, "_display", lambda *parts: pytest.fail("a widget where nobody can press it"))
    exercises.check("04.2", 1)
    quizzes.ask("04.q1")
    quizzes.answer("04.q1", ...)
    quizzes.predict("04.p1")
    said = capsys.readouterr().out
    assert 'quizzes.answer("04.q1", "a")' in said and 'quizzes.predict("04.p1", "a")' in said
    assert "Not answered yet" in said
