"""Install the course from this folder, without a network: python install_offline.py

It needs the Python version and the system that the folder was made for, makes .venv, and puts the data sets that came
along where the course looks for them. Running it again does no harm.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

__all__ = ["main"]

HERE = Path(__file__).resolve().parent
PYTHON = HERE / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def main() -> None:
    """Make the environment, install the wheels, place the data."""
    if not PYTHON.is_file():
        venv.create(HERE / ".venv", with_pip=True)
    offline = ["--no-index", "--find-links", str(HERE / "wheels")]
    subprocess.run(
        [PYTHON, "-m", "pip", "install", "--quiet", *offline, "--requirement", "requirements.txt"], cwd=HERE, check=True
    )
    (HERE / ".venv" / ".installed").touch()  # so that make does not install again
    where = "from course_utils import paths; print(paths.data_home())"
    home = Path(
        subprocess.run([PYTHON, "-c", where], cwd=HERE, check=True, capture_output=True, text=True).stdout.strip()
    )
    home.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "data_home").glob("*.npz"):
        if not (home / file.name).exists():
            shutil.copy(file, home)
    print(f"Ready. Open the first lesson: {PYTHON} -m course_utils lab")


if __name__ == "__main__":
    main()
