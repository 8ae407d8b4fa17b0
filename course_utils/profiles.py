"""How much a run does: smoke runs every line in seconds, quick teaches, full uses everything."""

from typing import TypeVar

__all__ = ["DEFAULT", "NAMES", "choose"]

NAMES = ("smoke", "quick", "full")
DEFAULT = "quick"  # what a notebook does when nobody sets anything

Value = TypeVar("Value")


def choose(profile: str, *, smoke: Value, quick: Value, full: Value) -> Value:
    """The value that belongs to a profile.

    Args:
        profile: "smoke", "quick" or "full".
        smoke: taken when every line has to run, in seconds.
        quick: taken by default; small, yet large enough to teach.
        full: taken for the whole experiment, on the benchmark data.

    Returns:
        One of the three values, unchanged.

    Raises:
        ValueError: the profile has another name.

    Example:
        >>> choose("quick", smoke=1, quick=5, full=10)
        5
    """
    values = {"smoke": smoke, "quick": quick, "full": full}
    if profile not in values:
        raise ValueError(f"A profile is one of {', '.join(NAMES)}. Received: {profile!r}.")
    return values[profile]
