"""Judge the answer to a question: right or wrong, and what to say."""

import re
from dataclasses import dataclass
from typing import Any

from course_utils.exercises.comparing import as_number, shown
from course_utils.quizzes.questions import Question

__all__ = ["Outcome", "judge", "letters"]


@dataclass(frozen=True)
class Outcome:
    """What became of an answer: status is "right", "wrong", "not answered" or "unreadable"."""

    status: str
    lines: tuple[str, ...]


def judge(question: Question, answer: Any) -> Outcome:
    """Judge an answer; whatever it is, nothing is raised.

    Args:
        question: what was asked.
        answer: a letter, several letters (set, list, tuple or text), or a number. `...` means not answered.
    """
    if answer is ...:
        return Outcome("not answered", (f"Replace the `...` by {_form(question)}.",))
    if question.kind == "numeric":
        return _judge_number(question, answer)
    chosen = letters(answer)
    keys = [option.key for option in question.options]
    if question.kind == "multiple" and type(answer) is str and set(answer.strip().lower()) <= set(keys):
        chosen = sorted(set(answer.strip().lower()))  # "ac" for "a, c"
    if not chosen or not set(chosen) <= set(keys) or (question.kind == "single" and len(chosen) > 1):
        return Outcome("unreadable", (f"Expected {_form(question)}. Received: {shown(answer)}.",))
    return _judge_options(question, chosen)


def _judge_options(question: Question, chosen: list[str]) -> Outcome:
    lines = []
    for option in question.options:
        if option.key in chosen:
            word = "" if question.kind == "single" else "Right. " if option.right else "Wrong. "
            lines.append(f"{option.key}) {word}{option.feedback}")
    wrong = [option for option in question.options if option.key in chosen and not option.right]
    missing = sum(option.right and option.key not in chosen for option in question.options)
    if missing and question.kind == "multiple":
        lines.append("One right option is missing." if missing == 1 else f"{missing} right options are missing.")
    return Outcome("wrong" if wrong or missing else "right", tuple(lines))


def _judge_number(question: Question, answer: Any) -> Outcome:
    value = as_number(answer)
    if isinstance(value, str):
        return Outcome("unreadable", (value,))
    right = question.value
    # A number typed in decimal is not exactly the one meant, so 0.1 + 0.2 counts as 0.3.
    allowed = max(question.tolerance, 1e-9 * max(1.0, abs(right)))
    if abs(value - right) <= allowed:
        return Outcome("right", (question.feedback,))
    for mistake, feedback in question.mistakes:
        if abs(value - mistake) <= allowed:
            return Outcome("wrong", (feedback,))
    return Outcome("wrong", (question.otherwise,))


def letters(answer: Any) -> list[str]:
    """The letters in an answer, sorted; [] where it holds anything else."""
    if type(answer) is str:
        parts = re.split(r"[\s,;]+", answer.strip().lower())
    elif type(answer) in (set, frozenset, list, tuple) and all(type(part) is str for part in answer):
        parts = [part.strip().lower() for part in answer]
    else:
        return []
    return sorted(set(parts))


def _form(question: Question) -> str:
    if question.kind == "numeric":
        return "a number"
    keys = [f'"{option.key}"' for option in question.options]
    if question.kind == "single":
        return f"one letter, {', '.join(keys[:-1])} or {keys[-1]}"
    return f"a set of letters, such as {{{keys[0]}, {keys[1]}}}"
