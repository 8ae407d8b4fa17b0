"""Training: fit in a given time, show how far it is, and start a compiled model afresh without building it again."""

from course_utils.training.fast import fit_fast
from course_utils.training.progress import Progress
from course_utils.training.resetting import reset

__all__ = ["Progress", "fit_fast", "reset"]
