"""The readers of the original binary files give back what was written in the published form."""

import io
import struct
import tarfile

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_utils.datasets.benchmarks import BENCHMARKS, Benchmark
from course_utils.datasets.originals import parse_cifar, parse_idx, read_original


def as_idx(array):
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def as_cifar(x, labels):
    """labels: one column for CIFAR-10, coarse and fine for CIFAR-100."""
    planes = x.transpose(0, 3, 1, 2).reshape(len(x), -1)
    return np.concatenate([labels.reshape(len(x), -1).astype(np.uint8), planes], axis=1).tobytes()


@given(hnp.arrays(np.uint8, hnp.array_shapes(max_dims=4, max_side=6, min_side=0)))
def test_idx_round_trip(array):
    found = parse_idx(as_idx(array))
    assert found.dtype == np.uint8
    assert found.flags.writeable
    assert np.array_equal(found, array)
    assert found.shape == array.shape


@given(st.integers(1, 4), st.integers(1, 2), st.integers(0, 2**32))
def test_cifar_round_trip(n, label_bytes, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)
    labels = rng.integers(0, 100, (n, label_bytes))
    found_x, found_y = parse_cifar(as_cifar(x, labels), label_bytes=label_bytes)
    assert np.array_equal(found_x, x)
    assert np.array_equal(found_y, labels[:, -1])


def test_the_first_plane_of_a_cifar_record_is_red():
    record = bytes([7]) + bytes([255]) * 1024 + bytes(2048)
    x, y = parse_cifar(record)
    assert x[0, 0, 0].tolist() == [255, 0, 0]
    assert y.tolist() == [7]


def test_cifar_benchmark_reads_its_batches_in_order(tmp_path):
    path = tmp_path / "tiny.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, label in [("test_batch", 9), ("data_batch_2", 2), ("data_batch_1", 1)]:
            data = as_cifar(np.full((2, 32, 32, 3), label, np.uint8), np.full((2, 1), label))
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}.bin")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        archive.addfile(tarfile.TarInfo("cifar-10-batches-bin/readme.html"))
    tiny = Benchmark("tiny", "cifar", {path.name: ""}, (), (32, 32, 3), 4, 2, tuple("0123456789"))
    found = read_original(tiny, {path.name: path})
    assert found["y_train"].tolist() == [1, 1, 2, 2]
    assert found["x_train"][:, 0, 0, 0].tolist() == [1, 1, 2, 2]
    assert found["y_test"].tolist() == [9, 9]


def test_the_classes_of_the_benchmarks():
    assert {name: len(set(b.class_names)) for name, b in BENCHMARKS.items()} == {
        "mnist": 10,
        "fashion_mnist": 10,
        "cifar10": 10,
        "cifar100": 100,
        "flowers": 102,
    }
    assert all(len(value) == 64 for b in BENCHMARKS.values() for value in b.files.values())
