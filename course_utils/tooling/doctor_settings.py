"""What the user's own settings do to the course on this machine, for `course doctor`."""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from course_utils import paths, settings
from course_utils.tooling.doctor_finding import Finding

__all__ = ["backend", "examine", "hidden", "kernels", "python_path", "without_effect"]

# Set aside by `course lab` and `course run`, beside those that startup.load_keras sets aside everywhere.
BY_COMMANDS = (
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_PATH",
    "MATPLOTLIBRC",
    "MPLBACKEND",
    "MPLCONFIGDIR",
    "PYTHONSTARTUP",
)
INSTALL_KERNEL = "python -m ipykernel install --sys-prefix --name python3"
REMOVE_KERNEL = "python -m jupyter_client.kernelspecapp remove -f python3"


def examine() -> list[Finding]:
    """Look at variables, files beside the learner's notebooks, and kernels."""
    found = [kernels(), hidden(paths.my_notebooks_folder()), python_path(os.environ), backend(os.environ)]
    return [*found, without_effect(os.environ)]


def kernels() -> Finding:
    """Whether the kernel python3 is the environment of the course, for the course's commands and for Jupyter's own."""
    own = _interpreter(Path(sys.prefix) / "share" / "jupyter" / "kernels")
    if not _is_this_one(own):
        return Finding("kernel", "problem", f"python3 starts {own}, the course is in {sys.executable}", INSTALL_KERNEL)
    theirs = _interpreter()
    if not _is_this_one(theirs):
        detail = (
            f"course lab and course run start this environment; a JupyterLab of your own starts {theirs} as python3"
        )
        return Finding("kernel", "warning", detail, f"use course lab, or remove that kernel: {REMOVE_KERNEL}")
    return Finding("kernel", "ok", "python3 starts this environment")


def hidden(folder: Path) -> Finding:
    """Files beside the learner's notebooks that hide a module."""
    names = settings.hidden_modules(folder)
    if not names:
        return Finding("file names", "ok", "no file beside your notebooks hides a module")
    detail = f"{', '.join(names)} in {folder} has the name of a module and hides it, in course lab excepted"
    return Finding("file names", "warning", detail, f"rename {names[0]}, for instance to my_{names[0]}")


def python_path(variables: Mapping[str, str]) -> Finding:
    """Whether a folder in PYTHONPATH brings other versions of what the course has installed."""
    folders = [Path(part) for part in variables.get("PYTHONPATH", "").split(os.pathsep) if part]
    others = [place for place in sys.path if place and Path(place) not in folders]
    for folder in folders:
        if names := settings.hidden_modules(folder, others):
            detail = f"{folder} hides {', '.join(names[:5])} of this environment"
            mend = "set PYTHONPATH=" if sys.platform == "win32" else "unset PYTHONPATH"
            return Finding("PYTHONPATH", "problem", detail, mend)
    return Finding("PYTHONPATH", "ok", "hides nothing")


def backend(variables: Mapping[str, str]) -> Finding:
    """Whether matplotlib knows what MPLBACKEND names: it refuses to be imported otherwise."""
    name = variables.get("MPLBACKEND", "")
    try:
        import matplotlib

        matplotlib.rcsetup.validate_backend(name or "agg")
    except ValueError:
        detail = f"MPLBACKEND is {name!r}, which matplotlib does not know; course lab and course run do without it"
        mend = "set MPLBACKEND=" if sys.platform == "win32" else "unset MPLBACKEND"
        return Finding("matplotlib", "warning", detail, mend)
    return Finding("matplotlib", "ok", "draws")


def without_effect(variables: Mapping[str, str]) -> Finding:
    """Settings that are there and do not count in a lesson: nobody has to look for a cause in them."""
    names = [*settings.foreign_variables(variables), *(name for name in BY_COMMANDS if name in variables)]
    files = [Path.home() / ".keras" / "keras.json", Path.home() / ".config" / "matplotlib" / "matplotlibrc"]
    names += [str(file) for file in files if file.is_file()]
    said = f"without effect in lessons: {', '.join(sorted(names))}" if names else "none that a lesson has to set aside"
    return Finding("your settings", "ok", said)


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
