"""What is tested on Unix only is marked by name, with its reason; `pytest --collect-only -m unix_only` lists it."""

import sys

import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        for mark in item.iter_markers("unix_only"):
            if len(mark.args) != 1 or not isinstance(mark.args[0], str) or not mark.args[0].strip():
                raise pytest.UsageError(
                    f"{item.nodeid}: unix_only needs its reason, as in unix_only('no signals there')."
                )
            if sys.platform == "win32":
                item.add_marker(pytest.mark.skip(reason=f"on Unix only: {mark.args[0]}"))
