"""`shapes`: ten classes of shapes drawn over real photographs, with a mask of every object."""

from course_utils.datasets.generated.photographs import PHOTOGRAPHS, Photograph
from course_utils.datasets.shapes.card import shapes_card
from course_utils.datasets.shapes.generator import ShapesSplit, load_shapes
from course_utils.datasets.shapes.knobs import Knobs
from course_utils.datasets.shapes.outlines import CLASS_NAMES

__all__ = ["CLASS_NAMES", "PHOTOGRAPHS", "Knobs", "Photograph", "ShapesSplit", "load_shapes", "shapes_card"]
