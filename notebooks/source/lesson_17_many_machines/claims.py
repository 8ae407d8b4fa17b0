"""What lesson 17 claims, with the bounds and how each figure follows from the lesson's variables."""

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


CLAIMS = (
    Claim(
        "17.c1",
        "Two processes have the losses of one, in every step.",
        lambda apart: float(apart),
        at_most=0.005,
        bounds={"smoke": 0.005},
    ),
    Claim(
        "17.c2",
        "With batch normalisation they have not, within the first five steps.",
        lambda bn_differences: float(bn_differences[:5].max()),
        at_least=0.01,
        note="First asked of all steps, with 0.05; there, rounding alone makes as much.",
    ),
    Claim(
        "17.c3",
        "A training that was killed has the losses of one that was not.",
        lambda killed_apart: float(killed_apart),
        at_most=0.005,
        bounds={"smoke": 0.005},
    ),
    Claim(
        "17.c4",
        "With Keras on JAX they have, in the first five steps, also with batch normalisation.",
        lambda figures: [float(np.abs(np.subtract(*two.values()))[:5].max()) for two in figures["losses"].values()],
        at_most=0.001,
        record="17_processes",
        note="First asked of all steps, with 0.005; with batch normalisation it did not hold: rounding had made 0.06.",
    ),
)
