"""Quizzes as text, offline: `ask("04.q1")`, then `answer("04.q1", "b")`; `predict("04.p1", "a")`, then `verdict`."""

from typing import Any

from course_utils import state
from course_utils.display import Panel, show
from course_utils.quizzes.answers import judge
from course_utils.quizzes.predictions import predict, verdict
from course_utils.quizzes.questions import Question, QuizError, all_predictions, all_questions, get, problems

__all__ = [
    "Question",
    "QuizError",
    "all_predictions",
    "all_questions",
    "answer",
    "ask",
    "get",
    "predict",
    "problems",
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


def ask(id: str) -> None:
    """Show a question with its options and how to answer.

    Args:
        id: the question's, "04.q1".

    Raises:
        LookupError: there is no such question.
        QuizError: the quiz file is damaged.
    """
    question = get(id)
    options = [f"{option.key})  {option.text}" for option in question.options]
    how = f'{HOW[question.kind]} For example: `quizzes.answer("{id}", {EXAMPLES[question.kind]})`'
    data = {"id": id, "kind": question.kind}
    show(Panel("?", "Question", id, [question.text, *options, how], "note", "question", data))


def answer(id: str, given: Any) -> None:
    """Answer a question and show what holds for that answer.

    Args:
        id: the question's, "04.q1".
        given: a letter, a set of letters, or a number. `...` means not answered yet.

    Raises:
        LookupError: there is no such question. An answer never raises anything.
        QuizError: the quiz file is damaged.
    """
    question = get(id)
    outcome = judge(question, given)
    note = state.record("quizzes", id, outcome.status) if outcome.status != "unreadable" else ""
    sign, word, tone = HEADS[outcome.status]
    body = [*outcome.lines, note] if note else list(outcome.lines)
    show(Panel(sign, word, f"question {id}", body, tone, "answer", {"id": id, "status": outcome.status}))
