"""Exercises of notebook 01: tasks, features, and honest measuring."""

from course_utils.exercises.lesson_01.features import FEATURE_COUNT, NEAREST
from course_utils.exercises.lesson_01.measuring import FALSE_ALARMS, PLAN
from course_utils.exercises.lesson_01.tasks import BOX, TASK

__all__ = ["EXERCISES"]

EXERCISES = (TASK, BOX, FEATURE_COUNT, NEAREST, FALSE_ALARMS, PLAN)
