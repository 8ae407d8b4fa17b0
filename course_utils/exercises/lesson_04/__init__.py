"""Exercises of notebook 04: the end-to-end program in Keras."""

from course_utils.exercises.lesson_04.data import PREDICT_ONE, PREPROCESS
from course_utils.exercises.lesson_04.networks import BUILD_MODEL, DENSE_PARAMETERS
from course_utils.exercises.lesson_04.results import LEARNING_CURVES, RECALL

__all__ = ["EXERCISES"]

EXERCISES = (PREPROCESS, DENSE_PARAMETERS, BUILD_MODEL, RECALL, PREDICT_ONE, LEARNING_CURVES)
