"""Exercises of notebook 09: trustworthy models."""

from course_utils.exercises.lesson_09.attacks import FGSM, PAIRS
from course_utils.exercises.lesson_09.groups import ABSTAIN, WORST
from course_utils.exercises.lesson_09.maps import OVERLAP

__all__ = ["EXERCISES"]

EXERCISES = (OVERLAP, WORST, ABSTAIN, FGSM, PAIRS)
