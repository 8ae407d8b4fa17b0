"""What this process may use of the machine: cores and memory, a container's limits included."""

import contextlib
import platform
from pathlib import Path
from typing import Any

import joblib
import psutil

__all__ = ["available_memory", "cores", "describe", "memory"]

# Where Linux tells the limits of control groups; a container sees its own there, in version 2 of them or in version 1.
GROUPS = Path("/sys/fs/cgroup")
MEMORY_LIMIT = ("memory.max", "memory/memory.limit_in_bytes")


def cores() -> int:
    """The processor cores that this process may use; a share that a container is given is rounded up."""
    return joblib.cpu_count()


def memory() -> int:
    """Bytes of memory that all processes of this machine, or of this container, may hold together."""
    limits = [psutil.virtual_memory().total]
    for name in MEMORY_LIMIT:
        with contextlib.suppress(OSError, ValueError):  # there is no such file, or it says "max"
            limits.append(int((GROUPS / name).read_text(encoding="utf-8")))
    return min(limit for limit in limits if limit > 0)


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
