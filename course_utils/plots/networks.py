"""Networks as drawings: every arrow with its weight and gradient, or the steps in a row with the ways round them."""

from collections.abc import Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Circle, Rectangle

from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["network", "pipeline", "short"]

APART = 1.7  # units of a layer, in the drawing's own unit
FURTHER = 3.6  # one layer from the next
AT_ITS_END = 0.7  # where on an arrow its number stands: there, arrows from several places lie apart
AT_ITS_START = 0.36  # the same for arrows that meet in one place
BACKWARDS = "#C00000"  # red, the colour of gradients; values and weights have the first of COLOURS

# Of a row of steps.
STEP = 1.2  # from the middle of one step to that of the next, in inches
WIDE, HIGH, ROUND, ROOF = 0.46, 0.36, 0.17, 0.62  # half of a box; radius of a circle; how high a way round lies
LINE = {"color": "#555555", "linewidth": 1.3}
ARROW = {"arrowstyle": "->", "shrinkA": 0, "shrinkB": 0, **LINE}


def network(
    values: Sequence[np.ndarray],
    weights: Sequence[np.ndarray],
    biases: Sequence[np.ndarray],
    *,
    gradients: Sequence[Sequence[np.ndarray]] | None = None,
    names: Sequence[str] = (),
    caption: str = "",
) -> Picture:
    """Circles with values, arrows with weights, and beside each number, in red, the gradient of the loss for it.

    With more than four units in a layer, the numbers on the arrows cannot be read.

    Args:
        values: what each layer holds, the inputs first; arrays (units,).
        weights: of each layer of arrows, (units before, units behind).
        biases: of each layer behind the inputs, (units,).
        gradients: for values, for weights and for biases, three sequences as above; None draws the way forwards alone.
            None in the place of one array, such as that of the inputs, leaves its numbers out.
        names: of the layers, written above them.
    """
    values, weights = [np.atleast_1d(v) for v in values], [np.asarray(w) for w in weights]
    for_values, for_weights, for_biases = gradients or [[None] * len(some) for some in (values, weights, biases)]
    tallest = max(map(len, values)) * APART
    figure, axis = canvas(width=9, height=tallest + 0.9)
    axis.axis("off")
    axis.set_xlim(-0.9, FURTHER * (len(values) - 1) + 0.9)
    axis.set_ylim(-tallest / 2 - 0.15, tallest / 2 + (0.4 if names else 0.1))
    axis.set_aspect("equal")
    spots = [[(FURTHER * k, APART * ((len(v) - 1) / 2 - i)) for i in range(len(v))] for k, v in enumerate(values)]
    for k, matrix in enumerate(weights):
        share = AT_ITS_START if matrix.shape[1] == 1 else AT_ITS_END
        for (i, j), weight in np.ndenumerate(matrix):
            _arrow(axis, spots[k][i], spots[k + 1][j], share, weight, _at(for_weights[k], (i, j)))
    for k, layer in enumerate(values):
        for i, value in enumerate(layer):
            _unit(axis, spots[k][i], value, _at(for_values[k], i))
            if k > 0:
                bias = f"b {short(biases[k - 1][i])}"
                _numbers(axis, *np.add(spots[k][i], (0.0, -0.6)), bias, _at(for_biases[k - 1], i))
    for k, name in enumerate(names):
        axis.text(FURTHER * k, tallest / 2 + 0.05, name, ha="center", size=13, weight="bold")
    layers = [f"layer {k} holds {_of(v, g)}" for k, (v, g) in enumerate(zip(values, for_values, strict=True))]
    arrows = [f"arrows {k}: {_of(w, g)}" for k, (w, g) in enumerate(zip(weights, for_weights, strict=True), start=1)]
    return picture(figure, alt=f"A network. {'; '.join(layers + arrows)}.", caption=caption)


def pipeline(steps: Sequence[str], *, ways_round: Sequence[tuple[int, int]] = (), caption: str = "") -> Picture:
    """Steps from left to right, each handing on to the next; such as the layers of a network.

    Args:
        steps: the text of each box, in short lines; "+" is a circle, in which two things are added.
        ways_round: pairs (first, last) of numbers of steps, counted from 0: what comes into the step `first` also
            goes round it, and all that follow, to the step `last`. A residual connection ends in a "+".

    Example:
        >>> pipeline(["rows", "attention", "+"], ways_round=[(1, 2)])  # doctest: +SKIP
    """
    figure, axis = canvas(width=STEP * len(steps), height=1.6 if ways_round else 1.0)
    axis.axis("off")
    axis.set_xlim(-0.6, STEP * len(steps) - 0.6)
    axis.set_ylim(-0.45, ROOF + 0.1 if ways_round else 0.45)
    axis.set_aspect("equal")
    half = [ROUND if step == "+" else WIDE for step in steps]  # from the middle of a step to its side
    for number, step in enumerate(steps):
        across = STEP * number
        if step == "+":
            axis.add_patch(Circle((across, 0), ROUND, facecolor="white", edgecolor="#555555"))
        else:
            corner = (across - WIDE, -HIGH)
            axis.add_patch(Rectangle(corner, 2 * WIDE, 2 * HIGH, facecolor="#EEEEEE", edgecolor="#555555"))
        axis.text(across, 0, step, size=14 if step == "+" else 10, ha="center", va="center")
        if number:
            axis.annotate("", (across - half[number], 0), (across - STEP + half[number - 1], 0), arrowprops=ARROW)
    for first, last in ways_round:
        leaves, enters = STEP * (first - 0.5), STEP * last
        axis.plot([leaves, leaves, enters], [0, ROOF, ROOF], **LINE)
        top = ROUND if steps[last] == "+" else HIGH
        axis.annotate("", (enters, top), (enters, ROOF), arrowprops=ARROW)
    words = ", then ".join(" ".join(step.split()) for step in steps)
    for first, last in ways_round:
        words += f"; what enters step {first + 1} also goes round to step {last + 1}"
    return picture(figure, alt=f"Steps from left to right: {words}.", caption=caption)


def _at(array: np.ndarray | None, place: object) -> float | None:
    return None if array is None else np.atleast_1d(array)[place]


def short(number: float) -> str:
    """A number with at most two digits behind the point, as drawings of networks have it."""
    return f"{round(float(number), 2) + 0.0:g}".replace("-", "\N{MINUS SIGN}")  # no minus before a nought


def _arrow(axis: plt.Axes, start: tuple, end: tuple, share: float, weight: float, gradient: float | None) -> None:
    begin, finish = np.add(start, (0.42, 0)), np.add(end, (-0.42, 0))
    axis.annotate("", finish, begin, arrowprops={"arrowstyle": "->", "color": "#999999", "linewidth": 1.3}, zorder=1)
    _numbers(axis, *(begin + share * (finish - begin)), short(weight), gradient)


def _numbers(axis: plt.Axes, across: float, up: float, forwards: str, gradient: float | None) -> None:
    """A number of the way forwards, and to its right, in red and in brackets, the gradient for it."""
    look = {"size": 12, "va": "center", "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}}
    if gradient is None:
        axis.text(across, up, forwards, color=COLOURS[0], ha="center", **look)
        return
    axis.text(across, up, f"{forwards} ", color=COLOURS[0], ha="right", **look)
    axis.text(across, up, f"[{short(gradient)}]", color=BACKWARDS, ha="left", **look)


def _unit(axis: plt.Axes, spot: tuple, value: float, gradient: float | None) -> None:
    axis.add_patch(Circle(spot, 0.42, facecolor="#EEEEEE", edgecolor="#555555", zorder=3))
    across, up = spot
    middle = {"ha": "center", "va": "center", "zorder": 4}
    above = 0.0 if gradient is None else 0.13
    axis.text(across, up + above, short(value), size=13, weight="bold", color=COLOURS[0], **middle)
    if gradient is not None:
        axis.text(across, up - 0.17, f"[{short(gradient)}]", size=11, color=BACKWARDS, **middle)


def _of(numbers: np.ndarray, gradients: np.ndarray | None) -> str:
    written = ", ".join(map(short, np.ravel(numbers)))
    return written if gradients is None else f"{written} with gradients {', '.join(map(short, np.ravel(gradients)))}"
