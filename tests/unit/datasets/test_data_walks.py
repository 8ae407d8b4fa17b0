"""A folder read with its files' names, whatever lies in it; and the two folders that the course makes for lesson 07."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils import datasets

ON_DISK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
CLASSES = ("bird", "flower", "fruit", "mammal")


def write(root, name, colour, content=None):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        Image.new("RGB", (40, 30), (colour, 0, 0)).save(root / name)
    else:
        (root / name).write_bytes(content)


@ON_DISK
@given(
    st.lists(st.integers(3, 7), min_size=2, max_size=4),
    st.lists(st.sampled_from([b"", b"\xff\xd8\xff half a file", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"]), max_size=4),
    st.integers(0, 3),
)
def test_every_picture_is_read_once_and_every_damaged_one_is_named(tmp_path_factory, sizes, damaged, notes):
    root = tmp_path_factory.mktemp("pictures")
    labels = {}
    for label, count in enumerate(sizes):
        for number in range(count):
            labels[f"class{label}/{number}.png"] = label
            write(root, f"class{label}/{number}.png", 10 * len(labels))
    for number, content in enumerate(damaged):
        write(root, f"class0/damaged{number}.jpg", 0, content)
    for number in range(notes):
        write(root, f"class1/notes{number}.txt", 0, b"no picture")
    found = datasets.read_folder(root, size=8)
    assert dict(zip(found.files, found.y.tolist(), strict=True)) == labels
    assert found.x.shape == (len(labels), 8, 8, 3) and found.x.dtype == np.uint8
    assert [int(picture[0, 0, 0]) for picture in found.x] == [10 * (1 + list(labels).index(n)) for n in found.files]
    assert set(found.unreadable) == {f"class0/damaged{number}.jpg" for number in range(len(damaged))}
    assert all(found.unreadable.values())
    assert found.left_out == notes


def test_a_class_of_damaged_files_is_refused_in_one_line(tmp_path):
    for number in range(4):
        write(tmp_path, f"good/{number}.png", 9)
        write(tmp_path, f"bad/{number}.jpg", 0, b"" if number else None)
    with pytest.raises(datasets.DataError, match="of class bad only 1 pictures can be read, at least 3") as caught:
        datasets.read_folder(tmp_path, size=8)
    assert "\n" not in str(caught.value)


def test_the_pictures_of_train_and_test_folders_come_together(tmp_path):
    for part in ("train", "test"):
        for name in ("cat", "dog"):
            for number in range(3):
                write(tmp_path, f"{part}/{name}/{number}.png", 9)
    found = datasets.read_folder(tmp_path, size=8)
    assert len(found.files) == 12 and found.class_names == ("cat", "dog")
    assert repr(found) == "Pictures(6 cat, 6 dog; 0 unreadable, 0 no pictures)"


@pytest.mark.parametrize("size", [0, "large", None, (8, 0)])
def test_a_size_that_is_none_is_refused(tmp_path, size):
    with pytest.raises(ValueError, match="size is a side"):
        datasets.read_folder(tmp_path, size=size)


@pytest.fixture(scope="module")
def walks(tmp_path_factory):
    home = tmp_path_factory.mktemp("walks")
    return home, datasets.write_walk(home / "walk"), datasets.write_walk(home / "away", elsewhere=True)


def test_the_first_walk_has_the_flaws_that_the_lesson_looks_for(walks):
    home, misfiled, _ = walks
    found = datasets.read_folder(home / "walk", size=32)
    assert found.class_names == CLASSES
    assert sorted(found.unreadable) == ["bird/telephone.heic", "fruit/cut_off.jpg"] and found.left_out == 1
    assert Counter(name.rpartition("/")[2] for name in found.files)["finger_on_the_lens.jpg"] == 2
    assert Counter(misfiled.values()).keys() == {"bird", "flower", "fruit"}
    for name in found.files:
        lies_in, _, file = name.rpartition("/")
        assert misfiled.get(file) != lies_in
    assert 120 < len(found.files) < 200


def test_the_second_walk_shows_each_thing_once(walks):
    home, _, misfiled = walks
    found = datasets.read_folder(home / "away", size=32)
    assert not misfiled and not found.unreadable
    assert found.class_names == CLASSES and np.bincount(found.y).min() >= 10


def test_the_same_seed_writes_the_same_files_and_another_other_shots(walks, tmp_path):
    home, misfiled, _ = walks
    assert datasets.write_walk(tmp_path / "again") == misfiled
    for file in sorted((home / "walk" / "bird").glob("*.jpg")):
        assert (tmp_path / "again" / "bird" / file.name).read_bytes() == file.read_bytes()
    datasets.write_walk(tmp_path / "other", seed=1)
    ours, others = (sorted((folder / "bird").glob("*.jpg")) for folder in (home / "walk", tmp_path / "other"))
    assert {file.read_bytes() for file in ours}.isdisjoint(file.read_bytes() for file in others)


def test_a_walk_that_an_earlier_version_wrote_does_not_stay_between_the_new_photographs(tmp_path):
    datasets.write_walk(tmp_path / "fresh", elsewhere=True)
    for name, colour in (("bird/second_walk_901.jpg", 3), ("fruit/second_walk_101.jpg", 4), ("bird/mine.jpg", 5)):
        write(tmp_path / "used", name, colour)
    datasets.write_walk(tmp_path / "used", elsewhere=True)
    fresh, used = ({f.relative_to(root).as_posix() for f in root.rglob("*.jpg")} for root in sorted(tmp_path.iterdir()))
    assert used - fresh == {"bird/mine.jpg"} and fresh <= used
