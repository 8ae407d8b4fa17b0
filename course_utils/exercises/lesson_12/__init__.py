"""Exercises of notebook 12: the broken programs of question 15."""

from course_utils.exercises.lesson_12.feeding import SHUFFLE, SPLIT
from course_utils.exercises.lesson_12.layers import ACTIVATION, SCALE
from course_utils.exercises.lesson_12.losses import LOSS, LOWEST, SOFTMAX_ONCE
from course_utils.exercises.lesson_12.rates import RATE
from course_utils.exercises.lesson_12.symptoms import CAUSES, FLAG

__all__ = ["EXERCISES"]

EXERCISES = (LOSS, SOFTMAX_ONCE, SCALE, RATE, ACTIVATION, SHUFFLE, SPLIT, FLAG, LOWEST, CAUSES)
