"""What has no end of its own is ended: time, memory, and the whole family of processes with it."""

import psutil
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
    limit = round(5 + 3 * nothing.notebooks[0].seconds)
    notebooks = [
        small_notebooks.write(folder / "endless.ipynb", "print('before')", ENDLESS),
        small_notebooks.write(folder / "greedy.ipynb", GREEDY),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "MEMORY_SHARE", 1e9 / machine.memory())  # 500 MB for each of two
        return run_notebooks(notebooks, out=folder / "out", jobs=2, timeout=limit)


def test_a_cell_without_end_is_stopped_with_its_kernel(result):
    endless = result.notebooks[0]
    assert endless.status == "timed out" and "stopped after the limit of" in endless.message
    kernel = int((result.folder / "run" / "endless" / "work" / "pid").read_text())
    assert not psutil.pid_exists(kernel) or psutil.Process(kernel).status() == psutil.STATUS_ZOMBIE


def test_what_had_run_before_the_limit_is_kept(result):
    assert '"before\\n"' in (result.folder / "notebooks" / "endless.ipynb").read_text()


def test_a_notebook_that_fills_the_memory_is_stopped_above_its_share(result):
    greedy = result.notebooks[1]
    assert greedy.status == "out of memory" and "limit of 500 MB" in greedy.message
    assert greedy.peak_memory > 500_000_000
