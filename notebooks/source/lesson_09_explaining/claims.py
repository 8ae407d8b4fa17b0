"""What lesson 09 claims, with the bounds and how each figure follows from the lesson's variables."""

from collections.abc import Sequence

from course_utils.claims import Claim

__all__ = ["CLAIMS"]


def _in_its_half(left: Sequence[float]) -> float:
    """The lower of two shares: the cat's map in the left half, the cup's in the right one."""
    return min(left[0], 1 - left[2])


CLAIMS = (
    Claim(
        "09.c1",
        "Asked about cat or cup, at least three quarters of what speaks for it lie in that half of the picture.",
        _in_its_half,
        at_least=0.75,
        note="set after a trial on the same two photographs",
    ),
    Claim(
        "09.c2",
        "In at least 80 % of the maps of new birds the network that learned with stamps points at the stamp.",
        lambda cheat_in_corner: cheat_in_corner,
        at_least=0.8,
    ),
    Claim(
        "09.c3",
        "The stamp makes that network call at least 50 points more of the mammals birds.",
        lambda stamped_mammals_called, mammals_called: stamped_mammals_called - mammals_called,
        at_least=0.5,
    ),
    Claim(
        "09.c4",
        "On ImageNet features, stamp on half: it moves the mammals called birds by at most 15 points, up or down.",
        lambda mended_effect: abs(mended_effect),
        at_most=0.15,
        note="set after a run with another half stamped, which gave 8 points down; before, the claim had one side",
    ),
)
