"""How far training has come, by the clock or by the step, and how large its steps are there."""

import time

__all__ = ["Budget", "one_cycle"]

WARM_UP = 0.25  # the part of training in which the learning rate rises


def one_cycle(progress: float) -> float:
    """The learning rate at one moment, as a share of the highest: a straight line up, then one down to zero.

    Starting low keeps the first steps, from random weights, from doing harm; ending at zero lets the weights settle.
    Source: Smith and Topin, "Super-Convergence", 2017.

    Args:
        progress: the part of training that is over, from 0 to 1.
    """
    if progress < WARM_UP:
        return progress / WARM_UP
    return max(0.0, (1 - progress) / (1 - WARM_UP))


class Budget:
    """What training may use: a number of steps, or seconds of wall clock.

    By the clock, the time of a step is measured as training goes on, so the schedule fits into the budget whatever the
    machine does meanwhile, and the last step is the last one that still fits. The schedule starts after the first
    step, which compiles.

    Args:
        steps: how many steps; None if the clock decides.
        seconds: how many seconds; None if the steps decide.
        started: the clock (`time.perf_counter()`) when training was asked for, so that preparing counts.
        reserve: seconds that are kept for what comes after the last step.
    """

    def __init__(self, *, steps: int | None, seconds: float | None, started: float, reserve: float = 0.0) -> None:
        self._steps, self._started = steps, started
        self._seconds = None if seconds is None else max(seconds - reserve, 1e-3)
        self._done, self._first_ended = 0, 0.0

    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._started

    def progress(self) -> float:
        """The part that is over, from 0 to 1."""
        if self._seconds is None:
            return self._done / self._steps
        if self._done == 0:
            return 0.0
        left = max(self._seconds - self._first_ended, 1e-3)
        return min(1.0, (self.elapsed() - self._first_ended) / left)

    def is_spent(self) -> bool:
        """Whether another step does not fit any more. At least two steps are always taken."""
        if self._seconds is None:
            return self._done >= self._steps
        return self._done >= 2 and self.elapsed() + self._step_seconds() / 2 > self._seconds

    def step_done(self) -> None:
        """Count a step."""
        self._done += 1
        if self._done == 1:
            self._first_ended = self.elapsed()

    def _step_seconds(self) -> float:
        return (self.elapsed() - self._first_ended) / max(1, self._done - 1)
