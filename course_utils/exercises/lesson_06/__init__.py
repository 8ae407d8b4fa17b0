"""Exercises of notebook 06: sequence models and attention."""

from course_utils.exercises.lesson_06.blocks import CHOOSING, RESIDUAL_BLOCK
from course_utils.exercises.lesson_06.looking import LOOKING_BACK, PATCHES
from course_utils.exercises.lesson_06.recurrence import FADING, LSTM_PARAMETERS

__all__ = ["EXERCISES"]

EXERCISES = (LSTM_PARAMETERS, FADING, LOOKING_BACK, PATCHES, RESIDUAL_BLOCK, CHOOSING)
