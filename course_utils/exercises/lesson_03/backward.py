"""Exercise on the backward pass: gradients in one dimension, by hand."""

import numpy as np

from course_utils.exercises.by_hand import numbers_are
from course_utils.exercises.exercise import Exercise, computed

__all__ = ["GRADIENTS"]


def _gradients() -> dict[str, list[int]]:
    g, w, x = [1, 0, 2], [1, -2], [2, -1, 3, 1]
    w_gradient = [sum(g[i] * x[i + u] for i in range(3)) for u in range(2)]
    x_gradient = [g[0] * w[0], g[0] * w[1] + g[1] * w[0], g[1] * w[1] + g[2] * w[0], g[2] * w[1]]
    gradients = {"w": w_gradient, "x": x_gradient}
    return gradients  # noqa: RET504


_W, _X = [8, 1], [1, -2, 2, -4]

GRADIENTS = Exercise(
    id="03.3",
    title="gradients by hand",
    kind="compute by hand",
    prompt="Compute the gradients of a cross-correlation in one dimension for its kernel and its input.",
    stub='gradients = {"w": ..., "x": ...}  # two lists, of 2 and of 4 numbers',
    check=numbers_are(
        {"w": _W, "x": _X},
        mistakes=(
            ("w", [1, 8], "the two are swapped. Weight 0 met the first, second and third value of the signal."),
            ("w", [4, 3], "g is left out. Each pixel counts times the gradient of the output that it helped to make."),
            ("x", [-2, 1, -4, 2], "the kernel is turned round. Signal 0 met weight 0 only, at the first place."),
            ("x", [1, -1, -1, -2], "g is left out. Each weight counts times the gradient of its output."),
            ("x", [4, -7, 1], "those are the outputs y of the forward pass. Asked for is the way back."),
        ),
    ),
    hints=(
        "For each number ask: which outputs did it touch, and times what?",
        "Weight 0 touched y0 through x0, y1 through x1, y2 through x2: its gradient is g0 x0 + g1 x1 + g2 x2.",
        "x1 touched y0 through weight 1 and y1 through weight 0: g0 w1 + g1 w0.",
    ),
    solution=computed(_gradients),
    right=({"w": _W, "x": _X}, {"w": np.array(_W), "x": np.array(_X)}, {"x": tuple(_X), "w": tuple(_W)}),
    wrong=(
        ({"w": [1, 8], "x": _X}, "swapped"),
        ({"w": _W, "x": [-2, 1, -4, 2]}, "turned round"),
        ({"w": [4, 3], "x": _X}, "g is left out"),
        ({"w": _W, "x": [1, -1, -1, -2]}, "g is left out"),
        ({"w": _W, "x": [4, -7, 1]}, "forward pass"),
        ({"w": _W, "x": [1, -2, 2]}, "expected 4 numbers"),
        ({"w": _W, "x": [1, -2, 3, -4]}, "value 2 (from 0)"),
        ({"w": 8, "x": _X}, "expected a list of numbers"),
        (([8, 1], [1, -2, 2, -4]), "Expected a dictionary"),
    ),
)
