"""Exercises of notebook 05: overfitting and augmentation."""

from course_utils.exercises.lesson_05.choosing import SAFE, STOPPING, WEIGHTS
from course_utils.exercises.lesson_05.mixing import FLIP, MIXUP, SHARE

__all__ = ["EXERCISES"]

EXERCISES = (STOPPING, FLIP, SHARE, MIXUP, SAFE, WEIGHTS)
