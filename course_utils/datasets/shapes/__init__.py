"""`shapes`: ten classes of shapes drawn over real photographs, with a mask of every object.

The same bytes for the same arguments, on every platform.
"""

from course_utils.datasets.shapes.drawing import Knobs, ShapePainter
from course_utils.datasets.shapes.outlines import CLASS_NAMES

__all__ = ["CLASS_NAMES", "Knobs", "ShapePainter"]
