"""What lesson 11 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _others_named(figures: dict[str, Any]) -> list[float]:
    """The chance of guacamole of the nine photographs that are not the cat, on our network, from bytes."""
    return [found["ours, toward guacamole"]["guacamole"] for name, found in figures.items() if name != "chelsea"]


def _gain(figures: dict[str, Any]) -> np.ndarray:
    """Accuracy under attacks of 8 grey levels, adversarial minus plain, one difference a start."""
    plain, adversarial = (np.array(figures[name]["attacked"])[:, 3] for name in ("plain", "adversarial"))
    return adversarial - plain


def _price(figures: dict[str, Any]) -> np.ndarray:
    """Accuracy on untouched pictures, plain minus adversarial, one difference a start."""
    plain, adversarial = (np.array(figures[name]["attacked"])[:, 0] for name in ("plain", "adversarial"))
    return plain - adversarial


def _longer_step_does_less(epsilons: list[float], after_one_step: list[float]) -> float:
    return after_one_step[epsilons.index(8)] - after_one_step[epsilons.index(2)]


CLAIMS = (
    Claim(
        "11.c1",
        "Four grey levels by plan leave at least 70 points less of the cat than four by coins.",
        lambda cat_noisy, cat_in_file: cat_noisy - cat_in_file,
        at_least=0.7,
    ),
    Claim(
        "11.c2",
        "One step of 8 grey levels leaves at least 3 points more of the cat than one of 2.",
        _longer_step_does_less,
        at_least=0.03,
    ),
    Claim(
        "11.c3",
        "Each of nine other photographs, stored as whole numbers, is guacamole with at least 90 %.",
        _others_named,
        at_least=0.9,
        record="11_photographs",
    ),
    Claim(
        "11.c4",
        "Attacked by 8 grey levels, the adversarially trained network is right at least 15 points more often.",
        _gain,
        at_least=0.15,
        record="11_defence",
    ),
    Claim(
        "11.c5",
        "On untouched pictures it is right at least 2 points less often.",
        _price,
        at_least=0.02,
        record="11_defence",
    ),
)
