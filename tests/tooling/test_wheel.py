"""A wheel carries the lessons: from an empty folder with one notebook, exercises, questions and figures answer."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest

from course_utils import lessons, paths
from course_utils.tooling.notebook_files import KERNEL, LANGUAGE, read_notebook, write_notebook

LEFT_OUT = shutil.ignore_patterns("__pycache__", "build", "*.egg-info", ".*")
CALLS = (
    'from course_utils import exercises, quizzes, recorded\n\nexercises.check("00.1", 0)',
    'quizzes.answer("00.q1", "a")',
    'print(recorded.load("14_programs").figures.keys())',
    "import course_utils\n\nprint(course_utils.__file__)",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy, so that nothing an earlier build left behind gets into it."""
    project = tmp_path_factory.mktemp("project")
    for name in ("course_utils", "data", "notebooks/source"):
        shutil.copytree(paths.project_root() / name, project / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "README.md", "LICENSE", "notebooks/LICENSE"):
        shutil.copy(paths.project_root() / name, project / name)
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(project / "out")]
    subprocess.run([sys.executable, "-m", "pip", *build, str(project)], check=True, timeout=300)
    [built] = (project / "out").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The Python of an environment with the wheel in it, which borrows every other package from this one."""
    home = tmp_path_factory.mktemp("home") / "venv"
    venv.create(home)
    place = {"vars": {"base": str(home)}}
    own = Path(sysconfig.get_path("purelib", "venv", **place))
    borrowed = [path for path in sys.path if "site-packages" in path]
    install = ["install", "--quiet", "--no-deps", "--no-index", "--target", str(own), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, timeout=300)
    (own / "borrowed.pth").write_text("\n".join(borrowed), encoding="utf-8")
    return Path(sysconfig.get_path("scripts", "venv", **place)) / Path(sys.executable).name


def test_it_holds_every_lesson_with_all_that_belongs_to_it(python, tmp_path):
    code = (
        "from course_utils import exercises, glossary, lessons, paths, quizzes\n"
        "print([*lessons.folders()])\n"
        "print(len(exercises.all_exercises()), len(quizzes.all_questions()), len(glossary.entries()) > 100)\n"
        "print(sorted(file.name for file in paths.results_folder().iterdir()))\n"
    )
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    from course_utils import exercises, quizzes

    figures = sorted(file.name for file in paths.results_folder().iterdir())
    expected = [
        str([*lessons.folders()]),
        f"{len(exercises.all_exercises())} {len(quizzes.all_questions())} True",
        str(figures),
    ]
    assert done.stdout.splitlines() == expected, done.stderr


def test_it_names_every_licence_and_holds_its_text(wheel):
    with zipfile.ZipFile(wheel) as held:
        [place] = {name.partition("/")[0] for name in held.namelist() if ".dist-info/" in name}
        stated = held.read(f"{place}/METADATA").decode()
        texts = {name.removeprefix(f"{place}/licenses/") for name in held.namelist() if "/licenses/" in name}
    assert "License-Expression: MIT AND CC-BY-4.0 AND GPL-2.0-or-later AND Apache-2.0\n" in stated
    assert texts == {"LICENSE", "notebooks/LICENSE", "data/cutouts/COPYING", "data/imagenet/LICENSE"}


def test_a_notebook_alone_in_a_folder_runs(python, tmp_path):
    cells = [nbformat.v4.new_code_cell(code) for code in CALLS]
    metadata = {"kernelspec": dict(KERNEL), "language_info": dict(LANGUAGE)}
    write_notebook(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "one.ipynb")
    # No kernel description of another environment: one that is installed may name another Python.
    command = [python, "-m", "papermill", "one.ipynb", "out.ipynb", "--kernel", "python3", "--no-progress-bar"]
    elsewhere = {"COURSE_STATE": str(tmp_path / "state"), "JUPYTER_PATH": "", "IPYTHONDIR": str(tmp_path / "ipython")}
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **elsewhere}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    check, answer, figures, place = (cell.outputs for cell in read_notebook(tmp_path / "out.ipynb").cells)
    assert check[0].data["text/plain"].splitlines()[0].startswith(("✗", "✓"))
    assert "question 00.q1" in answer[0].data["text/plain"]
    assert "furthest" in figures[0].text
    assert str(python.parent.parent) in place[0].text
