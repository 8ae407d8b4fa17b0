"""Exercises of notebook 11: a project with one's own images."""

from course_utils.exercises.lesson_11.checking import HASH, SUSPECTS
from course_utils.exercises.lesson_11.splitting import LEAKING, TOGETHER

__all__ = ["EXERCISES"]

EXERCISES = (HASH, LEAKING, TOGETHER, SUSPECTS)
