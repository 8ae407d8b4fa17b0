"""A container's limits are the machine's, in both versions of Linux's control groups."""

import psutil
import pytest

from course_utils.tooling import machine

TOTAL = psutil.virtual_memory().total


def test_the_cores_are_those_that_this_process_may_use(monkeypatch):
    assert 1 <= machine.cores() <= psutil.cpu_count()
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")  # how joblib is told of a smaller share
    assert machine.cores() == 1


@pytest.mark.parametrize("file", ["memory.max", "memory/memory.limit_in_bytes"])
@pytest.mark.parametrize(
    ("written", "bytes_"),
    [("1000000\n", 1_000_000), *((none, TOTAL) for none in ("max\n", "9223372036854771712\n", "", "-1\n"))],
)
def test_the_memory_of_a_container_is_the_limit(monkeypatch, tmp_path, file, written, bytes_):
    monkeypatch.setattr(machine, "GROUPS", tmp_path)
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(written)
    assert machine.memory() == bytes_ >= machine.available_memory()
