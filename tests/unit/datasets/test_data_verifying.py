"""verify: a verdict on every file of the data home."""

import os

import numpy as np
import pytest

from course_utils import datasets
from course_utils.datasets.storage import array_sum, write

ORIGIN = {"how": "imported from", "from": "mine.zip"}


def test_an_empty_home(home):
    assert datasets.verify() == []
    assert not home.exists()


def test_good_bad_and_unrecorded_files(home, arrays):
    write(home / "good.npz", arrays, ORIGIN)
    np.savez(home / "hand.npz", **arrays)
    (home / "short.npz").write_bytes((home / "good.npz").read_bytes()[:900])
    verdicts = {verdict.path.name: verdict for verdict in datasets.verify()}
    assert {name: verdict.ok for name, verdict in verdicts.items()} == {
        "good.npz": True,
        "hand.npz": True,
        "short.npz": False,
    }
    assert "30 + 9 images in 3 classes, imported from mine.zip" in verdicts["good.npz"].message
    assert "placed by hand" in verdicts["hand.npz"].message
    assert "short.npz cannot be read" in verdicts["short.npz"].message
    assert all("\n" not in verdict.message for verdict in verdicts.values())


@pytest.mark.parametrize("name", ["x_train", "y_train", "x_test", "y_test", "class_names", "note"])
def test_one_value_of_any_array_large_or_small_tells(home, arrays, name, monkeypatch):
    """What lies in the file is one value off what was recorded, in an array of twelve megabytes or of one word."""
    arrays["x_train"] = np.zeros((600_000, 4, 5, 1), np.uint8)
    arrays["y_train"] = np.arange(600_000) % 3
    recorded = array_sum(arrays[name])
    altered = arrays[name].copy()
    altered.reshape(-1)[-1] = (
        "made uq" if name == "note" else "emv" if name == "class_names" else 1 - altered.flat[-1] % 2
    )
    with monkeypatch.context() as patch:
        patch.setattr(
            "course_utils.datasets.storage.array_sum",
            lambda array: recorded if array is altered else array_sum(array),
        )
        write(home / "mine.npz", arrays | {name: altered}, ORIGIN)
    [verdict] = datasets.verify()
    assert not verdict.ok
    assert f"{name} is not what was stored" in verdict.message


def test_originals_put_there_by_hand(home):
    place = home / "originals" / "cifar10"
    place.mkdir(parents=True)
    (place / "cifar-10-binary.tar.gz").write_bytes(b"something else")
    [verdict] = datasets.verify()
    assert not verdict.ok
    assert "cifar-10-binary.tar.gz does not have the published checksum" in verdict.message


def test_what_a_killed_command_left_behind(home):
    home.mkdir()
    for name, age in ((".cifar10-abc.part", 2 * 86_400), (".mnist-abc.part", 10), (".DS_Store", 2 * 86_400)):
        (home / name).write_bytes(b"half")
        when = (home / name).stat().st_mtime - age
        os.utime(home / name, (when, when))
    [verdict] = datasets.verify()
    assert verdict.path.name == ".cifar10-abc.part"
    assert not verdict.ok
    assert "Delete it" in verdict.message


def test_a_home_that_is_a_file(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(datasets.DataError, match="file cannot be read"):
        datasets.verify()
