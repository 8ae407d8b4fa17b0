"""Experiments: compare variants over seeds, here or on a cluster, and train in several processes at once."""

from course_utils.experiments.comparing import compare
from course_utils.experiments.processes import python_with_jax, train_in_processes, train_share

__all__ = ["compare", "python_with_jax", "train_in_processes", "train_share"]
