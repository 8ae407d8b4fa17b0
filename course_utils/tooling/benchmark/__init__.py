"""The benchmark of `course bench`: reference programs and `training.fit_fast` in turn, on one machine and data."""

__all__ = []
