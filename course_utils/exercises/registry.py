"""Find exercises: each lesson's `exercises.py`, imported when somebody asks for it."""

import functools

from course_utils import lessons, renumbered
from course_utils.exercises.exercise import Exercise

__all__ = ["all_exercises", "get"]


def all_exercises(lesson: str | None = None) -> tuple[Exercise, ...]:
    """Every exercise, in order.

    Args:
        lesson: only those of this lesson, "04"; a lesson without exercises gives ().
    """
    chosen = [number for number in _numbers() if lesson in (None, number)]
    return tuple(exercise for number in chosen for exercise in _of_lesson(number))


def get(id: str) -> Exercise:
    """The exercise with an id.

    Raises:
        LookupError: there is none; the message lists those of the lesson. Or a copy of the first edition asks.
    """
    renumbered.refuse_first_edition_copy()
    lesson = id[:2] if isinstance(id, str) else ""
    found = {exercise.id: exercise for exercise in all_exercises(lesson)}
    if id not in found:
        known = (
            f"Lesson {lesson} has: {', '.join(found)}" if found else f"Lessons with exercises: {', '.join(_numbers())}"
        )
        raise LookupError(f"There is no exercise {id!r}. {known}.")
    return found[id]


def _numbers() -> tuple[str, ...]:
    return lessons.numbers_with("exercises.py")


@functools.cache
def _of_lesson(number: str) -> tuple[Exercise, ...]:
    return tuple(lessons.module(number, "exercises").EXERCISES)
