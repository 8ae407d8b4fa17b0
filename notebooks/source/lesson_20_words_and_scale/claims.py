"""What lesson 20 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.reviewing import Claim

__all__ = ["CLAIMS"]


def _lost_by_the_dye(called_elephant: dict[str, float]) -> float:
    """How many points fewer purple elephants are called elephants than those of the worst other colour."""
    others = [share for colour, share in called_elephant.items() if colour != "purple"]
    return 100 * (min(others) - called_elephant["purple"])


def _ahead_of_one_output_a_pair(figures: dict[str, Any]) -> list[float]:
    """Missing pairs after the last pass, in points, one a start: captions minus one output a pair."""
    ours, rival = (np.array(figures[name]["missing"])[:, -1] for name in ("captions", "one output a pair"))
    return (100 * (ours - rival)).tolist()


def _behind_shown(figures: dict[str, Any]) -> list[float]:
    """How many points missing pairs are behind shown ones after the last pass, one a start."""
    seen, missing = (np.array(figures["captions"][which])[:, -1] for which in ("seen", "missing"))
    return (100 * (seen - missing)).tolist()


CLAIMS = (
    Claim(
        "20.c1",
        "Of new pictures of pairs that were never shown, at least ten times as many are named rightly as by guessing.",
        lambda never_right: 36 * never_right,
        at_least=10,
    ),
    Claim(
        "20.c2",
        "The same scenes: purple elephants are called elephants at least 10 points less often than any others.",
        _lost_by_the_dye,
        at_least=10,
        unit="points",
    ),
    Claim(
        "20.c3",
        "On each start, captions name at least 20 points more of the missing pairs than one output a pair does.",
        _ahead_of_one_output_a_pair,
        at_least=20,
        unit="points",
        record="20_unseen",
    ),
    Claim(
        "20.c4",
        "After the last pass, missing pairs are at least 5 points behind those that were shown, on each start.",
        _behind_shown,
        at_least=5,
        unit="points",
        record="20_unseen",
    ),
)
