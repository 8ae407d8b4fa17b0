"""verify: a verdict on every file of the data home."""

import numpy as np
import pytest

from course_utils import datasets
from course_utils.datasets.storage import write


def test_an_empty_home(home):
    assert datasets.verify() == []
    assert not home.exists()


def test_every_file_of_the_data_home_gets_its_line(home, arrays):
    write(home / "good.npz", arrays, "read from mine.zip")
    np.savez(home / "hand.npz", **arrays)
    altered = bytearray((home / "good.npz").read_bytes())
    altered[altered.index(arrays["x_train"].tobytes())] ^= 1
    (home / "altered.npz").write_bytes(altered)
    (home / ".cifar10-abc.part").write_bytes(b"half")
    (home / ".DS_Store").write_bytes(b"a system's")
    place = home / "originals" / "cifar10"
    place.mkdir(parents=True)
    (place / "cifar-10-binary.tar.gz").write_bytes(b"something else")
    part, wrong, good, hand, original = datasets.verify()
    assert good == (True, "good.npz: 30 + 9 images in 3 classes, read from mine.zip: whole.")
    assert hand.ok and "placed by hand" in hand.message
    for verdict, said in (
        (part, ".cifar10-abc.part is half-written. Delete it"),
        (wrong, "altered.npz cannot be read as altered (Bad CRC-32"),
        (original, "cifar-10-binary.tar.gz does not have the published checksum"),
    ):
        assert not verdict.ok and said in verdict.message and "\n" not in verdict.message


def test_a_home_that_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(datasets.DataError, match="file cannot be read"):
        datasets.verify()
