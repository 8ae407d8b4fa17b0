"""What a recorded ladder says: seconds and accuracy of its rungs, ways of training that each add one remedy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["table"]

TARGET = 0.8  # the accuracy whose seconds are shown, one of those that were recorded


def table(figures: Mapping[str, Any], *names: str, passes: int = 8) -> str:
    """What a recording says of some rungs: seconds and accuracy of equally many passes, and when 80 % are reached.

    Args:
        figures: of the recording: "runs", rung to its courses, and "seconds to", target to rung to seconds.
        names: of the rungs, a line each.
        passes: after which seconds and accuracy are read; both are medians over the starts.

    Raises:
        ValueError: a rung was not looked at after as many passes.
    """
    width, taken, until = max(map(len, names)), f"seconds for {passes} passes", f"seconds to {100 * TARGET:.0f} %"
    lines = [f"{'':{width}}  {taken}  right then  {until}"]
    for name in names:
        points = [point for run in figures["runs"][name] for point in run if point[0] == passes]
        if not points:
            known = sorted({point[0] for run in figures["runs"][name] for point in run})
            raise ValueError(f"Expected passes after which {name!r} was looked at, one of {known}. Received: {passes}.")
        _, seconds, right = np.median(points, axis=0)
        arrived = ["never" if one is None else f"{one:.1f}" for one in figures["seconds to"][str(TARGET)][name]]
        lines.append(f"{name:{width}}  {seconds:{len(taken)}.1f}  {100 * right:8.1f} %  {', '.join(arrived)}")
    return "\n".join(lines)
