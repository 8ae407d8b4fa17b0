"""What lesson 02 claims, with the bounds and how each figure follows from the lesson's variables."""

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]

CLAIMS = (
    Claim(
        "02.c1",
        "On the rings, two layers and a bend get at least 25 points more right than three layers without.",
        lambda stack_accuracy, bent_accuracy: bent_accuracy - stack_accuracy,
        at_least=0.25,
    ),
    Claim(
        "02.c2",
        "All 13 gradients of the small network agree with measured slopes to 0.0001.",
        lambda backwards, measured: np.abs(np.array(backwards) - np.array(measured)).max(),
        at_most=1e-4,
        bounds={"smoke": 1e-4},
    ),
    Claim(
        "02.c3",
        "With Adam at the rate 0.0001, the loss on the rings stays at least ten times that at the rate 0.1.",
        lambda end_losses: np.divide(end_losses["Adam"][:, 0], end_losses["Adam"][:, 3]),
        at_least=10,
    ),
    Claim(
        "02.c4",
        "After twenty equal steps on photographs, Keras and our lines differ in no loss by more than 0.001.",
        lambda our_losses, keras_losses: np.abs(np.subtract(our_losses, keras_losses)).max(),
        at_most=1e-3,
        bounds={"smoke": 1e-3},
    ),
)
