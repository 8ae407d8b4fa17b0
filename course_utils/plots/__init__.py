"""Figures: arrays in, a picture with a text alternative out.

Every function takes a `caption`, a sentence or two below the figure that say what to notice.
"""

from course_utils.plots.answers import answers, nearest_neighbours, predictions, similarities
from course_utils.plots.bars import bars, comparison, histograms
from course_utils.plots.cells import gated_cell
from course_utils.plots.features import filters, heat_maps
from course_utils.plots.images import frames, image_grid, image_rows, patches
from course_utils.plots.lines import forecasts, learning_curves, lines, panels
from course_utils.plots.networks import network, pipeline
from course_utils.plots.numbers import number_grids, sliding
from course_utils.plots.picture import canvas, picture
from course_utils.plots.planes import descent, regions, valley
from course_utils.plots.scores import confusion_matrix, reliability
from course_utils.plots.time_lines import race, time_line

__all__ = [
    "answers",
    "bars",
    "canvas",
    "comparison",
    "confusion_matrix",
    "descent",
    "filters",
    "forecasts",
    "frames",
    "gated_cell",
    "heat_maps",
    "histograms",
    "image_grid",
    "image_rows",
    "learning_curves",
    "lines",
    "nearest_neighbours",
    "network",
    "number_grids",
    "panels",
    "patches",
    "picture",
    "pipeline",
    "predictions",
    "race",
    "regions",
    "reliability",
    "similarities",
    "sliding",
    "time_line",
    "valley",
]
