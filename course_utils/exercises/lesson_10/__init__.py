"""Exercises of notebook 10: few labels, generated pictures, views, scaling."""

from course_utils.exercises.lesson_10.generating import FRECHET, JUDGING
from course_utils.exercises.lesson_10.labels import MOST_UNCERTAIN, VIEWS
from course_utils.exercises.lesson_10.scaling import IMAGES_NEEDED

__all__ = ["EXERCISES"]

EXERCISES = (MOST_UNCERTAIN, FRECHET, JUDGING, VIEWS, IMAGES_NEEDED)
