"""A stored file is read whole or refused with one line; that it is written whole or not at all is in test_files.py."""

import errno
import io
import pickle
import re
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.datasets import storage
from course_utils.datasets.errors import DataError
from course_utils.datasets.storage import read, write

ORIGIN = "made from nothing"
ON_DISK = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}


@pytest.fixture
def stored(tmp_path, arrays):
    write(tmp_path / "a.npz", arrays, ORIGIN)
    return tmp_path / "a.npz"


def rewrite(path, changed, without=()):
    """The same file with some members replaced or left out."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in without}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**kept, **changed}.items():
            archive.writestr(name, data)


def refused(path, *, match):
    with pytest.raises(DataError, match=match) as caught:
        read(path, "mine")
    line = str(caught.value)
    assert "\n" not in line
    assert str(path) in line
    assert line.endswith("Import the pictures: course data import PATH --name mine.")


def same(contents, arrays):
    found = {}
    for split, (x, y) in contents.splits.items():
        found |= {f"x_{split}": x, f"y_{split}": y}
    return all(np.array_equal(array, arrays[name]) for name, array in found.items()) and len(found) == 4


def test_round_trip(tmp_path, arrays, stored):
    contents = read(stored, "mine")
    assert same(contents, arrays) and all(array.flags.writeable for pair in contents.splits.values() for array in pair)
    assert (contents.class_names, contents.origin, contents.note) == (
        ("cat", "dog", "emu"),
        "made from nothing",
        "made up",
    )
    with np.load(stored, allow_pickle=False) as plain:  # NumPy's own reader understands the file
        assert np.array_equal(plain["x_train"], arrays["x_train"])
    write(tmp_path / "b.npz", arrays, ORIGIN)
    assert (tmp_path / "b.npz").read_bytes() == stored.read_bytes()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_that_numpy_wrote_is_read(tmp_path, arrays, save):
    save(tmp_path / "a.npz", **arrays)
    contents = read(tmp_path / "a.npz", "mine")
    assert same(contents, arrays) and contents.origin == "placed by hand"


@pytest.mark.parametrize("save", [lambda path, **arrays: write(path, arrays, ORIGIN), np.savez_compressed])
@settings(max_examples=300, **ON_DISK)
@given(data=st.data())
def test_any_altered_byte_is_refused_or_harmless(tmp_path, arrays, save, data):
    """Header, index and payload alike: what is read is what was written, or nothing is."""
    path = tmp_path / "a.npz"
    save(path, **arrays)
    original = path.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    path.write_bytes(original[:position] + bytes([data.draw(st.integers(0, 255))]) + original[position + 1 :])
    try:
        contents = read(path, "mine")
    except DataError as error:
        assert str(path) in str(error)
        return
    assert same(contents, arrays)


def test_a_member_that_the_index_hides_is_missed(stored):
    """One byte, the length of a comment, makes an entry of the index swallow the next one."""
    content = bytearray(stored.read_bytes())
    *_, before, last = (found.start() for found in re.finditer(b"PK\x01\x02", content))
    content[before + 32] = len(content) - 22 - last
    stored.write_bytes(content)
    refused(stored, match="its index is damaged")


@pytest.mark.parametrize("record", ["", "[]", "null", "{}", "[" * 10_000])
def test_a_record_that_is_none(stored, record):
    rewrite(stored, {"record.json": record})
    refused(stored, match="cannot be read")


def test_what_the_first_edition_stored_is_read(stored):
    rewrite(stored, {"record.json": '{"how": "fetched from", "from": "a.gz", "arrays": {"x_train": {"sha256": ""}}}'})
    assert read(stored, "mine").origin == "fetched from a.gz"


class Trap:
    """A pickle that leaves a trace when it is loaded."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_pickled_objects_are_never_loaded(stored, tmp_path):
    trace = tmp_path / "trace"
    trap = np.empty((), dtype=object)
    trap[()] = Trap(trace)
    file = io.BytesIO()
    np.save(file, trap, allow_pickle=True)
    rewrite(stored, {"x_train.npy": file.getvalue()})
    refused(stored, match="Object arrays cannot be loaded when allow_pickle=False")
    rewrite(stored, {"x_train.npy": pickle.dumps(Trap(trace))})
    refused(stored, match="cannot be read")
    stored.write_bytes(pickle.dumps(Trap(trace)))
    refused(stored, match="cannot be read")
    assert not trace.exists()


def test_a_huge_declared_shape_costs_no_memory(stored):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (10**6, 10**4, 10**3)}
    )
    rewrite(stored, {"x_train.npy": header.getvalue() + bytes(100)})
    with pytest.raises(DataError):
        read(stored, "mine")


def test_a_file_that_would_expand_to_gigabytes_is_refused_unread(stored, monkeypatch):
    monkeypatch.setattr(storage, "LARGEST", 1_000)
    refused(stored, match=r"declares [\d,]+ bytes, at most 1,000 are expected")


def test_members_that_are_missing_or_too_many_are_named(stored):
    whole = stored.read_bytes()
    for name in ("extra.npy", "../x_train.npy", "x_train"):
        rewrite(stored, {name: b""})
        refused(stored, match=f"it holds '{name}', which does not belong there")
        stored.write_bytes(whole)
    rewrite(stored, {}, without=["y_test.npy"])
    refused(stored, match=r"holds no y_test\.npy")
    stored.write_bytes(whole)
    with zipfile.ZipFile(stored) as archive:
        longer = archive.read("x_test.npy") + b"more"
    rewrite(stored, {"x_test.npy": longer})
    refused(stored, match=r"x_test\.npy is longer than it says")


def test_a_disk_that_fills_while_writing_leaves_the_old_file_alone(stored, arrays, monkeypatch):
    def fills(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = stored.read_bytes()
    monkeypatch.setattr(np.lib.format, "write_array", fills)
    with pytest.raises(DataError, match=r"cannot be written \(No space left.* Make room"):
        write(stored, arrays, ORIGIN)
    assert stored.read_bytes() == before and [*stored.parent.iterdir()] == [stored]


def test_a_folder_that_cannot_be_made_is_named(tmp_path, arrays):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot be written .*COURSE_DATA"):
        write(tmp_path / "file" / "a.npz", arrays, ORIGIN)
