"""What this process may use of the machine: cores and memory, a container's limits included."""

import os
import platform
from pathlib import Path
from typing import Any

import psutil

__all__ = ["available_memory", "cores", "describe", "memory"]

# Where Linux tells the limits of control groups; a container sees its own there, in version 2 of them or in version 1.
GROUPS = Path("/sys/fs/cgroup")
MEMORY_LIMIT = ("memory.max", "memory/memory.limit_in_bytes")
SHARE = (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"))


def cores() -> int:
    """The processor cores that this process may use; a share that a container is given is rounded down, to 1 at least.

    Source: https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max), and sched-bwc for version 1.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for names in SHARE:
        words = [word for name in names for word in _words(name)]
        if len(words) == 2 and all(word.isdigit() for word in words) and int(words[1]):  # "max" and -1: no limit
            allowed = min(allowed, int(words[0]) // int(words[1]))
    return max(1, allowed)


def memory() -> int:
    """Bytes of memory that all processes of this machine, or of this container, may hold together."""
    limits = [int(word) for name in MEMORY_LIMIT for word in _words(name) if word.isdigit()]  # "max" is none
    return min([psutil.virtual_memory().total, *limits])


def available_memory() -> int:
    """Bytes that new processes can have now without others giving up theirs; in a container its limit at most."""
    return min(psutil.virtual_memory().available, memory())


def describe() -> dict[str, Any]:
    """Cores, memory in bytes and system: what times depend on."""
    return {
        "cores": cores(),
        "memory": memory(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _words(name: str) -> list[str]:
    try:
        return (GROUPS / name).read_text(encoding="utf-8").split()
    except OSError:
        return []
