"""One archive with all that a room without a network needs: notebooks, package, wheels, data."""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError

__all__ = ["build"]

FOLDER = "image-classification-course"
INSTALLER = Path(__file__).parent / "templates" / "install_offline.py"
# What pip needs to install the project itself from its folder.
BUILD_TOOLS = ("setuptools>=77", "wheel")


def build(archive: Path, *, data: Sequence[str] = (), say: Callable[[str], None] = print) -> Path:
    """Collect wheels, project and data in a zip file.

    The wheels are those of this machine's system and Python version; the machines in the room have to have the same.

    Args:
        archive: the file to write, ending in .zip; what was there stays until the new one is whole.
        data: names of data sets in the data home that go along.
        say: told what is being done, since collecting takes minutes.

    Returns:
        The archive.

    Raises:
        CourseError: pip could not collect the wheels, git does not know the project (their last lines are in the
            message), or a data set is not in the data home.
    """
    home = paths.data_home()
    files = {f"data_home/{name}.npz": home / f"{name}.npz" for name in data}
    for name, file in zip(data, files.values(), strict=True):
        if not file.is_file():
            raise CourseError(f"{name} is not in the data home. Run: course data fetch {name}")
    root = paths.project_root()
    files |= {file.relative_to(root).as_posix(): file for file in _tracked(root)}
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        wheels = Path(folder) / "wheels"
        say("Collecting the wheels; this takes some minutes and about 1 GB.")
        _download(wheels)
        files |= {f"wheels/{wheel.name}": wheel for wheel in sorted(wheels.iterdir())}
        files["install_offline.py"] = INSTALLER
        say(f"Writing {len(files)} files.")
        part = Path(folder) / "whole.zip"
        # Stored, not compressed: wheels and images hardly shrink.
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as whole:
            for name, file in files.items():
                whole.write(file, f"{FOLDER}/{name}")
        shutil.move(part, archive)
    return archive


def _download(wheels: Path) -> None:
    pins = wheels.parent / "pins.txt"
    lines = (paths.project_root() / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins.write_text("\n".join(line for line in lines if not line.startswith("--editable")), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--dest", str(wheels)]
    done = subprocess.run([*command, "--requirement", str(pins), *BUILD_TOOLS], capture_output=True, text=True)
    if done.returncode != 0:
        last = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise CourseError(f"pip could not collect the wheels. It said:\n{last}")


def _tracked(root: Path) -> list[Path]:
    """The files that git tracks, as they lie there: no secret, no environment and no result can come along unasked."""
    try:
        done = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True)
    except FileNotFoundError:
        raise CourseError("The archive holds what git tracks, and git is not installed. Install it.") from None
    files = [root / name for name in done.stdout.decode(errors="surrogateescape").split("\0") if name]
    if done.returncode != 0 or root / "pyproject.toml" not in files:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it does not track pyproject.toml"]
        raise CourseError(
            f"The archive holds what git tracks. Make it in a clone of the course. Git says of {root}: {said[-1]}"
        )
    return sorted(file for file in files if file.is_file() and not file.is_symlink())
