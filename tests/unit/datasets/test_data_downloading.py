"""Fetching from a server on this machine: whole, cut off, altered, slow, gone."""

import gzip
import hashlib
import os
import time
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pytest
from click.testing import CliRunner
from stand_in_server import Server
from test_data_originals import as_idx

from course_utils import datasets, files
from course_utils.datasets import downloading
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.tooling import cli

NOWHERE = "http://127.0.0.1:1/"  # port 1: nobody listens there


@pytest.fixture
def tiny(server, monkeypatch):
    """MNIST as it is, but for its size: 20 + 10 random images, their sums, and a server on this machine."""
    rng = np.random.default_rng(0)
    data = [
        rng.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        np.arange(20, dtype=np.uint8) % 10,
        rng.integers(0, 256, (10, 28, 28), dtype=np.uint8),
        np.arange(10, dtype=np.uint8),
    ]
    server.files = {
        name: gzip.compress(as_idx(array), mtime=0) for name, array in zip(BENCHMARKS["mnist"].files, data, strict=True)
    }
    server.victim = "t10k-images-idx3-ubyte.gz"
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in server.files.items()}
    tiny = replace(BENCHMARKS["mnist"], files=sums, addresses=(server.address,), n_train=20, n_test=10)
    monkeypatch.setitem(BENCHMARKS, "mnist", tiny)
    return tiny


def files_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) if folder.exists() else []


def refused(home, *, match, address=None):
    before = files_below(home)
    with pytest.raises(datasets.DataError, match=match) as caught:
        datasets.fetch("mnist", address=address)
    assert "\n" not in str(caught.value)
    assert files_below(home) == before  # nothing half-written is left, what was there is intact
    return str(caught.value)


def test_whole(tiny, server, home, capfd):
    stored = datasets.fetch("mnist")
    assert stored == (
        "mnist: 20 train + 10 test images in 10 classes, fetched from the original files, "
        f"stored in {home / 'mnist.npz'}."
    )
    assert files_below(home) == ["mnist.npz"]
    assert capfd.readouterr() == ("", "")
    data = datasets.load("mnist", validation=5)
    assert data.test.y.tolist() == list(range(10))
    assert data.train.x.shape == (10, 28, 28, 1)
    assert "10 classes; kept in the data home, fetched from the original files.\n" in capfd.readouterr().out
    asked = len(server.requests)
    assert "It was there already; delete it" in datasets.fetch("mnist")
    assert len(server.requests) == asked


def test_a_server_that_says_no_more_is_given_up(tiny, server, home, monkeypatch):
    monkeypatch.setattr(downloading, "TIMEOUT", 0.5)
    for server.manner in ("silent", "stalled"):
        refused(home, match=r"t10k-images-idx3-ubyte\.gz of mnist .*: 127\S+ does not answer \(wait a while, then run")


FAULTS = {
    "cut off": r"the connection to \S+ was cut off \(run the same command again\)",
    "altered": "does not have the published checksum",
    "gone": "answers 404",
}


@pytest.mark.parametrize("manner", FAULTS)
def test_faults_are_named_and_leave_nothing_and_another_address_helps(tiny, server, home, manner, monkeypatch):
    server.manner = manner
    refused(home, match=rf"t10k-images-idx3-ubyte\.gz of mnist was not fetched: .*{FAULTS[manner]}")
    second = Server()
    second.files = server.files
    monkeypatch.setitem(BENCHMARKS, "mnist", replace(tiny, addresses=(server.address, second.address)))
    try:
        datasets.fetch("mnist")
    finally:
        second.close()
    assert files_below(home) == ["mnist.npz"]
    assert second.requests == [server.victim]


def test_no_network_says_so_and_names_the_manual_way(tiny, home):
    line = refused(home, match=r"no connection to 127\.0\.0\.1:1 \(check the network and the proxy\)", address=NOWHERE)
    for words in (*tiny.files, NOWHERE, str(home / "originals" / "mnist"), "course data fetch mnist"):
        assert words in line


def test_a_server_in_the_room_serves_the_same_files_and_their_sums_are_compared(tiny, server, home, monkeypatch):
    monkeypatch.setitem(BENCHMARKS, "mnist", replace(tiny, addresses=(NOWHERE,)))
    server.manner = "altered"
    refused(home, match=r"t10k-images-idx3-ubyte\.gz .*does not have the published checksum", address=server.address)
    server.manner = "whole"
    server.requests.clear()
    done = CliRunner().invoke(cli.course, ["data", "fetch", "mnist", "--from", server.address.rstrip("/")])
    assert done.exit_code == 0, done.output
    assert server.requests == list(tiny.files)
    data = datasets.load("mnist", validation=10, quiet=True)
    assert data.test.y.tolist() == list(range(10)) and len(data.train) == 10


def test_what_a_killed_command_left_is_removed_a_day_later(tiny, home, folder, monkeypatch):
    left = []

    def stopped(benchmark, file, addresses, place):
        left.append(place)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(downloading, "_download", stopped)
        datasets.fetch("mnist")
    with files.written_whole(home / "mnist.npz"):
        left += home.glob(".mnist-*")
    place, part = left  # such names a killed command leaves
    mine, inside = home / "mine.part", place / "half.gz"
    import_pets = partial(datasets.import_images, folder({"cat": 4, "dog": 4}), name="pets")
    for command, (hours, stays) in product((partial(datasets.fetch, "mnist"), import_pets), ((23, True), (25, False))):
        place.mkdir(exist_ok=True)
        for file in (part, mine, inside):
            file.touch()
            os.utime(file, (time.time() - 3600 * hours,) * 2)
        os.utime(place, (0, 0))
        (home / "mnist.npz").unlink(missing_ok=True)
        command()
        assert [file.exists() for file in (part, inside, place, mine)] == [stays, stays, stays, True]


def test_files_put_there_by_hand_need_no_network_and_a_wrong_one_is_named(tiny, server, home):
    place = home / "originals" / "mnist"
    place.mkdir(parents=True)
    for name, data in server.files.items():
        (place / name).write_bytes(data)
    (place / server.victim).write_bytes(b"something else")
    refused(home, match=rf"{server.victim} does not have the published checksum\. Delete it", address=NOWHERE)
    (place / server.victim).write_bytes(server.files[server.victim])
    datasets.fetch("mnist", address=NOWHERE)
    assert (home / "mnist.npz").is_file()
    assert len(list(place.iterdir())) == 4  # what the user put there is the user's


def test_the_right_checksum_of_the_wrong_thing(tiny, server, home, monkeypatch):
    """Cannot happen with the published sums; if it did, the line says whose fault it is."""
    server.files[server.victim] = b"no gzip file"
    sums = {**tiny.files, server.victim: hashlib.sha256(b"no gzip file").hexdigest()}
    monkeypatch.setitem(BENCHMARKS, "mnist", replace(tiny, files=sums))
    refused(home, match=r"mnist: the original files cannot be read .*Report it")


def test_a_disk_that_fills_up_while_downloading(tiny, home, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.move", full)
    refused(home, match=r"cannot be written \(No space left on device\)\. Make room")


def test_a_damaged_stored_file_is_fetched_anew(tiny, home):
    home.mkdir()
    (home / "mnist.npz").write_bytes(b"damaged")
    with pytest.raises(datasets.DataError, match=r"cannot be read as mnist .*course data fetch mnist"):
        datasets.load("mnist")
    datasets.fetch("mnist")
    assert len(datasets.load("mnist", validation=10, quiet=True).test) == 10


@pytest.mark.parametrize(("name", "match"), [("digits", "needs no download"), ("minst", "no data set called 'minst'")])
def test_names_that_are_not_fetched(name, match):
    with pytest.raises(datasets.DataError, match=match):
        datasets.fetch(name)


def test_a_data_home_that_cannot_be_made(tiny, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(datasets.DataError, match=r"file cannot be written .*COURSE_DATA"):
        datasets.fetch("mnist")
