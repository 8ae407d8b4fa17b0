"""What lesson 20 claims, with the bounds and how each figure follows from the lesson's variables."""

from typing import Any

import numpy as np

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


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
        "The same scenes: things are named at least 15 points less often in the missing colours than in the others.",
        lambda in_missing, in_others: in_others - in_missing,
        at_least=15,
        unit="points",
        note="set after a run in which half of the missing pairs were named; of purple elephants alone it did not hold",
    ),
    Claim(
        "20.c3",
        "After the last pass, missing pairs are at least 5 points behind those that were shown, on each start.",
        _behind_shown,
        at_least=5,
        unit="points",
        record="20_unseen",
    ),
)
