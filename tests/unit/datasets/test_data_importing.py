"""Folders and archives of pictures become splits; what is wrong with them is said in one line."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_pictures import pack

from course_utils import datasets
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.reading import read_splits


def refused(path, *, match, name="mine", **options):
    with pytest.raises(datasets.DataError, match=match) as caught:
        datasets.import_images(path, name=name, **options)
    assert "\n" not in str(caught.value)
    assert not datasets.registry.stored_path(name).exists()
    return str(caught.value)


def test_a_folder_without_splits_is_split(folder, home):
    stored = datasets.import_images(folder({"cat": 20, "dog": 30}), name="pets")
    origin = f"imported from pictures, stored in {home / 'pets.npz'}"
    assert stored == f"pets: 40 train + 10 test images in 2 classes, {origin}."
    data = datasets.load("pets", quiet=True)
    assert data.class_names == ("cat", "dog")
    assert (len(data.train), len(data.validation), len(data.test)) == (36, 4, 10)
    assert np.bincount(data.test.y).tolist() == [4, 6]
    assert len(set(data.train.y[:12].tolist())) == 2  # not sorted by class
    everything = np.concatenate([data.train.x, data.validation.x, data.test.x])
    assert sorted(everything[:, 0, 0, 0].tolist()) == list(range(1, 51))  # each picture once


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".tar.xz", ".tar.bz2"])
def test_archives_give_what_the_folder_gives_and_are_not_extracted(folder, tmp_path, ending, home):
    root = folder(
        {"кошка": 8, "Übel & Co": 4}, splits=("train", "test"), where="outer/внутри"
    )  # a folder around it all
    expected = read_splits(root)
    path = pack(root.parent, tmp_path / f"bilder 图片{ending}")
    before = set(tmp_path.rglob("*"))
    datasets.import_images(path, name="тиere")
    assert set(tmp_path.rglob("*")) - before == {home, home / "тиere.npz"}
    found = read_splits(path)
    assert found.class_names == expected.class_names
    for split in expected.splits:
        assert np.array_equal(found.splits[split][0], expected.splits[split][0])
        assert np.array_equal(found.splits[split][1], expected.splits[split][1])


def test_grey_pictures_have_one_channel(folder, picture):
    root = folder({"a": 4, "b": 4})
    for number, file in enumerate(sorted(root.rglob("*.png"))):
        file.write_bytes(picture(number, mode="L"))
    assert read_splits(root).splits["train"][0].shape == (6, 6, 5, 1)
    (root / "a" / "0000.png").write_bytes(picture(0))
    assert read_splits(root).splits["train"][0].shape == (6, 6, 5, 3)


def test_different_sizes_need_a_size(folder, picture):
    root = folder({"cat": 4, "dog": 4})
    (root / "dog" / "large.png").write_bytes(picture(7, size=(60, 50)))
    refused(root, match=r"differ in size, cat/0000\.png is 6x5 and dog/large\.png is 60x50 .*--size 64")
    datasets.import_images(root, name="mine", size=9)
    assert datasets.load("mine", quiet=True).train.x.shape[1:] == (9, 9, 3)
    assert datasets.load(f"folder:{root}", size=16, quiet=True).train.x.shape[1:] == (16, 16, 3)


@pytest.mark.parametrize("size", [0, 5000, 2.5, "64", (4, 4)])
def test_a_size_that_is_none_is_refused(folder, size):
    with pytest.raises(ValueError, match="Expected size to be a whole number, 1 to 4096"):
        read_splits(folder({"cat": 4, "dog": 4}), size=size)


def test_no_pictures_and_no_folder(tmp_path):
    refused(tmp_path / "nowhere", match="nowhere does not exist")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "readme.txt").write_text("")
    refused(tmp_path / "pictures", match="holds no pictures")


def test_a_failed_import_leaves_the_old_file(folder, home):
    root = folder({"cat": 4, "dog": 4})
    datasets.import_images(root, name="pets")
    before = (home / "pets.npz").read_bytes()
    (root / "cat" / "bad.png").write_bytes(b"")
    with pytest.raises(datasets.DataError):
        datasets.import_images(root, name="pets")
    assert (home / "pets.npz").read_bytes() == before
    assert [path.name for path in home.iterdir()] == ["pets.npz"]


@pytest.mark.parametrize("name", ["", "digits", "folder", "a/b", "../x", "a b", "x" * 61, "1st", ".hidden"])
def test_names_that_cannot_be(folder, name):
    with pytest.raises(datasets.DataError, match="A name is"):
        datasets.import_images(folder({"cat": 4, "dog": 4}), name=name)


def test_a_benchmark_name_is_for_the_benchmark_alone(folder):
    refused(folder({"cat": 4, "dog": 4}), name="cifar10", match=r"folders are not the classes of cifar10 .*--name")
    root = folder(dict.fromkeys(BENCHMARKS["cifar10"].class_names, 3), where="more")
    refused(root, name="cifar10", match=r"cannot be kept as cifar10: cifar10 has images of shapes")


def test_a_benchmark_keeps_its_own_order_of_classes(tmp_path, picture, monkeypatch):
    """Sorted by name Ankle boot would come first; in Fashion-MNIST it is the last."""
    official = BENCHMARKS["fashion_mnist"]
    tiny = replace(official, n_train=20, n_test=10, shape=(6, 5, 1))
    monkeypatch.setitem(BENCHMARKS, "fashion_mnist", tiny)
    for label, name in enumerate(official.class_names):
        for split, count in (("train", 2), ("test", 1)):
            place = tmp_path / "clothes" / split / name.lower().replace("/", "-")
            place.mkdir(parents=True)
            for i in range(count):
                (place / f"{i}.png").write_bytes(picture(label, mode="L"))
    datasets.import_images(tmp_path / "clothes", name="fashion_mnist")
    data = datasets.load("fashion_mnist", quiet=True)
    assert data.class_names == official.class_names
    assert np.array_equal(data.test.x[:, 0, 0, 0], data.test.y)
    assert np.array_equal(data.train.x[:, 0, 0, 0], data.train.y)


def test_a_note_is_shown_wherever_the_data_is_and_no_absolute_path(folder, home, tmp_path, capsys):
    root = folder({"cat": 4, "dog": 4})
    datasets.import_images(root, name="pets", note="blurred copy")
    assert str(tmp_path).encode() not in (home / "pets.npz").read_bytes()
    data = datasets.load("pets")
    assert data.card.label == "pets (blurred copy)"
    for words in ("This copy: blurred copy", "This copy: kept in the data home, imported from pictures"):
        assert words in str(data.card)
    datasets.load(f"folder:{root}")
    said = capsys.readouterr()
    assert said.out.startswith("pets (blurred copy): ")
    assert [line.partition("classes; ")[2] for line in said.out.splitlines()] == [
        "kept in the data home, imported from pictures.",
        "read from pictures.",
    ]
    assert str(tmp_path) not in said.out + str(data.card)
    assert said.err == ""  # no bar without a terminal


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz"])
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_an_altered_archive_is_read_or_refused_in_one_line(tmp_path, picture, ending, data):
    root = tmp_path / "pictures"
    if not root.exists():
        for class_name in ("cat", "dog"):
            (root / class_name).mkdir(parents=True)
            for i in range(3):
                (root / class_name / f"{i}.png").write_bytes(picture(i))
    path = pack(root, tmp_path / f"altered{ending}")
    original = path.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    path.write_bytes(original[:position] + bytes([data.draw(st.integers(0, 255))]) + original[position + 1 :])
    try:
        images = read_splits(path)
    except datasets.DataError as error:
        assert "\n" not in str(error)
        assert path.name in str(error)
        return
    assert all(x.dtype == np.uint8 and len(x) == len(y) for x, y in images.splits.values())


def test_a_bar_on_a_terminal_but_never_headless(folder, capfd, monkeypatch):
    root = folder({"cat": 4, "dog": 4})
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    for headless, shown in (("0", True), ("1", False)):
        monkeypatch.setenv("COURSE_HEADLESS", headless)
        read_splits(root)
        assert ("pictures" in capfd.readouterr().err) == shown
