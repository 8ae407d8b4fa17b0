"""`cutouts`: photographs of single objects, cut out and placed over other photographs, with a mask of every object."""

from course_utils.datasets.cutouts.card import cutouts_card
from course_utils.datasets.cutouts.generator import CutoutsSplit, load_cutouts
from course_utils.datasets.cutouts.knobs import Knobs
from course_utils.datasets.cutouts.objects import CLASS_NAMES, Cutout, all_cutouts

__all__ = ["CLASS_NAMES", "Cutout", "CutoutsSplit", "Knobs", "all_cutouts", "cutouts_card", "load_cutouts"]
