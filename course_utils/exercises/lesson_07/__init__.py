"""Exercises of notebook 07: one model in several frameworks, and pictures in several libraries."""

from course_utils.exercises.lesson_07.choosing import CHOICE, TWO_MOMENTA
from course_utils.exercises.lesson_07.moving import DENSE_TO_KERAS, SAME_PADDING
from course_utils.exercises.lesson_07.pictures import SHRINK_PICTURE

__all__ = ["EXERCISES"]

EXERCISES = (DENSE_TO_KERAS, SAME_PADDING, TWO_MOMENTA, SHRINK_PICTURE, CHOICE)
