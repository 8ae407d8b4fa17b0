"""The outlines of the ten classes and of the clutter, as distance fields.

A distance field gives for each point its distance to the outline, negative inside. Sampled once on a fine grid, it
serves every image: with a turned, stretched and shifted grid it gives smooth edges, outlines and shadows.
x points right, y points down, an object has a radius of about 1. Formulas after Inigo Quilez, "2D distance functions".
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

__all__ = ["CLASS_NAMES", "CLUTTER_KINDS", "REACH", "fields"]

CLASS_NAMES = (
    "circle",
    "ring",
    "square",
    "triangle",
    "star",
    "heart",
    "crescent",
    "cross",
    "arrow_left",  # the two arrows are mirror images: a flip turns one class into the other
    "arrow_right",
)

REACH = 1.6  # the fields cover -REACH to REACH in both directions

_TRIANGLE = ((0.0, -1.0), (0.95, 0.72), (-0.95, 0.72))
_SQUARE = ((-0.82, -0.82), (0.82, -0.82), (0.82, 0.82), (-0.82, 0.82))
_STAR = (  # five points on a circle of radius 1.08 and five on one of 0.46, rounded
    (0.0, -1.08), (0.27, -0.372), (1.027, -0.334), (0.437, 0.142), (0.635, 0.874),
    (0.0, 0.46), (-0.635, 0.874), (-0.437, 0.142), (-1.027, -0.334), (-0.27, -0.372),
)  # fmt: skip
_CROSS = (
    (-0.3, -0.95), (0.3, -0.95), (0.3, -0.3), (0.95, -0.3), (0.95, 0.3), (0.3, 0.3),
    (0.3, 0.95), (-0.3, 0.95), (-0.3, 0.3), (-0.95, 0.3), (-0.95, -0.3), (-0.3, -0.3),
)  # fmt: skip
_ARROW_RIGHT = ((-1.0, -0.3), (0.02, -0.3), (0.02, -0.9), (1.0, 0.0), (0.02, 0.9), (0.02, 0.3), (-1.0, 0.3))
_ARROW_LEFT = tuple((-x, y) for x, y in _ARROW_RIGHT)

# Clutter: open strokes (a line through these points, this half-width) and a blob; none closes into a class.
_STROKES = (
    (((-0.9, 0.0), (0.9, 0.0)), 0.10),
    (((-0.5, 0.0), (0.5, 0.0)), 0.22),
    (((-0.9, 0.3), (-0.45, -0.3), (0.0, 0.3), (0.45, -0.3), (0.9, 0.3)), 0.09),
    (((-0.9, 0.2), (-0.6, -0.1), (-0.2, -0.1), (0.2, 0.15), (0.6, 0.1), (0.9, -0.2)), 0.13),
    (((-0.7, -0.6), (0.5, -0.6), (0.5, 0.7)), 0.11),
    (((-0.9, 0.35), (-0.5, -0.1), (0.0, -0.25), (0.5, -0.1), (0.9, 0.35)), 0.12),
)
_BLOB = ((-0.4, 0.1, 0.42), (0.15, -0.12, 0.5), (0.55, 0.22, 0.3))  # x, y, radius of overlapping discs
_DOTS = ((-0.6, 0.3, 0.16), (0.0, -0.3, 0.22), (0.6, 0.2, 0.12))
CLUTTER_KINDS = len(_STROKES) + 2


def _disc(x: np.ndarray, y: np.ndarray, cx: float, cy: float, radius: float) -> np.ndarray:
    return np.sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy)) - radius


def _segment(x: np.ndarray, y: np.ndarray, a: tuple[float, float], b: tuple[float, float]) -> np.ndarray:
    """Distance to the line from a to b."""
    (ax, ay), (dx, dy) = a, (b[0] - a[0], b[1] - a[1])
    along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    return _disc(x - along * dx, y - along * dy, ax, ay, 0.0)


def _polygon(x: np.ndarray, y: np.ndarray, corners: tuple[tuple[float, float], ...], rounding: float) -> np.ndarray:
    """Signed distance to a polygon whose corners are rounded by this radius."""
    distance = np.full(x.shape, np.inf)
    inside = np.zeros(x.shape, dtype=bool)
    for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
        distance = np.minimum(distance, _segment(x, y, a, b))
        if a[1] != b[1]:  # does a line from the point to the right cross this side?
            crosses = (a[1] > y) != (b[1] > y)
            inside ^= crosses & (x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]))
    return np.where(inside, -distance, distance) - rounding


def _heart(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A square that stands on a corner, and a disc on each of its upper sides."""
    side = 0.62
    square = _polygon(x, y, ((0.0, -0.75), (0.87, 0.12), (0.0, 0.99), (-0.87, 0.12)), 0.03)
    return np.minimum(square, np.minimum(_disc(x, y, 0.435, -0.315, side), _disc(x, y, -0.435, -0.315, side)))


def _stroke(x: np.ndarray, y: np.ndarray, points: tuple[tuple[float, float], ...], width: float) -> np.ndarray:
    pieces = [_segment(x, y, a, b) for a, b in pairwise(points)]
    return np.minimum.reduce(pieces) - width


def _discs(x: np.ndarray, y: np.ndarray, discs: tuple[tuple[float, float, float], ...]) -> np.ndarray:
    return np.minimum.reduce([_disc(x, y, *disc) for disc in discs])


@lru_cache(maxsize=4)
def fields(resolution: int) -> np.ndarray:
    """All distance fields, one after the other: the ten classes, then the kinds of clutter.

    Args:
        resolution: samples along each side.

    Returns:
        float32, shape (10 + CLUTTER_KINDS, resolution, resolution), read-only.
    """
    axis = (np.arange(resolution) + 0.5) * (2 * REACH / resolution) - REACH
    x, y = np.meshgrid(axis, axis)
    classes = {
        "circle": _disc(x, y, 0.0, 0.0, 0.95),
        "ring": np.abs(_disc(x, y, 0.0, 0.0, 0.75)) - 0.22,
        "square": _polygon(x, y, _SQUARE, 0.06),
        "triangle": _polygon(x, y, _TRIANGLE, 0.08),
        "star": _polygon(x, y, _STAR, 0.04),
        "heart": _heart(x, y),
        "crescent": np.maximum(_disc(x, y, 0.1, 0.0, 1.0), -_disc(x, y, 0.62, 0.0, 0.86)),
        "cross": _polygon(x, y, _CROSS, 0.05),
        "arrow_left": _polygon(x, y, _ARROW_LEFT, 0.05),
        "arrow_right": _polygon(x, y, _ARROW_RIGHT, 0.05),
    }
    clutter = [_stroke(x, y, *stroke) for stroke in _STROKES] + [_discs(x, y, _BLOB), _discs(x, y, _DOTS)]
    stack = np.stack([classes[name] for name in CLASS_NAMES] + clutter).astype(np.float32)
    stack.flags.writeable = False
    return stack
