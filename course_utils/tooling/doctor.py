"""What may be wrong with a machine, or set on it for other work, and how to mend it."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from course_utils import paths, settings

__all__ = ["Finding", "examine", "folders"]

GIB = 2**30
MEMORY_GIB = 4  # the largest quick notebook with its kernel, JupyterLab and a browser beside it
DISK_GIB = 2  # the four benchmarks with their originals take about 1.5 GiB
LOAD_SECONDS = 180
# What it means where a folder cannot be written, and how to mend it.
UNWRITABLE = {
    "data home": ("problem", "name another folder in COURSE_DATA"),
    "progress": ("problem", "name another folder in COURSE_STATE"),
    "notebooks": ("problem", "copy the course to a folder of your own"),
    "Jupyter": ("warning", "use course lab and course run, or name another folder in JUPYTER_RUNTIME_DIR"),
}
INSTALL = "python -m pip install -r requirements.txt"
INSTALL_KERNEL = "python -m ipykernel install --sys-prefix --name python3"
REMOVE_KERNEL = "python -m jupyter_client.kernelspecapp remove -f python3"
UNSET = "set {}=" if sys.platform == "win32" else "unset {}"
# Set aside by `course lab` and `course run`, beside those that startup.load_keras sets aside everywhere.
BY_COMMANDS = re.compile(
    r"IPYTHONDIR|JUPYTER_(CONFIG_DIR|CONFIG_PATH|PATH)|MATPLOTLIBRC|MPL(BACKEND|CONFIGDIR)|PYTHONSTARTUP"
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        topic: what was looked at.
        state: "ok", "warning" (the course runs, something may not) or "problem".
        detail: what was found.
        mend: what to do about it; "" where nothing has to be done.
    """

    topic: str
    state: str
    detail: str
    mend: str = ""

    def text(self) -> str:
        """The finding on one line, its mend on a second."""
        sign = {"ok": "ok     ", "warning": "warning", "problem": "PROBLEM"}[self.state]
        return f"{sign}  {self.topic}: {self.detail}" + (f"\n         Mend: {self.mend}" if self.mend else "")


def examine() -> list[Finding]:
    """Look at everything the course needs, and at the user's settings."""
    return [
        python_version(sys.version_info[:2]),
        packages(paths.project_root() / "requirements.txt"),
        memory(psutil.virtual_memory().available),
        disk(paths.data_home()),
        *(writable(topic, folder) for topic, folder in folders().items()),
        kernels(),
        hidden(paths.my_notebooks_folder()),
        python_path(os.environ),
        backend(os.environ),
        without_effect(os.environ),
        engine(_load_engine()),
        data_sets(),
    ]


def folders() -> dict[str, Path]:
    """The folders that have to be writable, by what they are for."""
    from jupyter_core.paths import jupyter_runtime_dir

    return {
        "data home": paths.data_home(),
        "progress": paths.state_folder(),
        "notebooks": paths.my_notebooks_folder(),
        "Jupyter": Path(jupyter_runtime_dir()),
    }


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


def memory(available: int) -> Finding:
    """The machine's free memory, in bytes."""
    detail = f"{available / GIB:.1f} GiB free"
    if available >= MEMORY_GIB * GIB:
        return Finding("memory", "ok", detail)
    return Finding("memory", "warning", detail, f"close programs until {MEMORY_GIB} GiB are free, or use --jobs 1")


def disk(folder: Path) -> Finding:
    """Room for the data sets."""
    free = shutil.disk_usage(_nearest(folder, lambda place: os.access(place, os.F_OK))).free
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


def _nearest(folder: Path, there: Callable[[Path], bool]) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.absolute().parents) if there(place))


def kernels() -> Finding:
    """Whether the kernel python3 is the environment of the course, for the course's commands and for Jupyter's own."""
    own = _interpreter(Path(sys.prefix) / "share" / "jupyter" / "kernels")
    if not _is_this_one(own):
        return Finding("kernel", "problem", f"python3 starts {own}, the course is in {sys.executable}", INSTALL_KERNEL)
    theirs = _interpreter()
    if not _is_this_one(theirs):
        detail = f"course lab and course run start this environment; your own JupyterLab starts {theirs} as python3"
        return Finding("kernel", "warning", detail, f"use course lab, or remove that kernel: {REMOVE_KERNEL}")
    return Finding("kernel", "ok", "python3 starts this environment")


def _interpreter(folder: Path | None = None) -> str:
    """What the kernel python3 starts: the one in a folder, or else the one that Jupyter's own rules find."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    manager = KernelSpecManager() if folder is None else KernelSpecManager(kernel_dirs=[str(folder)])
    try:
        return manager.get_kernel_spec("python3").argv[0]
    except (NoSuchKernel, ValueError, TypeError, IndexError, OSError) as error:
        return f"nothing ({type(error).__name__})"


def _is_this_one(python: str) -> bool:
    # Jupyter puts its own interpreter where a kernel asks for "python". Environments are told apart by their folders:
    # what the links in them point to they share.
    return bool(re.fullmatch(r"python[\d.]*", python)) or _place(python) == _place(sys.executable)


def _place(python: str) -> Path:
    return Path(shutil.which(python) or python).absolute().parent


def hidden(folder: Path) -> Finding:
    """Files beside the learner's notebooks that hide a module."""
    names = settings.hidden_modules(folder)
    if not names:
        return Finding("file names", "ok", "no file beside your notebooks hides a module")
    detail = f"{', '.join(names)} in {folder} has the name of a module and hides it, in course lab excepted"
    return Finding("file names", "warning", detail, f"rename {names[0]}, for instance to my_{names[0]}")


def python_path(variables: Mapping[str, str]) -> Finding:
    """Whether a folder in PYTHONPATH brings other versions of what the course has installed."""
    named = [Path(part) for part in variables.get("PYTHONPATH", "").split(os.pathsep) if part]
    others = [place for place in sys.path if place and Path(place) not in named]
    for folder in named:
        if names := settings.hidden_modules(folder, others):
            detail = f"{folder} hides {', '.join(names[:5])} of this environment"
            return Finding("PYTHONPATH", "problem", detail, UNSET.format("PYTHONPATH"))
    return Finding("PYTHONPATH", "ok", "hides nothing")


def backend(variables: Mapping[str, str]) -> Finding:
    """Whether matplotlib knows what MPLBACKEND names: it refuses to be imported otherwise."""
    name = variables.get("MPLBACKEND", "")
    try:
        import matplotlib

        matplotlib.rcsetup.validate_backend(name or "agg")
    except ValueError:
        detail = f"MPLBACKEND is {name!r}, which matplotlib does not know; course lab and course run do without it"
        return Finding("matplotlib", "warning", detail, UNSET.format("MPLBACKEND"))
    return Finding("matplotlib", "ok", "draws")


def without_effect(variables: Mapping[str, str]) -> Finding:
    """Settings that are there and do not count in a lesson: nobody has to look for a cause in them."""
    names = [*settings.foreign_variables(variables), *filter(BY_COMMANDS.fullmatch, variables)]
    files = [Path.home() / ".keras" / "keras.json", Path.home() / ".config" / "matplotlib" / "matplotlibrc"]
    names += [str(file) for file in files if file.is_file()]
    said = f"without effect in lessons: {', '.join(sorted(names))}" if names else "none that a lesson has to set aside"
    return Finding("your settings", "ok", said)


def engine(said: str) -> Finding:
    """Whether TensorFlow loads; what it says then names its version and the devices that it sees."""
    if said.startswith("TensorFlow "):
        return Finding("TensorFlow", "ok", said)
    return Finding("TensorFlow", "problem", f"does not load: {said}", INSTALL)


def _load_engine() -> str:
    """What loading TensorFlow says, or the last line of what went wrong, in a process of its own: it may crash."""
    loading = "from course_utils import startup; print(startup.load_keras())"
    try:
        done = subprocess.run([sys.executable, "-c", loading], capture_output=True, text=True, timeout=LOAD_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{type(error).__name__} after at most {LOAD_SECONDS} s"
    lines = (done.stderr if done.returncode else done.stdout).strip().splitlines()
    return lines[-1] if lines else f"exit status {done.returncode}"


def data_sets() -> Finding:
    """Which data sets are here."""
    from course_utils import datasets

    missing = [name for name in datasets.names() if not datasets.is_available(name)]
    here = ", ".join(name for name in datasets.names() if name not in missing)
    mend = f"only the full profile needs them: course data fetch {' '.join(missing)}" if missing else ""
    return Finding("data sets", "ok", f"here: {here}; not here: {', '.join(missing) or 'none'}", mend)
