"""From program C to the recipe on `shapes`, one remedy a rung: after how many seconds are 80 and 90 % right?

Seconds are processor seconds over all threads (recorded with one), without compiling and without looking at the
validation pictures; so they are about the same whatever else the machine does.
"""

from course_utils import datasets
from course_utils.training.rungs import climb, seconds_to

TINY = {"images": 256, "held": 50, "seeds": 1, "first": 2, "longest": 1, "longest_cycle": 1, "chosen_after": 1}
LENGTHS = (1, 2, 3, 4, 6, 8)  # passes, each a training of its own where the rate falls to zero


def main(
    images: int = 4000,
    held: int = 1000,
    seeds: int = 3,
    first: int = 24,
    longest: int = 12,
    longest_cycle: int = 8,
    chosen_after: int = 4,
) -> dict:
    """Figures: rung to its rate, to passes, seconds and accuracies of each run, and to the seconds to each target."""
    data = datasets.load("shapes", train=images, validation=held, test=10, size=24, quiet=True)
    lengths = [length for length in LENGTHS if length <= longest_cycle]
    passes = {"first": first, "longest": longest, "lengths": lengths, "chosen_after": chosen_after}
    rates, runs = climb(data, seeds=range(seeds), **passes)
    to = {str(target): seconds_to(target, runs) for target in (0.8, 0.9)}
    figures = {"images": images, "rates": rates, "runs": runs, "seconds to": to}
    return {"figures": figures, "data": f"{data.card.label}, {images:,} training pictures", "seeds": range(seeds)}
