"""What holds for all tests.

What is tested on Unix only is marked by name, with its reason; `pytest --collect-only -m unix_only` lists it.
"""

import os
import shutil
import sys

import hypothesis
import pytest

# How long one example takes says something about the machine's load, and nothing about the code.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")
# For tests/mutants.py: that a fault is noticed is enough; the smallest example of it takes many times as long.
SEEN = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
hypothesis.settings.register_profile("mutants", deadline=None, database=None, phases=SEEN)


@pytest.fixture(scope="session")
def bound():
    """What a command begins with so that the rights of files bind it, also where an administrator runs the tests."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("no right binds the administrator")
    powers = "-dac_override,-dac_read_search"  # to read and write what belongs to others, whatever its rights say
    return ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}"]


# Files that take minutes: begun last, one of them would keep one worker busy while the others have nothing to do.
LONGEST = ("test_recorded_scripts.py", "test_take_home.py", "test_running_families.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    for item in items:
        for mark in item.iter_markers("unix_only"):
            if len(mark.args) != 1 or not isinstance(mark.args[0], str) or not mark.args[0].strip():
                raise pytest.UsageError(
                    f"{item.nodeid}: unix_only needs its reason, as in unix_only('no signals there')."
                )
            if sys.platform == "win32":
                item.add_marker(pytest.mark.skip(reason=f"on Unix only: {mark.args[0]}"))
