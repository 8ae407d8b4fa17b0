"""Experiments: compare variants over seeds, here or on a cluster."""

from course_utils.experiments.comparing import compare

__all__ = ["compare"]
