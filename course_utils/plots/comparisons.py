"""Variants side by side, every seed shown."""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.plots.picture import Picture, canvas, picture

__all__ = ["comparison"]


def comparison(
    scores: Mapping[str, Sequence[float]], *, label: str = "accuracy", caption: str = "", chance: float | None = None
) -> Picture:
    """One row a variant: a dot for each seed and a bar at the mean.

    Args:
        scores: name of a variant to its figures, one a seed.
        label: what the figures are, with their unit.
        caption: what to notice.
        chance: what guessing gives, drawn as a dotted line, or None.

    Returns:
        The picture, variants in the order given, the first at the top.

    Raises:
        ValueError: a variant has no figures.
    """
    empty = [name for name, values in scores.items() if len(values) == 0]
    if empty or not scores:
        raise ValueError(f"Each variant needs at least one figure. Without: {', '.join(empty) or 'no variant given'}.")
    figure, axis = canvas(width=7, height=0.42 * len(scores) + 1)
    words = []
    for row, (name, values) in enumerate(scores.items()):
        mean = float(np.mean(values))
        axis.plot(values, [row] * len(values), "o", color="#0072B2", alpha=0.7, markersize=6)
        axis.plot([mean, mean], [row - 0.3, row + 0.3], color="#D55E00", linewidth=3)
        words.append(f"{name} {mean:.3f} (from {min(values):.3f} to {max(values):.3f})")
    if chance is not None:
        axis.axvline(chance, linestyle=":", color="black", label="chance")
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    axis.set_yticks(range(len(scores)), list(scores))
    axis.set_ylim(len(scores) - 0.5, -0.5)
    axis.set_xlabel(f"{label} (dots: seeds, bar: mean)")
    return picture(figure, alt=f"{label} of {len(scores)} variants: {'; '.join(words)}.", caption=caption)
