"""Folders and archives of pictures become splits; what is wrong with them is said in one line."""

import os
import tarfile
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from course_utils import datasets
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.importing import read_images


def pack(root, path):
    """The folder as an archive of the kind that the name says, members relative to it."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(root.rglob("*")):
                archive.write(file, file.relative_to(root))
    else:
        kind = path.name.rpartition(".tar")[2].lstrip(".")
        with tarfile.open(path, f"w:{kind}") as archive:
            archive.add(root, arcname=".")
    return path


def refused(path, *, match, **options):
    with pytest.raises(datasets.DataError, match=match) as caught:
        datasets.import_images(path, name="mine", **options)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    assert not datasets.registry.stored_path("mine").exists()


def contents(images):
    return {
        split: sorted((int(x.sum()), int(label)) for x, label in zip(*pair, strict=True))
        for split, pair in images.splits.items()
    }


def test_a_folder_without_splits_is_split(folder, home):
    stored = datasets.import_images(folder({"cat": 20, "dog": 30}), name="pets")
    assert stored.images == {"train": 40, "test": 10}
    assert str(stored) == f"pets: 40 train + 10 test images in 2 classes, stored in {home / 'pets.npz'}."
    data = datasets.load("pets", quiet=True)
    assert data.class_names == ("cat", "dog")
    assert (len(data.train), len(data.validation), len(data.test)) == (36, 4, 10)
    assert np.bincount(data.test.y).tolist() == [4, 6]
    everything = np.concatenate([data.train.x, data.validation.x, data.test.x])
    assert sorted(everything[:, 0, 0, 0].tolist()) == list(range(1, 51))  # each picture once


def test_train_and_test_folders_are_kept(folder):
    datasets.import_images(folder({"cat": 6, "dog": 5}, splits=("train", "test")), name="pets")
    data = datasets.load("pets", quiet=True)
    assert (len(data.train) + len(data.validation), len(data.test)) == (11, 11)
    assert data.test.x[:, 0, 0, 0].min() == 12  # the fixture numbers pictures in order


def test_a_validation_folder_is_kept(folder):
    datasets.import_images(folder({"cat": 6, "dog": 5}, splits=("train", "val", "test")), name="pets")
    data = datasets.load("pets", quiet=True)
    assert [len(split) for split in (data.train, data.validation, data.test)] == [11, 11, 11]


@pytest.mark.parametrize("ending", [".zip", ".tar", ".tar.gz", ".tar.xz", ".tar.bz2"])
def test_archives_give_what_the_folder_gives(folder, tmp_path, ending):
    root = folder({"cat": 8, "dog": 4}, splits=("train", "test"))
    expected = read_images(root)
    found = read_images(pack(root, tmp_path / f"pictures{ending}"))
    assert found.class_names == expected.class_names
    for split in expected.splits:
        assert np.array_equal(found.splits[split][0], expected.splits[split][0])
        assert np.array_equal(found.splits[split][1], expected.splits[split][1])


def test_nothing_is_extracted(folder, tmp_path, home):
    root = folder({"cat": 8, "dog": 4})
    path = pack(root, tmp_path / "pictures.tar.xz")
    before = set(tmp_path.rglob("*"))
    datasets.import_images(path, name="pets")
    assert set(tmp_path.rglob("*")) - before == {home, home / "pets.npz"}


def test_a_folder_around_it_all_does_not_matter(folder, tmp_path):
    root = folder({"cat": 8, "dog": 4}, splits=("train", "test"), where="outer/inner")
    assert contents(read_images(tmp_path / "outer")) == contents(read_images(root))


def test_a_class_called_train_beside_other_classes_is_a_class(folder):
    assert read_images(folder({"bus": 4, "train": 4, "tram": 4})).class_names == ("bus", "train", "tram")


def test_names_in_other_scripts(folder, tmp_path):
    root = folder({"кошка": 4, "犬": 4, "Übel & Co": 4})
    path = pack(root, tmp_path / "bilder 图片.zip")
    datasets.import_images(path, name="тиere")
    data = datasets.load("тиere", quiet=True)
    assert data.class_names == ("Übel & Co", "кошка", "犬")
    assert "тиere" in datasets.names()


def test_pictures_are_not_sorted_by_class(folder):
    labels = read_images(folder({"cat": 40, "dog": 40})).splits["train"][1]
    assert len(set(labels[:12].tolist())) == 2


def test_grey_pictures_have_one_channel(tmp_path, picture):
    for name in "ab":
        (tmp_path / "grey" / name).mkdir(parents=True)
        for i in range(4):
            (tmp_path / "grey" / name / f"{i}.png").write_bytes(picture(i, mode="L"))
    assert read_images(tmp_path / "grey").splits["train"][0].shape == (6, 6, 5, 1)
    (tmp_path / "grey" / "a" / "0.png").write_bytes(picture(0))
    assert read_images(tmp_path / "grey").splits["train"][0].shape == (6, 6, 5, 3)


def test_different_sizes_need_a_size(folder, picture):
    root = folder({"cat": 4, "dog": 4})
    (root / "dog" / "large.png").write_bytes(picture(7, size=(60, 50)))
    refused(root, match=r"differ in size, cat/0000\.png is 6x5 and dog/large\.png is 60x50 .*--size 64")
    datasets.import_images(root, name="mine", size=(9, 8))
    assert datasets.load("mine", quiet=True).train.x.shape[1:] == (9, 8, 3)
    assert datasets.load(f"folder:{root}", size=16, quiet=True).train.x.shape[1:] == (16, 16, 3)


@pytest.mark.parametrize("size", [0, -1, 5000, 2.5, "64", (3,), (1, 2, 3), (4, 0)])
def test_a_size_that_is_none_is_refused(folder, size):
    with pytest.raises(ValueError, match="size is a side or"):
        read_images(folder({"cat": 4, "dog": 4}), size=size)


def test_a_wrong_ending_does_not_matter(folder, picture):
    root = folder({"cat": 4, "dog": 4})
    (root / "cat" / "0000.png").write_bytes(picture(77, form="BMP"))
    assert 77 in np.concatenate([x[:, 0, 0, 0] for x, _ in read_images(root).splits.values()])


def test_other_files_are_left_out_and_counted(folder):
    root = folder({"cat": 4, "dog": 4})
    for name in ("notes.txt", "cat/list.csv", ".DS_Store", "cat/Thumbs.db", "dog/._0000.png"):
        (root / name).write_bytes(b"not a picture")
    stored = datasets.import_images(root, name="pets")
    assert stored.left_out == 2  # what systems leave lying about is not worth a word
    assert "Left out: 2 files" in str(stored)


@pytest.mark.parametrize("data", [b"", b"not a picture", None], ids=["empty", "text", "truncated"])
@pytest.mark.parametrize("packed", [False, True])
def test_an_unreadable_picture_is_named(folder, tmp_path, picture, data, packed):
    root = folder({"cat": 4, "dog": 4})
    whole = picture(7, size=(50, 50), form="JPEG")
    (root / "dog" / "bad.jpg").write_bytes(whole[: len(whole) // 2] if data is None else data)
    path = pack(root, tmp_path / "pictures.zip") if packed else root
    refused(path, size=8, match=r"dog/bad\.jpg is no readable picture .*Replace or delete it")


def test_a_picture_of_more_than_50_megapixels_is_named(folder):
    root = folder({"cat": 4, "dog": 4})
    Image.new("1", (8_000, 7_000)).save(root / "cat" / "poster.png")
    refused(root, size=8, match=r"cat/poster\.png is no readable picture \(8000x7000 pixels, at most 50,000,000")


def test_a_file_name_cannot_write_to_the_terminal(folder):
    root = folder({"cat": 4, "dog": 4})
    (root / "dog" / "bad\n\x1b[31m.jpg").write_bytes(b"")
    refused(root, match=r"bad\\n\\x1b\[31m\.jpg")


@pytest.mark.parametrize(
    ("counts", "match"),
    [
        ({"cat": 5}, "one class only, cat"),
        ({"cat": 1}, "one class only"),
        ({"cat": 5, "dog": 2}, "class dog has 2 training pictures, at least 3"),
        ({}, "holds no pictures"),
    ],
)
def test_too_little_to_learn_from(folder, tmp_path, counts, match):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "readme.txt").write_text("")
    refused(folder(counts), match=match)


def test_pictures_without_a_class_folder(folder, picture):
    root = folder({"cat": 4, "dog": 4})
    (root / "stray.png").write_bytes(picture())
    refused(root, match=r"stray\.png lies in no class folder")


def test_class_folders_beside_train(folder, picture):
    root = folder({"cat": 4, "dog": 4}, splits=("train", "holdout"))
    refused(root, match="folders holdout lie beside train")


def test_a_class_that_is_only_tested(folder, picture):
    root = folder({"cat": 4, "dog": 4}, splits=("train", "test"))
    (root / "test" / "emu").mkdir()
    (root / "test" / "emu" / "1.png").write_bytes(picture())
    refused(root, match="class emu has 0 training pictures")


def test_no_such_folder(tmp_path):
    refused(tmp_path / "nowhere", match="nowhere does not exist")


def test_a_failed_import_leaves_the_old_file(folder, home, picture):
    root = folder({"cat": 4, "dog": 4})
    datasets.import_images(root, name="pets")
    before = (home / "pets.npz").read_bytes()
    (root / "cat" / "bad.png").write_bytes(b"")
    with pytest.raises(datasets.DataError):
        datasets.import_images(root, name="pets")
    assert (home / "pets.npz").read_bytes() == before
    assert [path.name for path in home.iterdir()] == ["pets.npz"]


@pytest.mark.parametrize(
    "name", ["", "digits", "shapes", "cutouts", "folder", "a/b", "../x", "a b", "x" * 61, "1st", ".hidden"]
)
def test_names_that_cannot_be(folder, name):
    with pytest.raises(datasets.DataError, match="A name is"):
        datasets.import_images(folder({"cat": 4, "dog": 4}), name=name)


def test_a_benchmark_name_is_for_the_benchmark_alone(folder):
    root = folder({"cat": 4, "dog": 4})
    with pytest.raises(datasets.DataError, match=r"folders are not the classes of cifar10 .*--name"):
        datasets.import_images(root, name="cifar10")
    root = folder(dict.fromkeys(BENCHMARKS["cifar10"].class_names, 3), where="more")
    with pytest.raises(datasets.DataError, match=r"cannot be kept as cifar10: cifar10 has images of shapes"):
        datasets.import_images(root, name="cifar10")


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


def test_a_note_is_shown_wherever_the_data_is(folder, capsys):
    datasets.import_images(folder({"cat": 4, "dog": 4}), name="pets", note="blurred copy")
    data = datasets.load("pets")
    assert data.card.label == "pets (blurred copy)"
    assert capsys.readouterr().out.startswith("pets (blurred copy): ")
    assert "This copy: blurred copy" in str(data.card)
    assert "imported from pictures" in str(data.card)


def test_no_absolute_path_is_stored_or_shown(folder, home, tmp_path, capsys):
    root = folder({"cat": 4, "dog": 4})
    datasets.import_images(root, name="pets")
    assert str(tmp_path).encode() not in (home / "pets.npz").read_bytes()
    data = datasets.load("pets")
    datasets.load(f"folder:{root}")
    assert str(tmp_path) not in capsys.readouterr().out + str(data.card)


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
        images = read_images(path)
    except datasets.DataError as error:
        assert "\n" not in str(error)
        assert path.name in str(error)
        return
    assert all(x.dtype == np.uint8 and len(x) == len(y) for x, y in images.splits.values())


class Ticks:
    """A progress bar that counts."""

    total, done, closed = None, 0, False

    def update(self, n):
        self.done += n

    def close(self):
        self.closed = True


@pytest.mark.parametrize("ending", ["", ".zip", ".tar.gz"])
def test_progress_reaches_its_end(folder, tmp_path, ending):
    root = folder({"cat": 4, "dog": 4})
    ticks = Ticks()
    read_images(pack(root, tmp_path / f"p{ending}") if ending else root, progress=ticks)
    assert ticks.closed
    assert 0 < ticks.done <= ticks.total


def test_no_bar_without_a_terminal(folder, capfd):
    datasets.import_images(folder({"cat": 4, "dog": 4}), name="pets")
    assert capfd.readouterr() == ("", "")


def test_a_bar_when_asked_for_but_never_headless(folder, capfd, monkeypatch):
    root = folder({"cat": 4, "dog": 4})
    read_images(root, progress=True)
    assert "pictures" in capfd.readouterr().err
    monkeypatch.setenv("COURSE_HEADLESS", "0")
    read_images(root, progress=True)
    assert "pictures" in capfd.readouterr().err
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    read_images(root, progress=True)
    assert capfd.readouterr().err == ""


def test_no_permission_is_named(folder, monkeypatch):
    root = folder({"cat": 4, "dog": 4})
    if os.name == "posix" and os.geteuid() != 0:
        (root / "cat" / "0000.png").chmod(0)
    else:  # no permission binds the administrator, so the refusal is put on

        def denied(path, *mode):
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr("pathlib.Path.open", denied)
    refused(root, match=r"0000\.png may not be read")
