"""Quiz questions and predictions as data: each lesson's `quiz.json`, read when somebody asks, checked before use."""

import functools
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils import lessons, renumbered

__all__ = ["Option", "Question", "QuizError", "all_questions", "get", "read"]

FILE = "quiz.json"


class QuizError(ValueError):
    """A quiz file cannot be read or breaks a rule."""


@dataclass(frozen=True)
class Option:
    """One answer to choose: its letter, its text, whether it is right, and what to say to those who choose it."""

    key: str
    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Question:
    """One question, with the names that it has in the file.

    Attributes:
        id: lesson, dot, q and number: "04.q1"; a prediction has a p: "04.p1".
        kind: "single", "multiple" or "numeric".
        text: the question.
        options: what to choose from; () for a numeric one.
        value: the right number; None where there are options.
        tolerance: how far a numeric answer may lie from it.
        feedback: said to the right number.
        mistakes: wrong numbers that people arrive at, each with what to say.
        otherwise: said to any other number.
    """

    id: str
    kind: str
    text: str
    options: tuple[Option, ...] = ()
    value: float | None = None
    tolerance: float = 0.0
    feedback: str = ""
    mistakes: tuple[tuple[float, str], ...] = ()
    otherwise: str = ""


def all_questions(lesson: str | None = None) -> tuple[Question, ...]:
    """Every question, in order.

    Args:
        lesson: only those of this lesson, "04"; a lesson without a quiz gives ().

    Raises:
        QuizError: a file is damaged or breaks a rule.
    """
    return tuple(entry for entry in _entries(lesson) if ".q" in entry.id)


def _entries(lesson: str | None) -> tuple[Question, ...]:
    chosen = [number for number in lessons.numbers_with(FILE) if lesson in (None, number)]
    return tuple(entry for number in chosen for entry in _of_lesson(number))


def get(id: str) -> Question:
    """The question with an id.

    Raises:
        LookupError: there is none, or a copy of the first edition asks.
        QuizError: the file is damaged or breaks a rule.
    """
    renumbered.refuse_first_edition_copy()
    lesson = id[:2] if isinstance(id, str) else ""
    found = {question.id: question for question in _entries(lesson)}
    if id not in found:
        known = f"Lesson {lesson} has: {', '.join(found)}." if found else "That lesson has no quiz."
        raise LookupError(f"There is no question {id!r}. {known}")
    return found[id]


@functools.cache
def _of_lesson(lesson: str) -> tuple[Question, ...]:
    return read(lessons.folders()[lesson] / FILE, lesson)


def read(path: Path, lesson: str) -> tuple[Question, ...]:
    """Read one quiz file.

    Raises:
        QuizError: it is no JSON, or breaks a rule; the message names the lesson and the first problem.
    """
    try:
        questions = tuple(_question(entry) for entry in json.loads(path.read_text(encoding="utf-8")))
        problem = next(_problems(questions, lesson), None)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        problem = f"{type(error).__name__}: {error}"
    if problem:
        raise QuizError(f"The quiz of lesson {lesson} cannot be used: {problem}. Restore or mend it.")
    return questions


def _question(entry: dict[str, Any]) -> Question:
    options = tuple(Option(**option) for option in entry.get("options", ()))
    mistakes = tuple((mistake["value"], mistake["feedback"]) for mistake in entry.get("mistakes", ()))
    return Question(**entry | {"options": options, "mistakes": mistakes})


def _problems(questions: tuple[Question, ...], lesson: str) -> Iterator[str]:
    """What breaks a rule; nothing where all is sound."""
    ids = [question.id for question in questions]
    if not ids or len(set(ids)) < len(ids):
        yield "it has at least one question, and no id stands twice"
    for question in questions:
        id = question.id
        if not re.fullmatch(rf"{lesson}\.[qp]\d+", id):
            yield f"an id looks like {lesson}.q1, of a prediction {lesson}.p1, not {id!r}"
        if question.kind not in ("single", "multiple", "numeric"):
            yield f"{id}: the kind is single, multiple or numeric, not {question.kind!r}"
        if ".p" in id and question.kind != "single":
            yield f"{id}: a prediction has the kind single, one right option"
        numeric = question.kind == "numeric"
        yield from (f"{id}: {problem}" for problem in (_of_number if numeric else _of_options)(question))


def _of_options(question: Question) -> Iterator[str]:
    options = question.options
    if len(options) < 3 or [option.key for option in options] != list("abcdefgh"[: len(options)]):
        yield "three options at least are needed, keyed a, b, c and so on"
    if not all(map(_is_text, (question.text, *(text for one in options for text in (one.text, one.feedback))))):
        yield "the question and every option have a text, and every option a feedback"
    if not all(isinstance(option.right, bool) for option in options):
        yield "every option says whether it is right"
    right = sum(option.right is True for option in options)
    if not {"single": right == 1, "multiple": 2 <= right < len(options)}[question.kind]:
        yield "a single question has one right option, a multiple question two at least, and a wrong one"


def _of_number(question: Question) -> Iterator[str]:
    numbers = (question.value, question.tolerance, *(value for value, _ in question.mistakes))
    if any(type(number) not in (int, float) or not math.isfinite(number) for number in numbers):
        yield "the value, the tolerance and every mistake are finite numbers"
    if question.tolerance < 0:
        yield "the tolerance is 0 or more"
    if not question.mistakes:
        yield "a numeric question names one mistake at least"
    said = (question.text, question.feedback, question.otherwise, *(feedback for _, feedback in question.mistakes))
    if not all(map(_is_text, said)):
        yield "a numeric question has a text, a feedback, one for each mistake and for any other number (otherwise)"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
