"""Install the course from this folder, without a network: python install_offline.py

It needs the Python version and the system that the folder was made for, makes .venv, and puts the data sets that came
along where the course looks for them. Running it again does no harm.
"""

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
    """End with a line where the wheels are for another Python or system: numpy's tells, which is made for one only."""
    wheel = next((HERE / "wheels").glob("numpy-*.whl"))
    version, _, system = wheel.stem.split("-")[2:]
    own = sysconfig.get_platform()
    if version != f"cp{sys.version_info.major}{sys.version_info.minor}" or own.partition("-")[0] not in system:
        sys.exit(
            f"This folder is for Python {version[2]}.{version[3:]} on {system.partition('.')[0]}; this is Python "
            f"{sys.version_info.major}.{sys.version_info.minor} on {own}. Use the same version and system."
        )


if __name__ == "__main__":
    main()
