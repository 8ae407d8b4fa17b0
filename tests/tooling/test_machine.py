"""A container's limits are the machine's, in both versions of Linux's control groups."""

import psutil
import pytest

from course_utils.tooling import machine

TOTAL = psutil.virtual_memory().total
OWN = {
    2: "0::/box/inner\n",
    1: "9:name=systemd:/\n4:memory:/box/inner\n2:cpu,cpuacct:/box/inner\n0::/\n",
}


@pytest.fixture
def groups(monkeypatch, tmp_path):
    """Write the files of control groups, path to contents, for a process in the group /box/inner; version 1 or 2."""

    def write(version, files):
        for name, contents in files.items():
            path = tmp_path / "groups" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(contents)
        (tmp_path / "own").write_text(OWN[version])

    monkeypatch.setattr(machine, "GROUPS", tmp_path / "groups")
    monkeypatch.setattr(machine, "OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(machine.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    return write


@pytest.mark.parametrize("where", ["", "box/", "box/inner/"])
@pytest.mark.parametrize(("version", "file"), [(2, "memory.max"), (1, "memory/{}memory.limit_in_bytes")])
def test_the_memory_of_a_group_or_of_one_above_it_is_the_limit(groups, version, file, where):
    file = file.format(where) if version == 1 else where + file
    groups(version, {file: "1000000000\n"})
    assert machine.memory() == 1_000_000_000


@pytest.mark.parametrize("value", ["max\n", "9223372036854771712\n", "", "-1\n"])
def test_a_group_without_a_limit_leaves_the_machines_memory(groups, value):
    groups(2, {"box/inner/memory.max": value, "memory.max": value})
    assert machine.memory() == TOTAL
    assert machine.available_memory() <= TOTAL


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 1),
        ("50000 100000\n", 1),
        ("max 100000\n", 8),
        ("900000 100000\n", 8),
    ],
)
def test_a_share_of_the_processor_is_the_limit(groups, value, expected):
    groups(2, {"box/cpu.max": value})
    assert machine.cores() == expected


@pytest.mark.parametrize(("quota", "expected"), [("300000", 3), ("-1", 8), ("1000", 1)])
@pytest.mark.parametrize("folder", ["cpu,cpuacct", "cpu"])
def test_the_same_in_version_1(groups, folder, quota, expected):
    groups(1, {f"{folder}/box/cpu.cfs_quota_us": quota, f"{folder}/box/cpu.cfs_period_us": "100000"})
    assert machine.cores() == expected


def test_the_tightest_of_several_limits_counts(groups):
    groups(
        2, {"memory.max": "5000", "box/memory.max": "3000", "box/inner/memory.max": "4000", "cpu.max": "300000 100000"}
    )
    assert (machine.memory(), machine.cores()) == (3000, 3)


@pytest.mark.parametrize(
    ("version", "stat"), [(2, "inactive_file 400"), (1, "inactive_file 1\ntotal_inactive_file 400")]
)
def test_what_files_hold_in_memory_is_available(groups, version, stat):
    names = {2: ("memory.max", "memory.current", ""), 1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory/")}
    limit, used, where = names[version]
    where += "box/inner/"
    groups(version, {where + limit: "1000", where + used: "900", f"{where}memory.stat": f"anon 500\n{stat}\n"})
    assert machine.available_memory() == 500


def test_a_system_without_control_groups(groups, monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "OWN_GROUPS", tmp_path / "not here")
    assert (machine.memory(), machine.cores()) == (TOTAL, 8)
