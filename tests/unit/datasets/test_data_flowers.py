"""Oxford's flowers, from an imitation of their three files: photographs of one colour, labels, splits."""

import hashlib
import io
import tarfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat
from small_pictures import saved

from course_utils import datasets
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.originals import read_original

KINDS, PHOTOGRAPHS = 3, 24
NUMBERS = {"trnid": [24, 2, 3, 4, 5, 6], "valid": [1, 8, 9], "tstid": [*range(10, 24), 7]}


def grey(number):
    """The value of every pixel of a photograph."""
    return 10 * number


def photograph(number):
    return saved(Image.new("RGB", (70, 50), (grey(number),) * 3), "JPEG", quality=95)


def write_originals(folder, *, numbers=range(PHOTOGRAPHS, 0, -1)):
    """The three files, the photographs in an order of their own; returns them by name."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / "102flowers.tgz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("jpg/readme.txt"))
        for number in numbers:
            data = photograph(number)
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
    benchmark = tiny_of(write_originals(home / "originals" / "flowers"))
    monkeypatch.setitem(BENCHMARKS, "flowers", benchmark)
    return benchmark


def test_every_photograph_gets_its_own_label_and_split(tiny, home):
    arrays = read_original(tiny, {name: home / "originals" / "flowers" / name for name in tiny.files})
    for split, key in {"train": "trnid", "validation": "valid", "test": "tstid"}.items():
        assert arrays[f"x_{split}"].shape == (len(NUMBERS[key]), 224, 224, 3)
        assert arrays[f"y_{split}"].tolist() == [number % KINDS for number in NUMBERS[key]]
        expected = [grey(number) for number in NUMBERS[key]]
        np.testing.assert_allclose(arrays[f"x_{split}"].mean(axis=(1, 2, 3)), expected, atol=1)  # JPEG rounds


def test_fetched_from_originals_and_loaded(tiny, home):
    stored = datasets.fetch("flowers")
    assert stored.startswith("flowers: 6 train + 3 validation + 15 test images in 3 classes")
    data = datasets.load("flowers", quiet=True)
    assert data.train.x.shape == (6, 224, 224, 3)
    assert sorted(data.validation.y.tolist()) == [0, 1, 2]  # the makers' own validation photographs


def test_an_archive_that_lacks_a_photograph_is_refused(home, tmp_path):
    files = write_originals(tmp_path / "originals", numbers=range(1, PHOTOGRAPHS))
    with pytest.raises(ValueError, match="lacks 1 photographs, the first is number 24"):
        read_original(tiny_of(files), files)
