"""Exercises of notebook 03: the mathematics of convolution."""

from course_utils.exercises.lesson_03.backward import GRADIENTS
from course_utils.exercises.lesson_03.counting import FIELD, LAYER
from course_utils.exercises.lesson_03.forward import BY_HAND, DEPTHWISE

__all__ = ["EXERCISES"]

EXERCISES = (BY_HAND, DEPTHWISE, GRADIENTS, LAYER, FIELD)
