"""The benchmark of `course bench`: the reference programs against `training.fit_fast`, and the race on flowers."""

__all__ = []
