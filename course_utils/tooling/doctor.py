"""What may be wrong with a machine, and how to mend it."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path

from course_utils import paths
from course_utils.tooling import doctor_settings
from course_utils.tooling.doctor_finding import Finding

__all__ = ["examine"]

GIB = 2**30
MEMORY_GIB = 4  # the largest quick notebook with its kernel, JupyterLab and a browser beside it
DISK_GIB = 2  # the four benchmarks with their originals take about 1.5 GiB
LOAD_SECONDS = 180
NETWORK_SECONDS = 3.0
# What it means where a folder cannot be written, and how to mend it.
UNWRITABLE = {
    "data home": ("problem", "name another folder in COURSE_DATA"),
    "progress": ("problem", "name another folder in COURSE_STATE"),
    "notebooks": ("problem", "copy the course to a folder of your own"),
    "Jupyter": (
        "warning",
        "use course lab and course run, or, for a JupyterLab of your own, name another folder in JUPYTER_RUNTIME_DIR",
    ),
}
INSTALL = "python -m pip install -r requirements.txt"


def examine(*, network: bool = False) -> list[Finding]:
    """Look at everything the course needs.

    Args:
        network: also try, for three seconds, to reach the hosts of the data sets.
    """
    findings = [
        python_version(sys.version_info[:2]),
        packages(paths.project_root() / "requirements.txt"),
        memory(),
        disk(paths.data_home()),
        *(writable(topic, folder) for topic, folder in _folders()),
        long_paths(),
        *doctor_settings.examine(),
        *engine(),
        data_sets(),
    ]
    return findings + (hosts() if network else [])


def python_version(version: tuple[int, int]) -> Finding:
    """Python 3.11 to 3.13: for these every package is pinned."""
    found = f"{version[0]}.{version[1]}"
    if (3, 11) <= version <= (3, 13):
        return Finding("Python", "ok", found)
    return Finding("Python", "problem", f"{found}, needed is 3.11 to 3.13", "make PYTHON=python3.12, after make clean")


def packages(pins: Path) -> Finding:
    """The installed packages against the pinned ones."""
    from packaging.requirements import InvalidRequirement, Requirement

    wrong, count = [], 0
    for line in pins.read_text(encoding="utf-8").splitlines():
        try:
            pin = Requirement(line.partition("#")[0])
        except InvalidRequirement:
            continue  # a comment, or the line that installs the project
        if pin.marker and not pin.marker.evaluate():
            continue
        count += 1
        try:
            installed = importlib.metadata.version(pin.name)
        except importlib.metadata.PackageNotFoundError:
            installed = "missing"
        if installed == "missing" or not pin.specifier.contains(installed, prereleases=True):
            wrong.append(f"{pin.name} is {installed}, pinned {pin.specifier}")
    if not wrong:
        return Finding("packages", "ok", f"all {count} as pinned")
    state = "problem" if any(" is missing" in text for text in wrong) else "warning"
    more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
    return Finding("packages", state, "; ".join(wrong[:5]) + more, INSTALL)


def memory(total: int | None = None, available: int | None = None) -> Finding:
    """The machine's memory, in bytes where it is given."""
    import psutil

    machine = psutil.virtual_memory()
    total, available = total or machine.total, available or machine.available
    detail = f"{available / GIB:.1f} of {total / GIB:.1f} GiB free"
    if available >= MEMORY_GIB * GIB:
        return Finding("memory", "ok", detail)
    return Finding("memory", "warning", detail, f"close programs until {MEMORY_GIB} GiB are free, or use --jobs 1")


def disk(folder: Path, free: int | None = None) -> Finding:
    """Room for the data sets, in bytes where it is given."""
    free = shutil.disk_usage(_nearest(folder, lambda place: os.access(place, os.F_OK))).free if free is None else free
    detail = f"{free / GIB:.1f} GiB free for {folder}"
    if free >= DISK_GIB * GIB:
        return Finding("disk", "ok", detail)
    return Finding("disk", "warning", detail, "make room, or name a folder on another disk in COURSE_DATA")


def writable(topic: str, folder: Path) -> Finding:
    """Whether files can be made in a folder, or in the nearest one above it where there is none yet."""
    state, mend = UNWRITABLE[topic]
    try:
        # What is there may be a file, or a link that leads nowhere: then no folder can be made.
        with tempfile.TemporaryFile(dir=_nearest(folder, os.path.lexists)):
            return Finding(topic, "ok", f"{folder} can be written")
    except OSError as error:
        return Finding(topic, state, f"{folder} cannot be written ({error.strerror})", mend)


def long_paths() -> Finding:
    """Windows refuses paths of more than 260 letters unless told otherwise; TensorFlow's are long."""
    if sys.platform != "win32":
        return Finding("long paths", "ok", "no limit on this system")
    import winreg

    place = r"SYSTEM\CurrentControlSet\Control\FileSystem"
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            enabled = winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1
    except OSError:
        enabled = False
    if enabled:
        return Finding("long paths", "ok", "enabled")
    mend = f"as administrator: reg add HKLM\\{place} /v LongPathsEnabled /t REG_DWORD /d 1 /f"
    return Finding("long paths", "warning", "paths are limited to 260 letters", mend)


def engine(said: str | None = None, card: str | None = None) -> list[Finding]:
    """Whether TensorFlow loads, and whether it sees the graphics card that the machine has.

    Args:
        said: what loading it said; found out in a process of its own by default, since a crash would end this one.
        card: the name of the graphics card, "" for none; asked of its driver by default.
    """
    said = _load_engine() if said is None else said
    card = _graphics_card() if card is None else card
    if not said.startswith("TensorFlow "):
        return [Finding("TensorFlow", "problem", f"does not load: {said}", INSTALL)]
    loaded = Finding("TensorFlow", "ok", said)
    if "GPU" in said.partition("devices:")[2]:
        return [loaded, Finding("GPU", "ok", f"{card or 'one'} is used")]
    if card:
        mend = "on Linux or WSL2: python -m pip install 'tensorflow[and-cuda]'; the course runs without it"
        return [loaded, Finding("GPU", "warning", f"{card} is there, TensorFlow does not see it", mend)]
    return [loaded, Finding("GPU", "ok", "none; the course needs none")]


def data_sets() -> Finding:
    """Which data sets are here."""
    from course_utils import datasets

    missing = [name for name in datasets.names() if not datasets.is_available(name)]
    here = ", ".join(name for name in datasets.names() if name not in missing)
    if not missing:
        return Finding("data sets", "ok", f"all here: {here}")
    mend = f"only the full profile needs them: course data fetch {' '.join(missing)}"
    return Finding("data sets", "ok", f"here: {here}; not here: {', '.join(missing)}", mend)


def hosts(
    addresses: Iterable[str] | None = None, reach: Callable[[str], str] | None = None, seconds: float = NETWORK_SECONDS
) -> list[Finding]:
    """Whether the hosts of the data sets answer, all asked at once.

    Args:
        addresses: those of the benchmarks by default.
        reach: asks one address and returns "" or what went wrong.
        seconds: how long to wait for all of them together.
    """
    if addresses is None:
        from course_utils.datasets.benchmarks import BENCHMARKS

        addresses = [address for benchmark in BENCHMARKS.values() for address in benchmark.addresses]
    reach = reach or _reach
    by_host = {re.sub(r"^\w+://([^/]+).*", r"\1", address): address for address in addresses}
    answers: dict[str, str] = {}

    def ask(host: str) -> None:
        answers[host] = reach(by_host[host])

    # Daemon threads: a name server that does not answer would hold the command up, whatever the time limit says.
    threads = [threading.Thread(target=ask, args=(host,), daemon=True) for host in by_host]
    end = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    mend = "check the network or proxy (HTTPS_PROXY); without one, import a copy: course data import PATH --name NAME"
    found = {host: answers.get(host, f"no answer in {seconds:g} s") for host in sorted(by_host)}
    return [
        Finding("network", "warning", f"{host}: {wrong}", mend)
        if wrong
        else Finding("network", "ok", f"{host} answers")
        for host, wrong in found.items()
    ]


def _folders() -> list[tuple[str, Path]]:
    from jupyter_core.paths import jupyter_runtime_dir

    return [
        ("data home", paths.data_home()),
        ("progress", paths.state_folder()),
        ("notebooks", paths.my_notebooks_folder()),
        ("Jupyter", Path(jupyter_runtime_dir())),
    ]


def _nearest(folder: Path, there: Callable[[Path], bool]) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.absolute().parents) if there(place))


def _load_engine() -> str:
    """What `startup.load_keras` says, or the last line of what went wrong."""
    command = [sys.executable, "-c", "from course_utils import startup; print(startup.load_keras())"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LOAD_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__} after at most {LOAD_SECONDS} s"
    lines = ((done.stdout if done.returncode == 0 else done.stderr) or f"exit status {done.returncode}").splitlines()
    return lines[-1]


def _graphics_card() -> str:
    """The name of an NVIDIA card, "" for none."""
    tool = shutil.which("nvidia-smi")
    if not tool:
        return ""
    command = [tool, "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().splitlines()[0] if done.returncode == 0 and done.stdout.strip() else ""


def _reach(address: str) -> str:
    """ "" when the host answers anything at all, else what went wrong."""
    try:
        urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=NETWORK_SECONDS).close()
    except urllib.error.HTTPError:
        return ""  # a refusal is an answer
    except OSError as error:
        return str(getattr(error, "reason", error))
    return ""
