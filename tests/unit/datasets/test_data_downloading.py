"""Fetching from a server on this machine: whole, cut off, altered, slow, gone."""

import gzip
import hashlib
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from stand_in_server import Server
from test_data_originals import as_idx

from course_utils import datasets
from course_utils.datasets.benchmarks import BENCHMARKS
from course_utils.datasets.downloading import fetch_benchmark, originals_folder

NOWHERE = "http://127.0.0.1:1/"  # port 1: nobody listens there


@pytest.fixture
def tiny(server):
    """MNIST as it is, but for its size: 20 + 10 random images, and their sums."""
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
    return replace(BENCHMARKS["mnist"], files=sums, n_train=20, n_test=10)


def files_below(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) if folder.exists() else []


def refused(tiny, home, *addresses, match, **options):
    before = files_below(home)
    with pytest.raises(datasets.DataError, match=match) as caught:
        fetch_benchmark(tiny, addresses=addresses, **options)
    assert "\n" not in str(caught.value)
    assert files_below(home) == before  # nothing half-written is left, what was there is intact
    return str(caught.value)


def test_whole(tiny, server, home, monkeypatch, capfd):
    stored = fetch_benchmark(tiny, addresses=(server.address,))
    assert str(stored) == f"mnist: 20 train + 10 test images in 10 classes, stored in {home / 'mnist.npz'}."
    assert files_below(home) == ["mnist.npz"]
    assert capfd.readouterr() == ("", "")
    monkeypatch.setitem(BENCHMARKS, "mnist", tiny)
    data = datasets.load("mnist", validation=5)
    assert data.test.y.tolist() == list(range(10))
    assert data.train.x.shape == (10, 28, 28, 1)
    assert "fetched from train-images-idx3-ubyte.gz" in capfd.readouterr().out
    assert [verdict.ok for verdict in datasets.verify()] == [True]


def test_slow_is_waited_for(tiny, server, home):
    server.manner = "slow"
    fetch_benchmark(tiny, addresses=(server.address,), timeout=1)
    assert files_below(home) == ["mnist.npz"]


def test_stalled_is_given_up(tiny, server, home):
    server.manner = "stalled"
    started = time.monotonic()
    refused(tiny, home, server.address, match=r"t10k-images-idx3-ubyte\.gz of mnist .* does not answer", timeout=0.3)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        ("cut off", "was cut off"),
        ("altered", "does not have the published checksum"),
        ("gone", "answers 404"),
    ],
)
def test_faults_are_named_and_leave_nothing(tiny, server, home, manner, words):
    server.manner = manner
    refused(tiny, home, server.address, match=rf"t10k-images-idx3-ubyte\.gz of mnist was not fetched: .*{words}")


def test_the_old_file_stays_when_a_fetch_fails(tiny, server, home):
    fetch_benchmark(tiny, addresses=(server.address,))
    before = (home / "mnist.npz").read_bytes()
    server.manner = "altered"
    refused(tiny, home, server.address, match="published checksum")
    assert (home / "mnist.npz").read_bytes() == before


def test_no_network_says_so_at_once_and_names_the_manual_way(tiny, home):
    started = time.monotonic()
    line = refused(tiny, home, NOWHERE, match=r"no connection to 127\.0\.0\.1:1")
    assert time.monotonic() - started < 2
    for words in (*tiny.files, NOWHERE, str(originals_folder() / "mnist"), "course data fetch mnist"):
        assert words in line


@pytest.mark.parametrize("manner", ["cut off", "altered", "gone"])
def test_the_second_address_helps(tiny, server, home, manner):
    second = Server()
    second.files, server.manner = server.files, manner
    try:
        fetch_benchmark(tiny, addresses=(server.address, second.address))
    finally:
        second.close()
    assert files_below(home) == ["mnist.npz"]
    assert second.requests == [server.victim]


def test_files_put_there_by_hand_need_no_network(tiny, server, home):
    place = originals_folder() / "mnist"
    place.mkdir(parents=True)
    for name, data in server.files.items():
        (place / name).write_bytes(data)
    fetch_benchmark(tiny, addresses=(NOWHERE,))
    assert (home / "mnist.npz").is_file()
    assert len(list(place.iterdir())) == 4  # what the user put there is the user's


def test_a_damaged_file_put_there_by_hand_is_named(tiny, server, home):
    place = originals_folder() / "mnist"
    place.mkdir(parents=True)
    (place / server.victim).write_bytes(b"something else")
    refused(tiny, home, server.address, match=rf"{server.victim} does not have the published checksum\. Delete it")


def test_two_fetches_at_once(tiny, server, home):
    server.manner = "slow"
    results = []

    def run():
        results.append(fetch_benchmark(tiny, addresses=(server.address,)))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2
    assert files_below(home) == ["mnist.npz"]


def test_the_right_checksum_of_the_wrong_thing(tiny, server, home):
    """Cannot happen with the published sums; if it did, the line says whose fault it is."""
    server.files[server.victim] = b"no gzip file"
    sums = {**tiny.files, server.victim: hashlib.sha256(b"no gzip file").hexdigest()}
    refused(
        replace(tiny, files=sums), home, server.address, match=r"mnist: the original files cannot be read .*Report it"
    )


def test_a_disk_that_fills_up_while_downloading(tiny, server, home, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.move", full)
    refused(tiny, home, server.address, match=r"cannot be written \(No space left on device\)\. Make room")


class Ticks:
    """A progress bar that counts."""

    def __init__(self):
        self.total, self.done = None, []

    def update(self, n):
        self.done.append(n)

    def reset(self):
        self.done = []

    def close(self):
        pass


def test_progress_is_told(tiny, server):
    ticks = Ticks()
    fetch_benchmark(tiny, addresses=(server.address,), progress=ticks)
    assert sum(ticks.done) == ticks.total == len(server.files["t10k-labels-idx1-ubyte.gz"])


def test_fetch_by_name_uses_the_published_sums(tiny, server, home):
    with pytest.raises(datasets.DataError, match="published checksum"):  # the tiny files are not MNIST
        datasets.fetch("mnist", address=server.address.rstrip("/"))
    assert files_below(home) == []


def test_fetching_twice_does_nothing(tiny, server, monkeypatch):
    monkeypatch.setitem(BENCHMARKS, "mnist", tiny)
    datasets.fetch("mnist", address=server.address)
    asked = len(server.requests)
    assert "It was there already." in str(datasets.fetch("mnist", address=server.address))
    assert len(server.requests) == asked


def test_a_damaged_stored_file_is_fetched_anew(tiny, server, home, monkeypatch):
    monkeypatch.setitem(BENCHMARKS, "mnist", tiny)
    home.mkdir()
    (home / "mnist.npz").write_bytes(b"damaged")
    datasets.fetch("mnist", address=server.address)
    assert [verdict.ok for verdict in datasets.verify()] == [True]


@pytest.mark.parametrize(("name", "match"), [("digits", "needs no download"), ("minst", "no data set called 'minst'")])
def test_names_that_are_not_fetched(name, match):
    with pytest.raises(datasets.DataError, match=match):
        datasets.fetch(name)


def test_a_data_home_that_cannot_be_made(tiny, server, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(datasets.DataError, match=r"file cannot be written .*COURSE_DATA"):
        fetch_benchmark(tiny, addresses=(server.address,))
