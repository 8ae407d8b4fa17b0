"""Oxford's flowers, from an imitation of their three files: photographs of one colour, labels, splits."""

import hashlib
import io
import re
import shutil
import tarfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from course_utils import datasets
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.downloading import fetch_benchmark, originals_folder
from course_utils.datasets.originals import read_original

KINDS, PHOTOGRAPHS = 3, 24
NUMBERS = {"trnid": [24, 2, 3, 4, 5, 6], "valid": [1, 8, 9], "tstid": [*range(10, 24), 7]}


def grey(number):
    """The value of every pixel of a photograph."""
    return 10 * number


def photograph(number):
    file = io.BytesIO()
    Image.new("RGB", (70, 50), (grey(number),) * 3).save(file, "JPEG", quality=95)
    return file.getvalue()


def write_originals(folder, *, numbers=range(PHOTOGRAPHS, 0, -1), content=photograph):
    """The three files, the photographs in an order of their own; returns them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / "102flowers.tgz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("jpg/readme.txt"))
        for number in numbers:
            data = content(number)
            member = tarfile.TarInfo(f"jpg/image_{number:05d}.jpg")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    savemat(folder / "imagelabels.mat", {"labels": np.array([[1 + n % KINDS for n in range(1, PHOTOGRAPHS + 1)]])})
    savemat(folder / "setid.mat", {key: np.array([value], float) for key, value in NUMBERS.items()})
    return {name: folder / name for name in BENCHMARKS["flowers"].files}


def tiny_of(files):
    sums = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    return replace(
        BENCHMARKS["flowers"],
        files=sums,
        n_train=6,
        n_validation=3,
        n_test=15,
        class_names=("rose", "tulip", "pink-yellow dahlia?"),
    )


@pytest.fixture
def tiny(monkeypatch, home):
    """The imitation lies where originals are put by hand, and counts as the benchmark."""
    datasets.card("flowers")  # the cards are made once, from the published sums
    benchmark = tiny_of(write_originals(originals_folder() / "flowers"))
    monkeypatch.setitem(BENCHMARKS, "flowers", benchmark)
    return benchmark


def test_every_photograph_gets_its_own_label_and_split(tiny):
    paths = {name: originals_folder() / "flowers" / name for name in tiny.files}
    arrays = read_original(tiny, paths)
    for split, key in {"train": "trnid", "validation": "valid", "test": "tstid"}.items():
        assert arrays[f"x_{split}"].shape == (len(NUMBERS[key]), 224, 224, 3)
        assert arrays[f"y_{split}"].tolist() == [number % KINDS for number in NUMBERS[key]]
        expected = [grey(number) for number in NUMBERS[key]]
        np.testing.assert_allclose(arrays[f"x_{split}"].mean(axis=(1, 2, 3)), expected, atol=1)  # JPEG rounds


def test_fetched_from_originals_and_loaded_at_any_size(tiny, home):
    stored = datasets.fetch("flowers", progress=False)
    assert str(stored).startswith("flowers: 6 train + 3 validation + 15 test images in 3 classes")
    data = datasets.load("flowers", quiet=True)
    assert data.train.x.shape == (6, 224, 224, 3)
    assert sorted(data.validation.y.tolist()) == [0, 1, 2]  # the makers' own validation photographs
    small = datasets.load("flowers", size=40, train=3, seed=2, quiet=True)
    assert small.train.x.shape == (3, 40, 40, 3)
    assert small.test.x.shape == (15, 40, 40, 3)
    assert small.test.x.dtype == np.uint8
    np.testing.assert_allclose(small.test.x.mean(axis=(1, 2, 3)), data.test.x.mean(axis=(1, 2, 3)), atol=1)
    assert [verdict.ok for verdict in datasets.verify()] == [True] * 4


@pytest.mark.parametrize("size", [31, 225, (64, 64), 64.0, None, True])
def test_a_size_that_is_not_possible_is_refused_before_anything_is_read(size):
    with pytest.raises(ValueError, match=r"from 32 to 224\. Received"):
        datasets.load("flowers", size=size)


def test_other_settings_are_refused():
    with pytest.raises(ValueError, match="takes no setting called 'colour'"):
        datasets.load("flowers", colour=True)


def test_flowers_that_are_not_there_say_how_to_get_them():
    with pytest.raises(datasets.DataError, match="course data fetch flowers"):
        datasets.load("flowers", size=64)


def test_an_archive_that_lacks_a_photograph_is_refused(home, tmp_path):
    files = write_originals(tmp_path / "originals", numbers=range(1, PHOTOGRAPHS))
    with pytest.raises(ValueError, match="lacks 1 photographs, the first is number 24"):
        read_original(tiny_of(files), files)


def test_another_file_than_the_published_one_is_refused(tiny, home):
    (originals_folder() / "flowers" / "setid.mat").write_bytes(b"altered")
    with pytest.raises(datasets.DataError, match=r"setid\.mat does not have the published checksum"):
        fetch_benchmark(tiny, addresses=("http://127.0.0.1:1/",), progress=False)
    assert not (home / "flowers.npz").exists()


def test_fetched_from_a_server(tiny, server):
    by_hand = originals_folder() / "flowers"
    server.files = {name: (by_hand / name).read_bytes() for name in tiny.files}
    shutil.rmtree(by_hand)
    stored = fetch_benchmark(tiny, addresses=(server.address,))
    assert str(stored).startswith("flowers: 6 train + 3 validation + 15 test images in 3 classes")
    assert sorted(server.requests) == sorted(tiny.files)
    assert datasets.load("flowers", size=40, quiet=True).test.x.shape == (15, 40, 40, 3)


@pytest.mark.parametrize("victim", BENCHMARKS["flowers"].files)
@pytest.mark.parametrize(
    ("manner", "words"),
    [("altered", "does not have the published checksum"), ("cut off", "was cut off"), ("gone", "answers 404")],
)
def test_a_bad_server_is_named_and_leaves_nothing(tiny, server, home, victim, manner, words):
    by_hand = originals_folder() / "flowers"
    server.files = {name: (by_hand / name).read_bytes() for name in tiny.files}
    server.manner, server.victim = manner, victim
    shutil.rmtree(originals_folder())
    with pytest.raises(datasets.DataError, match=rf"{re.escape(victim)} of flowers was not fetched: .*{words}"):
        fetch_benchmark(tiny, addresses=(server.address,))
    assert not list(home.iterdir())
