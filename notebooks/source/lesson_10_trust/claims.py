"""What lesson 10 claims, with the bounds and how each figure follows from the lesson's variables."""

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _promised_too_much(confidence: np.ndarray, right: np.ndarray) -> float:
    """Of the answers with 90 % or more: mean confidence minus the share right."""
    sure = confidence >= 0.9
    return confidence[sure].mean() - right[sure].mean()


def _surest_half(right: np.ndarray, order: np.ndarray) -> float:
    return right[order[: len(order) // 2]].mean() - right.mean()


def _times_as_wide(by_thing: np.ndarray, by_picture: np.ndarray) -> float:
    return (by_thing[1] - by_thing[0]) / (by_picture[1] - by_picture[0])


CLAIMS = (
    Claim(
        "10.c1",
        "Answers with a confidence of 90 % or more promise at least 8 points more than they keep.",
        _promised_too_much,
        at_least=0.08,
    ),
    Claim(
        "10.c2",
        "One temperature, from the validation pictures, lowers the calibration error by at least 3 points.",
        lambda error_before, error_after: error_before - error_after,
        at_least=0.03,
    ),
    Claim(
        "10.c3",
        "Of the half of which the machine is surest, at least 5 points more are right than of all.",
        _surest_half,
        at_least=0.05,
    ),
    Claim(
        "10.c4",
        "The interval that counts things is at least 1.5 times as wide as the one that counts pictures.",
        _times_as_wide,
        at_least=1.5,
    ),
    Claim(
        "10.c5",
        "Of the tablet's pictures the machine answers at least 10 points fewer than of the camera's.",
        lambda coverage, tablet_said: coverage - tablet_said.mean(),
        at_least=0.10,
    ),
)
