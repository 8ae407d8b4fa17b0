"""Quiz questions and predictions as data: each lesson's `quiz.json`, read when somebody asks, checked before use."""

import functools
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils import lessons, renumbered

__all__ = ["KINDS", "Option", "Question", "QuizError", "all_questions", "get", "problems", "read"]

FILE = "quiz.json"
KINDS = ("single", "multiple", "numeric")


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
    """One question.

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


def problems(data: Any, lesson: str) -> list[str]:
    """What is wrong with the contents of a quiz file; [] for a sound one.

    Args:
        data: what the JSON file holds: a list of questions.
        lesson: the lesson that it belongs to, "04".
    """
    if not isinstance(data, list) or not data:
        return ["a quiz is a list of questions"]
    found: list[str] = []
    ids = [entry.get("id") if isinstance(entry, dict) else None for entry in data]
    found += [f"the id {id!r} stands twice" for id in sorted({str(id) for id in ids if ids.count(id) > 1})]
    for id, entry in zip(ids, data, strict=True):
        if not isinstance(id, str) or not re.fullmatch(rf"{lesson}\.[qp]\d+", id):
            found.append(f"an id looks like {lesson}.q1, of a prediction {lesson}.p1, not {id!r}")
        elif ".p" in id and entry.get("kind") != "single":
            found.append(f"{id}: a prediction has the kind single, one right option")
        else:
            found += [f"{id}: {problem}" for problem in _entry_problems(entry)]
    return found


def _entry_problems(entry: dict[str, Any]) -> list[str]:
    kind = entry.get("kind")
    if kind not in KINDS:
        return [f"the kind is one of {', '.join(KINDS)}, not {kind!r}"]
    found = [] if _is_text(entry.get("text")) else ["the text is missing"]
    return found + (_numeric_problems(entry) if kind == "numeric" else _option_problems(entry, kind))


def _option_problems(entry: dict[str, Any], kind: str) -> list[str]:
    options = entry.get("options")
    if not isinstance(options, list) or not all(isinstance(option, dict) for option in options) or len(options) < 3:
        return ["three options at least are needed"]
    found = []
    if [option.get("key") for option in options] != list("abcdefgh"[: len(options)]):
        found.append("the options are keyed a, b, c and so on")
    if not all(_is_text(option.get("text")) and _is_text(option.get("feedback")) for option in options):
        found.append("every option has a text and a feedback")
    if not all(isinstance(option.get("right"), bool) for option in options):
        return [*found, "every option says whether it is right"]
    right = sum(option["right"] for option in options)
    if kind == "single" and right != 1:
        found.append(f"a single question has one right option, not {right}")
    if kind == "multiple" and not 2 <= right < len(options):
        found.append("a multiple question has two right options at least, and a wrong one")
    return found


def _numeric_problems(entry: dict[str, Any]) -> list[str]:
    found = []
    if not _is_number(entry.get("value")):
        found.append("the value is a finite number")
    if not _is_number(entry.get("tolerance", 0)) or entry.get("tolerance", 0) < 0:
        found.append("the tolerance is a number, 0 or more")
    if not _is_text(entry.get("feedback")) or not _is_text(entry.get("otherwise")):
        found.append("a numeric question has a feedback, and says something to any other number (otherwise)")
    mistakes = entry.get("mistakes")
    if not isinstance(mistakes, list) or not mistakes:
        return [*found, "a numeric question names one mistake at least"]
    sound = all(isinstance(m, dict) and _is_number(m.get("value")) and _is_text(m.get("feedback")) for m in mistakes)
    return found if sound else [*found, "every mistake has a value and a feedback"]


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def read(path: Path, lesson: str) -> tuple[Question, ...]:
    """Read one quiz file.

    Raises:
        QuizError: it is no JSON, or breaks a rule; the message names the lesson and the first problem.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise QuizError(f"The quiz of lesson {lesson} cannot be read ({type(error).__name__}). Restore it.") from None
    found = problems(data, lesson)
    if found:
        raise QuizError(f"The quiz of lesson {lesson} breaks a rule: {found[0]}. Restore or mend it.")
    return tuple(_question(entry) for entry in data)


@functools.cache
def _of_lesson(lesson: str) -> tuple[Question, ...]:
    return read(lessons.folders()[lesson] / FILE, lesson)


def _question(entry: dict[str, Any]) -> Question:
    if entry["kind"] != "numeric":
        options = tuple(Option(o["key"], o["text"], o["right"], o["feedback"]) for o in entry["options"])
        return Question(entry["id"], entry["kind"], entry["text"], options)
    mistakes = tuple((float(mistake["value"]), mistake["feedback"]) for mistake in entry["mistakes"])
    return Question(
        id=entry["id"],
        kind="numeric",
        text=entry["text"],
        value=float(entry["value"]),
        tolerance=float(entry.get("tolerance", 0)),
        feedback=entry["feedback"],
        mistakes=mistakes,
        otherwise=entry["otherwise"],
    )
