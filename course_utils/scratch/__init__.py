"""Written out in NumPy, short enough to read."""

from course_utils.scratch import optimisers

__all__ = ["optimisers"]
