"""A stored file is read whole or refused with one line; it is written whole or not at all."""

import hashlib
import io
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course_utils.datasets import storage
from course_utils.datasets.errors import DataError
from course_utils.datasets.storage import read, write

REMEDY = "Fetch it again."


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def rewrite(path, **changed):
    """The same file with some members replaced, without its record of sums."""
    kept = {name: data for name, data in members(path).items() if name != "record.json"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**kept, **{f"{name}.npy": data for name, data in changed.items()}}.items():
            archive.writestr(name, data)


def refused(path, *, match):
    with pytest.raises(DataError, match=match) as caught:
        read(path, remedy=REMEDY)
    line = str(caught.value)
    assert "\n" not in line
    assert str(path) in line
    assert line.endswith(REMEDY)


def test_round_trip(tmp_path, arrays):
    path = tmp_path / "a.npz"
    write(path, arrays, {"how": "made", "from": "nothing"})
    contents = read(path, remedy=REMEDY)
    assert contents.record["from"] == "nothing"
    for name, array in arrays.items():
        assert np.array_equal(contents.arrays[name], array)
        assert contents.arrays[name].flags.writeable
    with np.load(path, allow_pickle=False) as plain:  # NumPy's own reader understands the file
        assert np.array_equal(plain["x_train"], arrays["x_train"])


def test_the_same_arrays_give_the_same_bytes(tmp_path, arrays):
    for name in ("a.npz", "b.npz"):
        write(tmp_path / name, arrays, {"how": "made", "from": "nothing"})
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_file_that_numpy_wrote_is_read(tmp_path, arrays, save):
    save(tmp_path / "a.npz", **arrays)
    contents = read(tmp_path / "a.npz", remedy=REMEDY)
    assert contents.record == {}
    assert np.array_equal(contents.arrays["x_test"], arrays["x_test"])


@pytest.fixture
def stored(tmp_path, arrays):
    path = tmp_path / "a.npz"
    write(path, arrays, {"how": "made", "from": "nothing"})
    return path


@settings(max_examples=500, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_altered_byte_is_refused_or_harmless(stored, arrays, data):
    """Header, index and payload alike: what is read is what was written, or nothing is."""
    original = stored.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    value = data.draw(st.integers(0, 255))
    altered = stored.with_name("altered.npz")
    altered.write_bytes(original[:position] + bytes([value]) + original[position + 1 :])
    try:
        contents = read(altered, remedy=REMEDY)
    except DataError as error:
        assert str(altered) in str(error)
        return
    assert all(np.array_equal(contents.arrays[name], array) for name, array in arrays.items())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_altered_byte_of_a_compressed_file_is_refused_or_harmless(tmp_path, arrays, data):
    path = tmp_path / "compressed.npz"
    np.savez_compressed(path, **arrays)
    original = path.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    path.write_bytes(original[:position] + bytes([data.draw(st.integers(0, 255))]) + original[position + 1 :])
    try:
        contents = read(path, remedy=REMEDY)
    except DataError:
        return
    assert all(np.array_equal(contents.arrays[name], array) for name, array in arrays.items())


@pytest.fixture
def large(arrays):
    """Arrays of which one is read in four pieces, the last of them a short one."""
    size = 3 * storage._CHUNK + 12_345
    return arrays | {"x_train": np.random.default_rng(0).integers(0, 256, (size, 1, 1, 1), dtype=np.uint8)}


def test_a_large_array_is_read_whole(tmp_path, large):
    write(tmp_path / "a.npz", large, {"how": "made", "from": "nothing"})
    assert np.array_equal(read(tmp_path / "a.npz", remedy=REMEDY).arrays["x_train"], large["x_train"])


@pytest.mark.parametrize("place", [0, storage._CHUNK, 2 * storage._CHUNK + 1, -1])
def test_one_altered_byte_of_a_large_array_is_refused_wherever_it_is(tmp_path, large, place):
    path = tmp_path / "a.npz"
    write(path, large, {"how": "made", "from": "nothing"})
    content = bytearray(path.read_bytes())
    values = large["x_train"].tobytes()
    content[content.index(values[:100]) + place % len(values)] ^= 1
    path.write_bytes(content)
    refused(path, match="cannot be read")


@pytest.mark.parametrize("place", [0, storage._CHUNK, -1])
def test_the_sum_of_a_large_array_is_that_of_all_its_bytes(large, place):
    array = large["x_train"]
    before = storage.array_sum(array)
    assert before == hashlib.sha256(array.tobytes()).hexdigest()
    array[place] ^= 1
    assert storage.array_sum(array) != before


@pytest.mark.parametrize("record", ["", "[]", "null", "{}", '{"how": 1, "from": "", "arrays": {}}', "[" * 10_000])
def test_a_record_that_is_none(stored, record):
    kept = members(stored)
    with zipfile.ZipFile(stored, "w") as archive:
        for name, content in {**kept, "record.json": record}.items():
            archive.writestr(name, content)
    refused(stored, match="cannot be read")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_truncated_file_is_refused(stored, data):
    original = stored.read_bytes()
    cut = stored.with_name("cut.npz")
    cut.write_bytes(original[: data.draw(st.integers(0, len(original) - 1))])
    refused(cut, match="cannot be read")


def test_an_absent_file_is_named(tmp_path):
    refused(tmp_path / "none.npz", match="No such file")


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
    rewrite(stored, x_train=file.getvalue())
    refused(stored, match="pickled objects")
    rewrite(stored, x_train=pickle.dumps(Trap(trace)))
    refused(stored, match="cannot be read")
    assert not trace.exists()


def test_a_whole_file_that_is_a_pickle_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(pickle.dumps(Trap(tmp_path / "trace")))
    refused(path, match="cannot be read")
    assert not (tmp_path / "trace").exists()


def test_a_huge_declared_shape_costs_no_memory(stored):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (10**6, 10**4, 10**3)}
    )
    rewrite(stored, x_train=header.getvalue() + bytes(100))
    refused(stored, match="does not fit its length")


def test_a_file_that_would_expand_to_gigabytes_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("x_train", "y_train", "x_test", "y_test"):
            archive.writestr(f"{name}.npy", bytes(3 * 2**20))
    with pytest.raises(DataError, match=r"declares 12,582,912 bytes, at most 1,000,000"):
        read(path, remedy=REMEDY, limit=1_000_000)


@pytest.mark.parametrize("name", ["extra.npy", "../x_train.npy", "x_train"])
def test_a_member_that_does_not_belong_is_refused(stored, name):
    with zipfile.ZipFile(stored, "a") as archive:
        archive.writestr(name, b"")
    refused(stored, match="does not belong")


def test_a_missing_array_is_named(stored):
    kept = members(stored)
    with zipfile.ZipFile(stored, "w") as archive:
        for name, data in kept.items():
            if name != "y_test.npy":
                archive.writestr(name, data)
    refused(stored, match=r"holds no y_test\.npy")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(stored, arrays, monkeypatch):
    before = stored.read_bytes()

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataError, match=r"a\.npz cannot be written \(No space left on device\)\. Make room"):
        write(stored, arrays, {})
    assert stored.read_bytes() == before
    assert [path.name for path in stored.parent.iterdir()] == ["a.npz"]


@pytest.mark.unix_only("an open file cannot be replaced on Windows")
def test_who_is_reading_the_old_file_reads_it_to_the_end(stored, arrays):
    before = stored.read_bytes()
    with stored.open("rb") as old:
        write(stored, {**arrays, "x_test": arrays["x_test"] ^ 1}, {"how": "made", "from": "nothing"})
        assert old.read() == before
    assert stored.read_bytes() != before


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(stored, arrays, monkeypatch):
    before = stored.read_bytes()

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(stored, arrays, {})
    assert stored.read_bytes() == before
    assert [path.name for path in stored.parent.iterdir()] == ["a.npz"]


@pytest.mark.unix_only("Windows limits no size of a process's files")
def test_a_real_size_limit_while_writing(stored):
    """The disk is full half-way: done by the system, in a process of its own."""
    before = stored.read_bytes()
    program = f"""
import resource, signal
from pathlib import Path
import numpy as np
from course_utils.datasets.errors import DataError
from course_utils.datasets.storage import write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write(Path({str(stored)!r}), {{"x_train": np.zeros(100_000, np.uint8)}}, {{}})
except DataError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "cannot be written (File too large)" in done.stdout
    assert done.stderr == ""
    assert stored.read_bytes() == before
    assert [path.name for path in stored.parent.iterdir()] == ["a.npz"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path, arrays):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match=r"cannot be written .*COURSE_DATA"):
        write(tmp_path / "file" / "a.npz", arrays, {})
