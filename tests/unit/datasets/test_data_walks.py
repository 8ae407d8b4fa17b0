"""A folder read with its files' names, whatever lies in it; and the two folders that the course makes for lesson 07."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils import datasets
from course_utils.datasets import walks as written

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
            write(root, f"class{label}/{number}.png", 9 * len(labels))  # at most 28 pictures, 252
    for number, content in enumerate(damaged):
        write(root, f"class0/damaged{number}.jpg", 0, content)
    for number in range(notes):
        write(root, f"class1/notes{number}.txt", 0, b"no picture")
    found = datasets.read_folder(root, size=8)
    assert dict(zip(found.files, found.y.tolist(), strict=True)) == labels
    assert found.x.shape == (len(labels), 8, 8, 3) and found.x.dtype == np.uint8
    assert [int(picture[0, 0, 0]) for picture in found.x] == [9 * (1 + list(labels).index(n)) for n in found.files]
    assert set(found.unreadable) == {f"class0/damaged{number}.jpg" for number in range(len(damaged))}
    assert all(found.unreadable.values())
    assert found.left_out == notes


def test_a_class_of_damaged_files_is_refused_in_one_line(tmp_path):
    for number in range(4):
        write(tmp_path, f"good/{number}.png", 9)
        write(tmp_path, f"bad/{number}.jpg", 0, b"" if number else None)
    with pytest.raises(datasets.DataError, match=r"class bad needs at least 3 .* Received: 1\.") as caught:
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


@pytest.fixture(scope="module")
def walks(tmp_path_factory):
    home = tmp_path_factory.mktemp("walks")
    return home, datasets.write_walk(home / "walk"), datasets.write_walk(home / "away", elsewhere=True, places="some")


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
    found = datasets.read_folder(home / "away", size=32)
    assert not found.unreadable
    assert found.class_names == CLASSES and np.bincount(found.y).tolist() == [5] * 4


def test_the_same_seed_writes_the_same_files_and_another_other_shots(walks, tmp_path):
    home, misfiled, _ = walks
    assert datasets.write_walk(tmp_path / "again") == misfiled
    for file in sorted((home / "walk" / "bird").glob("*.jpg")):
        assert (tmp_path / "again" / "bird" / file.name).read_bytes() == file.read_bytes()
    datasets.write_walk(tmp_path / "other", seed=1)
    ours, others = (sorted((folder / "bird").glob("*.jpg")) for folder in (home / "walk", tmp_path / "other"))
    assert {file.read_bytes() for file in ours}.isdisjoint(file.read_bytes() for file in others)


def test_what_an_earlier_version_wrote_does_not_stay_between_the_new_photographs(tmp_path):
    assert datasets.write_walk(tmp_path, elsewhere=True, places="others") == {}  # in no place of a class
    for name, colour in (("bird/second_walk_901.jpg", 3), ("fruit/second_walk_101.jpg", 4), ("bird/mine.jpg", 5)):
        write(tmp_path, name, colour)
    datasets.write_walk(tmp_path, elsewhere=True, places="some")
    names = sorted(file.name.rpartition("_")[0] or file.name for file in tmp_path.rglob("*.jpg"))
    assert Counter(names) == {"mine.jpg": 1, "second_walk": 20, "third_walk": 33}


def test_what_is_elsewhere_comes_in_two_parts_that_share_neither_a_thing_nor_a_place():
    for name in CLASSES:
        first, some, others = ([thing.file for thing in written._things(name, walk)] for walk in written.STREAMS)
        assert len(set(first + some + others)) == len(first + some + others)
        assert len(some) == 5 and len(others) >= 5
    learned_from, tested = set(), set()
    for name in CLASSES:
        learned_from |= set(written._places(name, "first")) | set(written._places(name, "second"))
        tested |= set(written._places(name, "third"))
        assert written._places(name, "first")[0] not in written._places(name, "second")
    assert len(tested) == 3 and tested.isdisjoint(learned_from)


@pytest.mark.parametrize("seed", [0, 1])
def test_elsewhere_says_which_things_stand_in_the_place_of_another_class(seed, tmp_path, monkeypatch):
    stood = []
    scene = written._scene
    monkeypatch.setattr(written, "_scene", lambda thing, place, rng: stood.append(place) or scene(thing, place, rng))
    misleading = datasets.write_walk(tmp_path, elsewhere=True, places="some", seed=seed)
    files = sorted(tmp_path.rglob("second_walk_*.jpg"), key=lambda file: file.name)
    assert len(files) == len(stood) == 20 and 0 < len(misleading) < 20
    for file, place in zip(files, stood, strict=True):
        owner = next((name for name, home in written.PLACES.items() if home == place), None)
        assert owner != file.parent.name
        assert misleading.get(file.name) == owner


@pytest.mark.parametrize(("elsewhere", "places"), [(True, "few"), (True, "all"), (False, "some")])
def test_places_that_there_are_not_are_refused(elsewhere, places, tmp_path):
    with pytest.raises(ValueError, match="Expected elsewhere=True with places="):
        datasets.write_walk(tmp_path, elsewhere=elsewhere, places=places)
    assert not list(tmp_path.iterdir())


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=12))
def test_near_copies_stop_exactly_if_two_of_them_have_two_labels(shots):
    things, labels = np.array(shots).T
    similar = things[:, np.newaxis] == things
    files = [f"class{label}/{number}.jpg" for number, label in enumerate(labels)]
    pairs = [(i, j) for j in range(len(shots)) for i in range(j) if things[i] == things[j] and labels[i] != labels[j]]
    if not pairs:
        datasets.check_near_copies(similar, labels, files)
        return
    with pytest.raises(datasets.DataError) as caught:
        datasets.check_near_copies(similar, labels, files)
    message = str(caught.value)
    assert message.startswith(f"Near-copies have two labels (pairs: {len(pairs)}): ") and "\n" not in message
    i, j = min(pairs)
    assert f"{files[i]} and {files[j]}" in message


def test_too_few_things_for_the_folds_are_counted_and_named_in_one_line():
    y = np.array([0] * 6 + [1] * 7 + [2] * 5)
    groups = np.array([0, 0, 0, 1, 1, 1, *range(10, 17), 20, 21, 22, 23, 23])
    with pytest.raises(datasets.DataError) as caught:
        datasets.check_things(groups, y, ("bird", "cat", "dog"), folds=5)
    message = str(caught.value)
    assert "\n" not in message and "at least 5" in message and "Add photographs of other things" in message
    assert "bird has 2 (photographs: 6), dog has 4 (photographs: 5)" in message
    assert "cat" not in message
    datasets.check_things(np.arange(10), np.array([0, 1] * 5), ("bird", "cat"), folds=5)
