"""Find exercises: one module `lesson_NN` for each notebook, imported when somebody asks for it."""

import functools
import importlib
import pkgutil

from course_utils.exercises.exercise import Exercise

__all__ = ["all_exercises", "get"]


def all_exercises(lesson: str | None = None) -> tuple[Exercise, ...]:
    """Every exercise, in order.

    Args:
        lesson: only those of this lesson, "04"; a lesson without exercises gives ().
    """
    lessons = _lessons() if lesson is None else [lesson] if lesson in _lessons() else []
    return tuple(exercise for name in lessons for exercise in _of_lesson(name))


def get(id: str) -> Exercise:
    """The exercise with an id.

    Raises:
        LookupError: there is none; the message lists those of the lesson.
    """
    lesson = id[:2] if isinstance(id, str) else ""
    found = {exercise.id: exercise for exercise in all_exercises(lesson)}
    if id not in found:
        known = (
            f"Lesson {lesson} has: {', '.join(found)}" if found else f"Lessons with exercises: {', '.join(_lessons())}"
        )
        raise LookupError(f"There is no exercise {id!r}. {known}.")
    return found[id]


@functools.cache
def _lessons() -> tuple[str, ...]:
    package = importlib.import_module("course_utils.exercises")
    names = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(sorted(name.removeprefix("lesson_") for name in names if name.startswith("lesson_")))


@functools.cache
def _of_lesson(lesson: str) -> tuple[Exercise, ...]:
    return tuple(importlib.import_module(f"course_utils.exercises.lesson_{lesson}").EXERCISES)
