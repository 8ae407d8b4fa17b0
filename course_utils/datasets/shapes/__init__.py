"""`shapes`: ten classes of shapes drawn over real photographs, with a mask of every object."""

from course_utils.datasets.shapes.drawing import Knobs
from course_utils.datasets.shapes.generator import load_shapes
from course_utils.datasets.shapes.outlines import CLASS_NAMES

__all__ = ["CLASS_NAMES", "Knobs", "load_shapes"]
