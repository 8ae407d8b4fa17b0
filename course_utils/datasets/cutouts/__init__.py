"""`cutouts`: photographs of single objects, cut out and placed over other photographs, with a mask of every object."""

from course_utils.datasets.cutouts.drawing import Knobs
from course_utils.datasets.cutouts.generator import load_cutouts
from course_utils.datasets.cutouts.objects import CLASS_NAMES, Cutout, all_cutouts

__all__ = ["CLASS_NAMES", "Cutout", "Knobs", "all_cutouts", "load_cutouts"]
