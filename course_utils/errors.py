"""Errors for whoever uses the course: the message says what is wrong and what to do, and no traceback is needed."""

__all__ = ["CourseError", "WrongUse"]


class CourseError(Exception):
    """Something could not be done. The command line shows the message alone and ends with status 1."""


class WrongUse(CourseError):
    """What was asked for does not exist or is not allowed, and nothing was done. The command line ends with 2."""
