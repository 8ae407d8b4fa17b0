"""Install the course from this folder, without a network: python install_offline.py

It needs the Python version and the system that the folder was made for, makes .venv, and puts the data sets that came
along where the course looks for them. Running it again does no harm.
"""

import platform
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

__all__ = ["main"]

HERE = Path(__file__).resolve().parent
PYTHON = HERE / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
READY = HERE / ".venv" / ".installed"  # make looks for it too, and does not install again


def main() -> None:
    """Make the environment, install the wheels, place the data."""
    refuse_another_python()
    if not READY.is_file():
        venv.create(HERE / ".venv", clear=True, with_pip=True)  # what was left half made goes
    print("Installing the wheels; this takes some minutes.", flush=True)
    offline = ["--no-index", "--find-links", str(HERE / "wheels")]
    subprocess.run(
        [PYTHON, "-m", "pip", "install", "--quiet", *offline, "--requirement", "requirements.txt"], cwd=HERE, check=True
    )
    READY.touch()
    where = "from course_utils import paths; print(paths.data_home())"
    home = Path(
        subprocess.run([PYTHON, "-c", where], cwd=HERE, check=True, capture_output=True, text=True).stdout.strip()
    )
    home.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "data_home").glob("*.npz"):
        if not (home / file.name).exists():
            shutil.copy(file, home)
    print(f"Ready. Open the first lesson: {PYTHON} -m course_utils lab")


def refuse_another_python() -> None:
    """End with a line where the wheels are for another Python, system or processor, as numpy's name tells."""
    wheel = next((HERE / "wheels").glob("numpy-*.whl"), None)
    if wheel is None:
        sys.exit(
            "The folder wheels holds no numpy: the archive is not whole here. Unpack it again, then run this again."
        )
    version, _, system = wheel.stem.split("-")[2:]
    own = sysconfig.get_platform()
    kind, processor = own.partition("-")[0], own.rpartition("-")[2]
    if processor == "universal2":  # a Python for both processors of a Mac runs on one of them
        processor = platform.machine()
    fits = kind in system and (processor in system or "universal2" in system)
    if version != f"cp{sys.version_info.major}{sys.version_info.minor}" or not fits:
        sys.exit(
            f"This folder is for Python {version[2]}.{version[3:]} on {system.partition('.')[0]}; this is Python "
            f"{sys.version_info.major}.{sys.version_info.minor} on {own}. Use the same version, system and processor."
        )


if __name__ == "__main__":
    main()
