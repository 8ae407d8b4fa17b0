"""Quizzes, offline: `ask("04.q1")`, then buttons or `answer("04.q1", "b")`; `predict("04.p1")`, then `verdict`."""

from typing import Any

from course_utils import controls, state
from course_utils.display import Panel, show, somebody_can_answer
from course_utils.quizzes.answers import judge
from course_utils.quizzes.predictions import predict, verdict
from course_utils.quizzes.questions import Question, all_questions, get

__all__ = [
    "Question",
    "all_questions",
    "answer",
    "ask",
    "get",
    "predict",
    "verdict",
]

# status: sign, word, tone
HEADS = {
    "right": ("✓", "Right", "good"),
    "wrong": ("✗", "Not right", "bad"),
    "not answered": ("○", "Not answered yet", "neutral"),
    "unreadable": ("?", "That is no answer to this question", "neutral"),
}
HOW = {
    "single": "One option is right.",
    "multiple": "Two or more options are right.",
    "numeric": "Answer with a number.",
}
EXAMPLES = {"single": '"a"', "multiple": '{"a", "b"}', "numeric": "42"}
_asked: set[str] = set()  # what this kernel's reader has before the eyes


def ask(id: str) -> None:
    """Show a question with its options and, for a reader, what to answer with: letters or a field, and a button.

    Args:
        id: the question's, "04.q1".

    Raises:
        LookupError: there is no such question.
    """
    question = get(id)
    options = [f"{option.key})  {option.text}" for option in question.options]
    how = HOW[question.kind]
    if not somebody_can_answer():
        how += f' For example: `quizzes.answer("{id}", {EXAMPLES[question.kind]})`'
    data = {"id": id, "kind": question.kind}
    show(Panel("?", "Question", id, [question.text, *options, how], "note", "question", data))
    _asked.add(id)
    keys = [option.key for option in question.options]
    controls.answer_field(question.kind, keys, lambda given: _answered(question, given))


def answer(id: str, given: Any) -> None:
    """Answer a question and show what holds for that answer.

    Args:
        id: the question's, "04.q1".
        given: a letter, a set of letters, or a number. `...` means not answered yet.

    Raises:
        LookupError: there is no such question. An answer never raises anything.
    """
    question = get(id)
    if given is ... and id in _asked and somebody_can_answer():
        return  # its buttons are waiting
    show(_answered(question, given))


def _answered(question: Question, given: Any) -> Panel:
    outcome = judge(question, given)
    notes = [state.record("quizzes", question.id, outcome.status)] if outcome.status != "unreadable" else []
    if outcome.status == "right":
        notes.append(state.count_line("quizzes", [one.id for one in all_questions(question.id[:2])]))
    sign, word, tone = HEADS[outcome.status]
    data = {"id": question.id, "status": outcome.status}
    body = [*outcome.lines, *filter(None, notes)]
    return Panel(sign, word, f"question {question.id}", body, tone, "answer", data)
