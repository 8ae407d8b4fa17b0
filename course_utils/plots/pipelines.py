"""The steps of a network as a row of boxes, with the ways that lead round some of them."""

from collections.abc import Sequence

from matplotlib import pyplot as plt
from matplotlib.patches import Circle, Rectangle

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["pipeline"]

APART = 1.2  # from the middle of one step to that of the next, in inches
WIDE, HIGH, ROUND, ROOF = 0.46, 0.36, 0.17, 0.62  # half of a box; radius of a circle; how high a way round lies
LINE = {"color": "#555555", "linewidth": 1.3}


def pipeline(steps: Sequence[str], *, ways_round: Sequence[tuple[int, int]] = (), caption: str = "") -> Picture:
    """Steps from left to right, each handing on to the next; such as the layers of a network.

    Args:
        steps: the text of each box, in short lines; "+" is a circle, in which two things are added.
        ways_round: pairs (first, last) of numbers of steps, counted from 0: what comes into the step `first` also
            goes round it, and all that follow, to the step `last`. A residual connection ends in a "+".
        caption: what to notice.

    Raises:
        ValueError: there are no steps, or a way round does not lead from a later step than the first one, forward.

    Example:
        >>> pipeline(["rows", "attention", "+"], ways_round=[(1, 2)])  # doctest: +SKIP
    """
    if not steps:
        raise ValueError("Expected at least one step to draw. Received: none.")
    for first, last in ways_round:
        if not 0 < first < last < len(steps):
            raise ValueError(f"Expected ways round from a step to a later one. Received: {(first, last)}.")
    figure, axis = canvas(width=APART * len(steps), height=1.6 if ways_round else 1.0)
    axis.axis("off")
    axis.set_xlim(-0.6, APART * len(steps) - 0.6)
    axis.set_ylim(-0.45, ROOF + 0.1 if ways_round else 0.45)
    axis.set_aspect("equal")
    for number, step in enumerate(steps):
        _step(axis, APART * number, step)
        if number:
            start, end = APART * (number - 1) + _half(steps[number - 1]), APART * number - _half(step)
            axis.annotate("", (end, 0), (start, 0), arrowprops=_arrow())
    for first, last in ways_round:
        leaves, enters = APART * (first - 0.5), APART * last
        axis.plot([leaves, leaves, enters], [0, ROOF, ROOF], **LINE)
        axis.annotate("", (enters, _half(steps[last], up=True)), (enters, ROOF), arrowprops=_arrow())
    words = ", then ".join(" ".join(step.split()) for step in steps)
    for first, last in ways_round:
        words += f"; what enters step {first + 1} also goes round to step {last + 1}"
    return picture(figure, alt=f"Steps from left to right: {words}.", caption=caption)


def _half(step: str, *, up: bool = False) -> float:
    """From the middle of a step to its edge."""
    return ROUND if step == "+" else HIGH if up else WIDE


def _arrow() -> dict[str, object]:
    return {"arrowstyle": "->", "shrinkA": 0, "shrinkB": 0, **LINE}


def _step(axis: plt.Axes, across: float, step: str) -> None:
    if step == "+":
        axis.add_patch(Circle((across, 0), ROUND, facecolor="white", edgecolor="#555555"))
    else:
        corner = (across - WIDE, -HIGH)
        axis.add_patch(Rectangle(corner, 2 * WIDE, 2 * HIGH, facecolor="#EEEEEE", edgecolor="#555555"))
    axis.text(across, 0, step, size=14 if step == "+" else 10, ha="center", va="center")
