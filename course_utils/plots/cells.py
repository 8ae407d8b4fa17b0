"""One unit of a recurrent layer with gates as a drawing: what is kept, what is written, with its numbers."""

import math

from matplotlib import pyplot as plt
from matplotlib.patches import Circle, Rectangle

from course_utils.plots.networks import short
from course_utils.plots.picture import COLOURS, Picture, canvas, picture

__all__ = ["gated_cell"]

WIDE, HIGH = 0.95, 0.5  # half of a box, in the drawing's own unit
ROUND = 0.3  # radius of a circle with a sign
INCHES = 0.6  # of one such unit
TIMES, MINUS = "\N{MULTIPLICATION SIGN}", "\N{MINUS SIGN}"


def gated_cell(
    old: float,
    candidate: float,
    *,
    keep: float,
    write: float | None = None,
    read: float | None = None,
    caption: str = "",
) -> Picture:
    """How one number flows through a step of a GRU or, where `write` and `read` are given, of an LSTM.

    Args:
        old: what was there before the step, in the state of a GRU or in the cell of an LSTM.
        candidate: what may be written, from -1 to 1.
        keep: the share of the old value that is kept, 0 to 1: the update gate of a GRU, the forget gate of an LSTM.
        write: the share of the candidate that is written: the input gate of an LSTM. A GRU writes 1 - keep.
        read: the share of the cell that shows in the state: the output gate of an LSTM.

    Example:
        >>> gated_cell(0.5, -1, keep=0.9)  # doctest: +SKIP
    """
    lstm = write is not None
    memory, share = ("cell", write) if lstm else ("state", 1 - keep)
    new = keep * old + share * candidate
    right = 13.4 if lstm else 8.8
    figure, axis = canvas(width=INCHES * (right + 1.7), height=INCHES * 5)
    axis.axis("off")
    axis.set_xlim(-1.7, right)
    axis.set_ylim(-2.1, 2.9)
    axis.set_aspect("equal")
    _mix(axis, memory, old, candidate, keep, share)
    words = (
        f"A cell with gates. Keep {short(keep)} of the old {memory} {short(old)} is {short(keep * old)}; "
        f"write {short(share)} of the candidate {short(candidate)} is {short(share * candidate)}; "
        f"the sum, {short(new)}, is the new {memory}"
    )
    if lstm:
        _show(axis, new, read)
        seen = math.tanh(new)
        words += f"; its tanh, {short(seen)}, times read {short(read)} is the new state, {short(read * seen)}"
    return picture(figure, alt=f"{words}.", caption=caption)


def _mix(axis: plt.Axes, memory: str, old: float, candidate: float, keep: float, share: float) -> None:
    """From the old value and the candidate to the new value: the part that GRU and LSTM have in common."""
    lstm = memory == "cell"
    _box(axis, 0, 0, f"old {memory}", old)
    _box(axis, 1.9, 1.45, "forget gate\nkeep" if lstm else "update gate\nkeep", keep, gate=True)
    _box(axis, 1.9, -1.45, "candidate", candidate)
    _box(axis, 6.7, -1.45, "input gate\nwrite" if lstm else f"1 {MINUS} keep", share, gate=True)
    _box(axis, 6.7, 0, f"new {memory}", keep * old + share * candidate)
    _sign(axis, 1.9, 0, TIMES)
    _sign(axis, 4.4, -1.45, TIMES)
    _sign(axis, 4.4, 0, "+")
    _arrow(axis, (WIDE, 0), (1.9 - ROUND, 0))
    _arrow(axis, (1.9, 1.45 - HIGH), (1.9, ROUND))
    _arrow(axis, (1.9 + ROUND, 0), (4.4 - ROUND, 0), keep * old)
    _arrow(axis, (1.9 + WIDE, -1.45), (4.4 - ROUND, -1.45))
    _arrow(axis, (6.7 - WIDE, -1.45), (4.4 + ROUND, -1.45))
    _arrow(axis, (4.4, -1.45 + ROUND), (4.4, -ROUND), share * candidate)
    _arrow(axis, (4.4 + ROUND, 0), (6.7 - WIDE, 0))
    _inputs(axis, (1.9, 2.55), (1.9, 2.35), (1.9, 1.45 + HIGH), "line, old state")
    seen = "line,\nold state" if lstm else f"line,\nreset gate\n{TIMES} old state"
    _inputs(axis, (-0.75, -1.45), (0.1, -1.45), (1.9 - WIDE, -1.45), seen)
    if lstm:
        _inputs(axis, (9.2, -1.45), (8.4, -1.45), (6.7 + WIDE, -1.45), "line,\nold state")
    else:  # the same gate, round the new state
        axis.plot([1.9 + WIDE, 8.4, 8.4], [1.45, 1.45, -1.45], color="#555555", linewidth=1.3)
        _arrow(axis, (8.4, -1.45), (6.7 + WIDE, -1.45))


def _show(axis: plt.Axes, new: float, read: float) -> None:
    """From the new cell of an LSTM to its new state."""
    _sign(axis, 8.5, 0, "tanh")
    _sign(axis, 10.2, 0, TIMES)
    _box(axis, 10.2, 1.45, "output gate\nread", read, gate=True)
    _box(axis, 12.3, 0, "new state", read * math.tanh(new))
    _arrow(axis, (6.7 + WIDE, 0), (8.5 - ROUND, 0))
    _arrow(axis, (8.5 + ROUND, 0), (10.2 - ROUND, 0), math.tanh(new))
    _arrow(axis, (10.2, 1.45 - HIGH), (10.2, ROUND))
    _arrow(axis, (10.2 + ROUND, 0), (12.3 - WIDE, 0))
    _inputs(axis, (10.2, 2.55), (10.2, 2.35), (10.2, 1.45 + HIGH), "line, old state")


def _box(axis: plt.Axes, across: float, up: float, name: str, value: float, *, gate: bool = False) -> None:
    face = "#FFE08A" if gate else "#EEEEEE"
    corner = (across - WIDE, up - HIGH)
    axis.add_patch(Rectangle(corner, 2 * WIDE, 2 * HIGH, facecolor=face, edgecolor="#555555"))
    space = " " if "\n" in name else "\n"  # two lines in every box
    axis.text(across, up, f"{name}{space}{short(value)}", size=11, ha="center", va="center")


def _sign(axis: plt.Axes, across: float, up: float, sign: str) -> None:
    axis.add_patch(Circle((across, up), ROUND, facecolor="white", edgecolor="#555555"))
    axis.text(across, up, sign, size=9 if len(sign) > 1 else 14, ha="center", va="center")


def _arrow(axis: plt.Axes, start: tuple[float, float], end: tuple[float, float], value: float | None = None) -> None:
    """An arrow across or up, with the number that flows along it above or to the right."""
    look = {"arrowstyle": "->", "color": "#555555", "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
    axis.annotate("", end, start, arrowprops=look)
    if value is None:
        return
    across, up = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    place = (across, up + 0.1, "center", "bottom") if start[1] == end[1] else (across + 0.15, up, "left", "center")
    axis.text(*place[:2], short(value), size=12, color=COLOURS[0], ha=place[2], va=place[3])


def _inputs(
    axis: plt.Axes, place: tuple[float, float], start: tuple[float, float], end: tuple[float, float], names: str
) -> None:
    """What a gate or the candidate is computed from, with an arrow into its box."""
    axis.text(*place, names, size=10, ha="center", va="center")
    _arrow(axis, start, end)
