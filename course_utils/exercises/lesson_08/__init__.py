"""Exercises of notebook 08: speed and scale."""

from course_utils.exercises.lesson_08.faster import AVERAGE, SCHEDULE
from course_utils.exercises.lesson_08.plan import PLAN
from course_utils.exercises.lesson_08.smaller import PRUNE, QUANTISE

__all__ = ["EXERCISES"]

EXERCISES = (SCHEDULE, PRUNE, QUANTISE, AVERAGE, PLAN)
