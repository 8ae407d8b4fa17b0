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
        "With batch normalisation two devices have not, within five steps.",
        lambda bn_differences: float(bn_differences.max()),
        at_least=0.01,
    ),
    Claim(
        "17.c3",
        "They have again when the layer takes the mean of all 64 pictures.",
        lambda synchronized_differences: float(synchronized_differences.max()),
        at_most=0.002,
    ),
    Claim(
        "17.c4",
        "A training that was killed has the losses of one that was not.",
        lambda killed_apart: float(killed_apart),
        at_most=0.005,
        bounds={"smoke": 0.005},
    ),
    Claim(
        "17.c5",
        "Two processes with Keras on JAX have the losses of one for five steps, also with batch normalisation.",
        lambda figures: [float(np.abs(np.subtract(*two.values()))[:5].max()) for two in figures["losses"].values()],
        at_most=0.001,
        record="17_processes",
        note="First asked of all steps, with 0.005; with batch normalisation it did not hold: rounding had made 0.06.",
    ),
)
