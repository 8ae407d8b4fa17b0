"""`cutouts`: photographs of single objects, cut out and placed over other photographs, with a mask of every object.

The same bytes for the same arguments. Training, validation and test pictures show different objects over different
photographs; another seed makes other pictures of the same objects.
"""

from course_utils.datasets.cutouts.drawing import CutoutPainter, Knobs
from course_utils.datasets.cutouts.objects import CLASS_NAMES, Cutout, all_cutouts

__all__ = ["CLASS_NAMES", "Cutout", "CutoutPainter", "Knobs", "all_cutouts"]
