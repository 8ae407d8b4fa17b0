"""What this process may use of the machine: cores and memory, a container's limits included."""

import os
import platform
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

__all__ = ["available_memory", "cores", "describe", "memory"]

# Where Linux tells of control groups, by which containers are limited.
GROUPS = Path("/sys/fs/cgroup")
OWN_GROUPS = Path("/proc/self/cgroup")


def cores() -> int:
    """The processor cores that this process may use; a share that a container is given is rounded down, to 1 at least.

    Source: https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max), and sched-bwc for version 1.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    shares = [allowed]
    for folder in _groups("cpu"):
        two = _words(folder / "cpu.max")
        one = [*_words(folder / "cpu.cfs_quota_us"), *_words(folder / "cpu.cfs_period_us")]
        for words in (two, one):
            if len(words) == 2 and all(word.isdigit() for word in words) and int(words[1]):  # "max" and -1: no limit
                shares.append(int(words[0]) // int(words[1]))
    return max(1, min(shares))


def memory() -> int:
    """Bytes of memory that all processes of this machine, or of this container, may hold together."""
    limits = [limit for folder in _groups("memory") if (limit := _limit(folder)) is not None]
    return min([psutil.virtual_memory().total, *limits])


def available_memory() -> int:
    """Bytes that new processes can have now without others giving up theirs."""
    free = [psutil.virtual_memory().available]
    for folder in _groups("memory"):
        limit = _limit(folder)
        used = _number(folder / "memory.current", folder / "memory.usage_in_bytes")
        if limit is not None and used is not None:
            free.append(limit - used + _reclaimable(folder))
    return max(0, min(free))


def describe() -> dict[str, Any]:
    """Cores, memory in bytes and system: what times depend on."""
    return {
        "cores": cores(),
        "memory": memory(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def _groups(controller: str) -> Iterator[Path]:
    """The folders of the control groups that limit this process, its own and those above it; none where there are none.

    Version 2 has one tree for all controllers, version 1 one for each. Within a container the own path is often that
    of the world outside: the folders that are not there are passed over, and the container's is the root.
    """
    own = ""
    with suppress(OSError):
        own = OWN_GROUPS.read_text(encoding="utf-8")
    for line in own.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number == "0" and not controllers:
            roots = [GROUPS, GROUPS / "unified"]
        elif controller in controllers.split(","):
            roots = [GROUPS / controllers, GROUPS / controller]
        else:
            continue
        parts = Path(path.lstrip("/"))
        for root in roots:
            yield from (root / above for above in (parts, *parts.parents) if (root / above).is_dir())


def _limit(folder: Path) -> int | None:
    return _number(folder / "memory.max", folder / "memory.limit_in_bytes")


def _reclaimable(folder: Path) -> int:
    """Bytes of files that were read: they count as used, and go as soon as somebody needs the room."""
    words = _words(folder / "memory.stat")
    values = dict(zip(words[::2], words[1::2], strict=False))
    return int(values.get("total_inactive_file", values.get("inactive_file", "0")))


def _number(*files: Path) -> int | None:
    """The number in the first of some files that holds one; "max" is none."""
    for file in files:
        words = _words(file)
        if words and words[0].isdigit():
            return int(words[0])
    return None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").split()
    except OSError:
        return []
