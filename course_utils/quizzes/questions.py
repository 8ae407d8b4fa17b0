"""Quiz questions and predictions as data: each lesson's `quiz.json`, read when somebody asks."""

import functools
import json
from dataclasses import dataclass
from typing import Any

from course_utils import lessons, renumbered

__all__ = ["Option", "Question", "all_questions", "get"]

FILE = "quiz.json"


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
    """
    return tuple(entry for entry in _entries(lesson) if ".q" in entry.id)


def _entries(lesson: str | None) -> tuple[Question, ...]:
    chosen = [number for number in lessons.numbers_with(FILE) if lesson in (None, number)]
    return tuple(entry for number in chosen for entry in _of_lesson(number))


def get(id: str) -> Question:
    """The question with an id.

    Raises:
        LookupError: there is none, or a copy of the first edition asks.
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
    entries = json.loads((lessons.folders()[lesson] / FILE).read_text(encoding="utf-8"))
    return tuple(_question(entry) for entry in entries)


def _question(entry: dict[str, Any]) -> Question:
    options = tuple(Option(**option) for option in entry.get("options", ()))
    mistakes = tuple((mistake["value"], mistake["feedback"]) for mistake in entry.get("mistakes", ()))
    return Question(**entry | {"options": options, "mistakes": mistakes})
