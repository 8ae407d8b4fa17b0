"""Figures: arrays in, a picture with a text alternative out."""

from course_utils.plots.comparisons import comparison
from course_utils.plots.curves import learning_curves
from course_utils.plots.features import feature_maps, filters
from course_utils.plots.images import image_grid, predictions
from course_utils.plots.picture import canvas, picture
from course_utils.plots.scores import confusion_matrix, per_class_scores

__all__ = [
    "canvas",
    "comparison",
    "confusion_matrix",
    "feature_maps",
    "filters",
    "image_grid",
    "learning_curves",
    "per_class_scores",
    "picture",
    "predictions",
]
