"""A container's limits are the machine's, in both versions of Linux's control groups."""

import psutil
import pytest

from course_utils.tooling import machine

TOTAL = psutil.virtual_memory().total


@pytest.fixture
def groups(monkeypatch, tmp_path):
    """Write the files of control groups, path to contents; eight cores are there."""

    def write(files):
        for name, contents in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(contents)

    monkeypatch.setattr(machine, "GROUPS", tmp_path)
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    return write


@pytest.mark.parametrize("file", ["memory.max", "memory/memory.limit_in_bytes"])
def test_the_memory_of_a_container_is_the_limit(groups, file):
    groups({file: "1000000\n"})
    assert machine.memory() == machine.available_memory() == 1_000_000


@pytest.mark.parametrize("value", ["max\n", "9223372036854771712\n", "", "-1\n"])
def test_a_group_without_a_limit_leaves_the_machines_memory(groups, value):
    groups({"memory.max": value})
    assert machine.memory() == TOTAL
    assert machine.available_memory() <= TOTAL


@pytest.mark.parametrize(
    ("value", "expected"),
    [("200000 100000\n", 2), ("50000 100000\n", 1), ("max 100000\n", 8), ("900000 100000\n", 8)],
)
def test_a_share_of_the_processor_is_the_limit(groups, value, expected):
    groups({"cpu.max": value})
    assert machine.cores() == expected


@pytest.mark.parametrize(("quota", "expected"), [("300000", 3), ("-1", 8), ("1000", 1)])
def test_the_same_in_version_1(groups, quota, expected):
    groups({"cpu/cpu.cfs_quota_us": quota, "cpu/cpu.cfs_period_us": "100000"})
    assert machine.cores() == expected
