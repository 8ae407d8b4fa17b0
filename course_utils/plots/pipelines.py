"""The steps of a network as a row of boxes, with the ways that lead round some of them."""

from collections.abc import Sequence

from matplotlib.patches import Circle, Rectangle

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["pipeline"]

APART = 1.2  # from the middle of one step to that of the next, in inches
WIDE, HIGH, ROUND, ROOF = 0.46, 0.36, 0.17, 0.62  # half of a box; radius of a circle; how high a way round lies
LINE = {"color": "#555555", "linewidth": 1.3}
ARROW = {"arrowstyle": "->", "shrinkA": 0, "shrinkB": 0, **LINE}


def pipeline(steps: Sequence[str], *, ways_round: Sequence[tuple[int, int]] = (), caption: str = "") -> Picture:
    """Steps from left to right, each handing on to the next; such as the layers of a network.

    Args:
        steps: the text of each box, in short lines; "+" is a circle, in which two things are added.
        ways_round: pairs (first, last) of numbers of steps, counted from 0: what comes into the step `first` also
            goes round it, and all that follow, to the step `last`. A residual connection ends in a "+".

    Example:
        >>> pipeline(["rows", "attention", "+"], ways_round=[(1, 2)])  # doctest: +SKIP
    """
    figure, axis = canvas(width=APART * len(steps), height=1.6 if ways_round else 1.0)
    axis.axis("off")
    axis.set_xlim(-0.6, APART * len(steps) - 0.6)
    axis.set_ylim(-0.45, ROOF + 0.1 if ways_round else 0.45)
    axis.set_aspect("equal")
    half = [ROUND if step == "+" else WIDE for step in steps]  # from the middle of a step to its side
    for number, step in enumerate(steps):
        across = APART * number
        if step == "+":
            axis.add_patch(Circle((across, 0), ROUND, facecolor="white", edgecolor="#555555"))
        else:
            corner = (across - WIDE, -HIGH)
            axis.add_patch(Rectangle(corner, 2 * WIDE, 2 * HIGH, facecolor="#EEEEEE", edgecolor="#555555"))
        axis.text(across, 0, step, size=14 if step == "+" else 10, ha="center", va="center")
        if number:
            axis.annotate("", (across - half[number], 0), (across - APART + half[number - 1], 0), arrowprops=ARROW)
    for first, last in ways_round:
        leaves, enters = APART * (first - 0.5), APART * last
        axis.plot([leaves, leaves, enters], [0, ROOF, ROOF], **LINE)
        top = ROUND if steps[last] == "+" else HIGH
        axis.annotate("", (enters, top), (enters, ROOF), arrowprops=ARROW)
    words = ", then ".join(" ".join(step.split()) for step in steps)
    for first, last in ways_round:
        words += f"; what enters step {first + 1} also goes round to step {last + 1}"
    return picture(figure, alt=f"Steps from left to right: {words}.", caption=caption)
