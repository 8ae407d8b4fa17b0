"""How much a run does: smoke runs every line in seconds, quick teaches, full uses everything."""

__all__ = ["DEFAULT", "NAMES"]

NAMES = ("smoke", "quick", "full")
DEFAULT = "quick"  # what a notebook does when nobody sets anything
