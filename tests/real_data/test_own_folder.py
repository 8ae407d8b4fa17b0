"""Lesson 07 on folders unlike its own: twelve kinds of flowers, eight pictures a class, a very uneven folder."""

import shutil
import tarfile

import pytest

from course_utils import paths
from course_utils.tooling import catalogue
from course_utils.tooling.running import run_notebooks

ARCHIVE = paths.project_root().parent / "shared" / "datasets" / "flowers12.tar"
UNEVEN = (40, 12, 5)  # pictures of three kinds
ALL = (1000,) * 12  # more than there are of each kind
TESTED = 4  # pictures of each kind in the second folder
LIMIT = 0.97  # of the similarity: these are photographs of many flowers, and no two are shots of one

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not ARCHIVE.is_file(), reason="no archive of photographs beside the project"),
]


@pytest.fixture(scope="module")
def flowers(tmp_path_factory):
    """A folder with one subfolder for each kind of flower, as a learner has it."""
    home = tmp_path_factory.mktemp("my photographs")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(home, filter="data")
    return home


def some(flowers, home, amounts):
    """The first pictures of the first kinds, and in a second folder four that are tested."""
    kinds = sorted((flowers / "flowers12" / "train").iterdir())
    for kind, amount in zip(kinds, amounts, strict=False):
        for source, into, count in ((kind, home, amount), (part_to_judge_by(kind), elsewhere(home), TESTED)):
            (into / kind.name).mkdir(parents=True)
            for file in sorted(source.glob("*.jpg"))[:count]:
                shutil.copy(file, into / kind.name)
    return home


def part_to_judge_by(kind):
    return kind.parents[1] / "test" / kind.name


def elsewhere(home):
    return home.with_name(f"{home.name}_elsewhere")


def project(folder, out, limit=LIMIT):
    """Lesson 07, run with a folder."""
    [lesson] = catalogue.choose(["07"])
    run = run_notebooks([lesson.notebook], parameters={"folder": str(folder), "limit": limit}, out=out, jobs=1)
    return run.notebooks[0]


@pytest.mark.slow
@pytest.mark.parametrize("amounts", [ALL, (8,) * 6, (8, 8), UNEVEN], ids=["all", "eight", "two classes", "uneven"])
def test_it_goes_through_the_whole_project(amounts, flowers, tmp_path):
    home = some(flowers, tmp_path / "pictures", amounts)
    book = project(home, tmp_path / "out")
    assert book.status == "passed", f"{book.message}\n{book.details}"
    by_id = {claim["id"]: claim for claim in book.claims}
    assert by_id["07.c5"]["measured"] == [1.0]  # the exported file answers as the notebook does
    assert {claim["outcome"] for claim in book.claims} == {"not judged"}


@pytest.mark.slow
@pytest.mark.parametrize("which", ["missing", "one class"])
def test_a_folder_that_cannot_become_a_project_is_refused_in_one_line(which, flowers, tmp_path):
    home = tmp_path / "pictures"
    if which == "one class":
        some(flowers, home, (9,))
    book = project(home, tmp_path / "out")
    assert book.status == "failed"
    assert book.message.startswith("DataError: ") and "\n" not in book.message
    assert ("does not exist" if which == "missing" else "one class only") in book.message


@pytest.mark.slow
def test_the_same_photograph_in_two_subfolders_stops_the_project_and_is_named(flowers, tmp_path):
    home = some(flowers, tmp_path / "pictures", (8, 8))
    one, other = sorted(home.iterdir())
    copied = sorted(one.glob("*.jpg"))[0]
    shutil.copy(copied, other / "copied.jpg")
    book = project(home, tmp_path / "out")
    assert book.status == "failed"
    assert book.message.startswith("DataError: Near-copies have two labels (pairs: 1): ") and "\n" not in book.message
    assert copied.name in book.message and "copied.jpg" in book.message
