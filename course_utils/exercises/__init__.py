"""Exercises that answer back: `exercises.check("04.2", answer)`, then `hint` and `solution`."""

import functools
from typing import Any

from course_utils import controls, lessons, renumbered, state
from course_utils.display import Code, Panel, show
from course_utils.exercises.exercise import Exercise, Verdict, judge

__all__ = ["Exercise", "Verdict", "all_exercises", "check", "get", "hint", "judge", "solution"]

FILE = "exercises.py"  # in a lesson's folder; imported when somebody asks for it
# status: sign, word, tone
HEADS = {
    "correct": ("✓", "Correct", "good"),
    "wrong": ("✗", "Not right yet", "bad"),
    "not attempted": ("○", "Not attempted yet", "neutral"),
    "cannot be checked": ("◇", "Cannot be checked by a machine", "note"),
}
LINES = 12  # of what an answer printed; the beginning shows where a loop went wrong
_hints_given: dict[str, int] = {}  # how many hints this kernel has shown, by exercise


def all_exercises(lesson: str | None = None) -> tuple[Exercise, ...]:
    """Every exercise, in order; with "04" only those of that lesson, () where it has none."""
    chosen = [number for number in lessons.numbers_with(FILE) if lesson in (None, number)]
    return tuple(exercise for number in chosen for exercise in _of_lesson(number))


@functools.cache
def _of_lesson(number: str) -> tuple[Exercise, ...]:
    return tuple(lessons.module(number, "exercises").EXERCISES)


def get(id: str) -> Exercise:
    """The exercise with an id.

    Raises:
        LookupError: there is none; the message lists those of the lesson. Or a copy of the first edition asks.
    """
    renumbered.refuse_first_edition_copy()
    lesson = id[:2] if isinstance(id, str) else ""
    found = {exercise.id: exercise for exercise in all_exercises(lesson)}
    if id not in found:
        others = f"Lessons with exercises: {', '.join(lessons.numbers_with(FILE))}"
        known = f"Lesson {lesson} has: {', '.join(found)}" if found else others
        raise LookupError(f"There is no exercise {id!r}. {known}.")
    return found[id]


def check(id: str, answer: Any) -> None:
    """Try an answer and show the verdict: correct, wrong, not attempted, or cannot be checked.

    Below it a reader finds buttons for a hint and the solution, which `hint` and `solution` show as well.

    Args:
        id: the exercise's, "04.2".
        answer: the learner's value or function. `...` means not attempted.

    Raises:
        LookupError: there is no such exercise. An answer never raises anything.
    """
    exercise = get(id)
    verdict = judge(exercise, answer)
    notes = [state.record("exercises", id, verdict.status)]
    if verdict.status == "correct":
        notes.append(state.count_line("exercises", [one.id for one in all_exercises(id[:2])]))
    sign, word, tone = HEADS[verdict.status]
    data = {"id": id, "title": exercise.title, "status": verdict.status, "message": verdict.message}
    body = [*_body(exercise, verdict), *filter(None, notes)]
    show(Panel(sign, word, f"exercise {id}, {exercise.title}", body, tone, "verdict", data))
    hint_too = {} if verdict.status == "correct" else {"Hint": lambda: _hint(id)}
    controls.offer({**hint_too, "Solution": lambda: _solution(id)})


def hint(id: str) -> None:
    """Show the first hint; called again, the next one."""
    show(_hint(id))


def solution(id: str) -> None:
    """Show code that solves an exercise; for an open question, a model answer."""
    show(_solution(id))


def _hint(id: str) -> Panel:
    exercise = get(id)
    place = min(_hints_given.get(id, 0), len(exercise.hints) - 1)
    _hints_given[id] = place + 1
    last = place + 1 == len(exercise.hints)
    then = f'That was the last one; `exercises.solution("{id}")` shows code.' if last else "Ask again for the next one."
    title = f"exercise {id}, hint {place + 1} of {len(exercise.hints)}"
    return Panel("→", "Hint", title, [exercise.hints[place], then], "note")


def _solution(id: str) -> Panel:
    exercise = get(id)
    return Panel("◆", "Solution", f"exercise {id}, {exercise.title}", [Code(exercise.solution.source)], "note")


def _body(exercise: Exercise, verdict: Verdict) -> list[str | Code]:
    body: list[str | Code] = []
    if verdict.status == "not attempted":
        body += [verdict.message] if verdict.message else []
        body.append(f'Replace the `...` and run the cell again. `exercises.hint("{exercise.id}")` gives a hint.')
    elif verdict.status == "cannot be checked":
        body += ["Compare your answer with this one:", verdict.message]
    elif verdict.message:
        first, _, details = verdict.message.partition("\n")
        body += [first, *([Code(details)] if details else [])]
    if verdict.printed:
        body += ["While it was tried, it printed:", Code(_beginning(verdict.printed))]
    return body


def _beginning(printed: str) -> str:
    lines = printed.splitlines()
    return "\n".join([*lines[:LINES], "..."] if len(lines) > LINES else lines)
