"""Quizzes: questions that keep their rules and stay readable, answers that never fail."""

import re
from collections import Counter

import numpy as np
import pytest

from course_utils import lessons, quizzes, state
from course_utils.quizzes import answers, predictions, questions
from course_utils.tooling import catalogue

EVERY = quizzes.all_questions()

single = questions.get("04.q1")
multiple = questions.get("04.q3")
numeric = questions.get("04.q4")


@pytest.fixture
def bundles(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    shown = []
    monkeypatch.setattr(quizzes, "show", lambda panel: shown.append(panel._repr_mimebundle_()))
    return shown


@pytest.mark.parametrize("lesson", lessons.numbers_with(questions.FILE))
def test_the_questions_and_predictions_of_a_lesson_keep_the_rules(lesson):
    assert 3 <= len(quizzes.all_questions(lesson)) <= 6
    entries = questions._of_lesson(lesson)
    assert len({question.id for question in entries}) == len(entries)
    for question in entries:
        assert re.fullmatch(rf"{lesson}\.[qp]\d+", question.id)
        assert question.kind in (("single",) if ".p" in question.id else ("single", "multiple", "numeric"))
        (of_number if question.kind == "numeric" else of_options)(question)


def of_options(question):
    options, right = question.options, sum(option.right for option in question.options)
    assert len(options) >= 3 and "".join(option.key for option in options) == "abcdefgh"[: len(options)]
    assert all(text.strip() for one in options for text in (question.text, one.text, one.feedback))
    assert {type(option.right) for option in options} == {bool}
    assert right == 1 if question.kind == "single" else 2 <= right < len(options)


def of_number(question):
    assert question.mistakes and question.tolerance >= 0
    assert np.isfinite([question.value, question.tolerance, *(value for value, _ in question.mistakes)]).all()
    said = (question.text, question.feedback, question.otherwise, *(feedback for _, feedback in question.mistakes))
    assert all(text.strip() for text in said)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.id)
def test_every_right_answer_is_right_and_every_other_gets_feedback(question):
    if question.kind == "numeric":
        assert answers.judge(question, question.value).status == "right"
        for mistake, feedback in question.mistakes:
            assert answers.judge(question, mistake) == answers.Outcome("wrong", (feedback,))
        assert answers.judge(question, question.value + 12_345.6).lines == (question.otherwise,)
        return
    right = {option.key for option in question.options if option.right}
    assert answers.judge(question, right).status == "right"
    for option in question.options:
        outcome = answers.judge(question, option.key)
        assert option.feedback in outcome.lines[0]
        assert (outcome.status == "right") == ({option.key} == right)


def test_every_question_is_asked_once_in_its_notebook_and_answered_at_most_once():  # a reader answers with buttons
    for call, least in (("ask", 1), ("answer", 0)):
        found = Counter(
            (lesson.name[:2], id)
            for lesson in catalogue.lessons()
            for id in re.findall(rf'quizzes\.{call}\(\s*"([^"]+)"', lesson.source.read_text(encoding="utf-8"))
        )
        known = {(question.id[:2], question.id) for question in EVERY}
        assert len({number for number, _ in known}) >= 22
        assert found.keys() <= known and (found.keys() == known or not least) and set(found.values()) == {1}, call


def test_letters_are_read_in_any_form_and_one_is_not_two():
    for one in ("b", "B", " b ", {"b"}, ["b"], ("b",)):
        assert answers.judge(single, one).status == "right"
    for two in ("ab", {"a", "b"}):
        assert answers.judge(single, two).status == "unreadable"
    for several in ({"a", "c"}, "a, c", "c a", ["c", "a"], "ac", "CA", " ca "):
        assert answers.judge(multiple, several).status == "right"


def test_a_missing_and_a_wrong_option_are_told_apart():
    missing = answers.judge(multiple, {"a"})
    assert missing.status == "wrong" and missing.lines[-1] == "One right option is missing."
    too_many = answers.judge(multiple, {"a", "b", "c"})
    assert too_many.status == "wrong" and len(too_many.lines) == 3
    assert [line[:10] for line in too_many.lines] == ["a) Right. ", "b) Wrong. ", "c) Right. "]
    assert missing.lines[0].startswith("a) Right. ")


@pytest.mark.parametrize("given", [1228.8, 1229, np.float64(1228.8), np.int64(1229)])
def test_numbers_within_the_tolerance(given):
    assert answers.judge(numeric, given).status == "right"


class Liar:
    def __eq__(self, other):
        return True

    __hash__ = None

    def __repr__(self):
        raise RuntimeError("no")


STRANGE = [None, True, "", "z", "az", {}, set(), [1], float("nan"), float("inf"), 10**400, 1j, Liar(), [Liar()]]
STRANGE += [{"a": "b"}, np.array(["b"]), print, b"b"]


@pytest.mark.parametrize("question", [single, multiple, numeric], ids=["single", "multiple", "numeric"])
def test_strange_answers_get_a_verdict_and_do_not_count(question, bundles):
    for strange in STRANGE:
        quizzes.answer(question.id, strange)
        assert bundles[-1]["application/vnd.course.answer+json"]["status"] == "unreadable"
    assert not state.file().exists()


def test_the_placeholder_is_not_answered(bundles):
    quizzes.answer("04.q1", ...)
    assert "○ Not answered yet" in bundles[0]["text/plain"]


def test_a_question_is_readable_as_text_and_as_html(bundles):
    quizzes.ask("04.q1")
    for form in ("text/plain", "text/html"):
        assert all(option.text in bundles[0][form] for option in single.options)
    assert single.options[1].feedback not in bundles[0]["text/plain"]
    assert "<script" not in bundles[0]["text/html"]


def test_an_unknown_question_is_named():
    with pytest.raises(LookupError, match=r"04\.q99.*04\.q1"):
        quizzes.ask("04.q99")


@pytest.fixture
def one_prediction(monkeypatch, bundles):
    """A lesson with one prediction, whose right option is b; what is shown comes back."""
    options = [
        {"key": key, "text": text, "right": key == "b", "feedback": reason}
        for key, text, reason in (("a", "More.", "It fell."), ("b", "Less.", "It fell by half."), ("c", "Same.", "No."))
    ]
    entry = {"id": "04.p1", "kind": "single", "text": "Will it rise?", "options": options}
    question = questions._question(entry)
    monkeypatch.setattr(predictions, "get", lambda id: {"04.p1": question, "04.q1": single}[id])
    monkeypatch.setattr(predictions, "_made", {})
    monkeypatch.setattr(predictions, "show", lambda panel: bundles.append(panel._repr_mimebundle_()))
    return bundles


def test_a_prediction_is_asked_kept_and_judged(one_prediction):
    quizzes.predict("04.p1", ...)
    assert "Will it rise?" in one_prediction[-1]["text/plain"] and "c)  Same." in one_prediction[-1]["text/plain"]
    assert "It fell" not in one_prediction[-1]["text/plain"]
    quizzes.predict("04.p1", "A")
    assert "You say a." in one_prediction[-1]["text/plain"] and "It fell" not in one_prediction[-1]["text/plain"]
    quizzes.predict("04.p1")  # looked at once more: kept
    quizzes.verdict("04.p1")
    text = one_prediction[-1]["text/plain"]
    assert "You said a. It was b." in text
    assert all(reason in text for reason in ("It fell.", "It fell by half.", "No."))
    quizzes.predict("04.p1", {"b"})
    quizzes.verdict("04.p1")
    assert "It was b, as you said." in one_prediction[-1]["text/plain"]


def test_a_verdict_without_a_prediction_gives_the_reasons(one_prediction):
    quizzes.verdict("04.p1")
    assert "It was b." in one_prediction[-1]["text/plain"] and "You said" not in one_prediction[-1]["text/plain"]


@pytest.mark.parametrize("given", ["d", "ab", {"a", "b"}, 1, None, np.arange(3)])
def test_what_is_no_prediction_is_not_kept(one_prediction, given):
    quizzes.predict("04.p1", given)
    assert "Expected one letter" in one_prediction[-1]["text/plain"]
    assert predictions._made == {}


def test_a_question_is_no_prediction(one_prediction):
    with pytest.raises(LookupError, match=r"like \"04\.p1\""):
        quizzes.verdict("04.q1")
