"""A plugin beside nbval: a notebook stops at its first failing cell, and a dead kernel is noticed within a second.

nbval by itself runs the cells after a failing one, which fail for reasons of their own, and waits for the answer of a
dead kernel until the cell's time limit.
"""

import time
from queue import Empty

import pytest

LOOK_SECONDS = 1.0


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    failed = getattr(item.parent, "first_failure", None)
    if failed:
        pytest.skip(f"{failed} of this notebook failed")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    kernel = getattr(item.parent, "kernel", None)
    if kernel is not None and not getattr(kernel, "watched", False):
        kernel.get_message = _watching(kernel)
        kernel.watched = True


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        item.parent.first_failure = item.name


def _watching(kernel):
    """The kernel's `get_message`, which in between looks whether the kernel is alive."""
    wait_for = kernel.get_message

    def get_message(stream, timeout=None):
        until = float("inf") if timeout is None else time.monotonic() + timeout
        while True:
            try:
                return wait_for(stream, timeout=max(0.0, min(LOOK_SECONDS, until - time.monotonic())))
            except Empty:
                if not kernel.is_alive():
                    raise RuntimeError("The kernel died: it was killed, or it crashed.") from None
                if time.monotonic() >= until:
                    raise

    return get_message
