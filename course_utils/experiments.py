"""Comparing variants fairly: the same seeds for each, every figure kept."""

import os
from collections.abc import Callable, Mapping, Sequence

from tqdm.auto import tqdm

__all__ = ["compare"]


def compare(variants: Mapping[str, Callable[[int], float]], *, seeds: Sequence[int]) -> dict[str, list[float]]:
    """Run each variant once for every seed.

    Seeds go in the outer loop, so that a run that is interrupted, or a machine that slows down, touches all variants
    alike. Lesson 01 writes this loop out.

    Args:
        variants: name to a function that takes a seed, trains, and returns one figure.
        seeds: the seeds; three or more where the outcome is to be called better or worse.

    Returns:
        Name to its figures, in the order of the seeds.

    Raises:
        ValueError: there are no variants or no seeds.
    """
    if not variants or len(seeds) == 0:
        raise ValueError(
            f"At least one variant and one seed are needed. Received {len(variants)} variants, {len(seeds)} seeds."
        )
    scores: dict[str, list[float]] = {name: [] for name in variants}
    runs = [(seed, name) for seed in seeds for name in variants]
    for seed, name in tqdm(runs, desc="runs", disable=bool(os.environ.get("COURSE_HEADLESS")), leave=False):
        scores[name].append(float(variants[name](seed)))
    return scores
