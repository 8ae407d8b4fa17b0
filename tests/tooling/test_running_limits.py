"""A cell without end and one that fills the memory are stopped, on every system; families: test_running_families.py."""

import re

import pytest
import small_notebooks

from course_utils.tooling import machine, running
from course_utils.tooling.running import run_notebooks

ENDLESS = "import os; open('pid', 'w').write(str(os.getpid()))\nwhile True: pass"
GREEDY = "held = []\nwhile True: held.append(bytearray(20_000_000)); held[-1][::4096] = b'x' * len(held[-1][::4096])"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("limits")
    # A machine that is busy with other things starts kernels slowly, so the limit follows what it does now.
    nothing = run_notebooks([small_notebooks.write(folder / "nothing.ipynb", "1")], out=folder / "out")
    notebooks = [
        small_notebooks.write(folder / "endless.ipynb", "print('before')", ENDLESS),
        small_notebooks.write(folder / "greedy.ipynb", GREEDY),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "MEMORY_SHARE", 1.6e9 / machine.memory())  # 800 MB for each of two
        limit = round(15 + 4 * nothing.notebooks[0].seconds)
        return run_notebooks(notebooks, out=folder / "out", jobs=2, timeout=limit)


def test_what_had_run_before_a_limit_is_kept_the_limit_is_named_and_the_kernel_is_gone(result):
    endless, greedy = result.notebooks
    assert (endless.status, greedy.status) == ("timed out", "out of memory")
    assert re.search(r"stopped after the limit of \d+ s", endless.message)
    assert '"before\\n"' in (result.folder / "notebooks" / "endless.ipynb").read_text()
    assert small_notebooks.gone(int((result.folder / "run" / "endless" / "work" / "pid").read_text()))
    assert "limit of 800 MB" in greedy.message and greedy.peak_memory > 800_000_000
