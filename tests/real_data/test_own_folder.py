"""The project of lesson 07 on a folder of real photographs: two classes of 500 from the archive beside the project."""

import shutil
import tarfile
from pathlib import PurePosixPath

import pytest

from course_utils import paths
from course_utils.tooling import catalogue
from course_utils.tooling.running import run_notebooks

ARCHIVE = paths.project_root().parent / "shared" / "datasets" / "cifar10_jpeg.tar.xz"
CLASSES, EACH = ("airplane", "automobile"), 500

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not ARCHIVE.is_file(), reason="no archive of photographs beside the project"),
]


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """A folder with one subfolder a class, as a learner has it."""
    home, missing = tmp_path_factory.mktemp("my photographs"), {(name, n) for name in CLASSES for n in range(EACH)}
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:  # train/airplane/0000.jpg; the two classes come first
            split, *rest = PurePosixPath(member.name).parts
            place = (rest[0], int(rest[1].split(".")[0])) if split == "train" and len(rest) == 2 else None
            if place in missing:
                file = home / rest[0] / rest[1]
                file.parent.mkdir(exist_ok=True)
                file.write_bytes(archive.extractfile(member).read())
                missing.remove(place)
            if not missing:
                break
    return home


def project(folder, out, profile="smoke"):
    """Lesson 07, run with a folder."""
    [lesson] = catalogue.choose(["07"])
    run = run_notebooks(
        [lesson.notebook], profile=profile, parameters={"folder": str(folder)}, out=out, jobs=1, show=False
    )
    return run.notebooks[0]


def measured(book):
    return {claim["id"]: claim["margin"] for claim in book.claims}


def test_two_classes_of_photographs_go_through_the_whole_project(photographs, tmp_path):
    book = project(photographs, tmp_path)
    assert book.status == "passed", f"{book.message}\n{book.details}"
    assert measured(book)["07.c9"] >= 0  # the exported file answers as the notebook does


@pytest.mark.slow
def test_they_become_a_model_that_beats_one_answer_for_all(photographs, tmp_path):
    book = project(photographs, tmp_path, profile="quick")
    assert book.status == "passed", f"{book.message}\n{book.details}"
    assert measured(book)["07.c8"] >= 0 and measured(book)["07.c9"] >= 0


@pytest.mark.slow
@pytest.mark.parametrize("which", ["missing", "one class"])
def test_a_folder_that_cannot_become_a_project_is_refused_in_one_line(which, photographs, tmp_path):
    home = tmp_path / "pictures"
    if which == "one class":
        shutil.copytree(photographs / CLASSES[0], home / CLASSES[0])
    book = project(home, tmp_path / "out")
    assert book.status == "failed"
    assert book.message.startswith("DataError: ") and "\n" not in book.message
    assert ("does not exist" if which == "missing" else "one class only, airplane") in book.message
