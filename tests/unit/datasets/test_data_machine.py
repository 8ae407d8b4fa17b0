"""Where the machine is to blame (memory, rights, a disk) nobody is told that a file is damaged, or to delete it."""

import errno
import io
import os
import zipfile

import pytest
from small_pictures import pack

from course_utils import datasets
from course_utils.datasets import downloading, reading, storage
from course_utils.datasets.errors import DataError, MachineError

FAULTS = {
    "memory": MemoryError("Unable to allocate 150. MiB"),
    "rights": PermissionError(errno.EACCES, "Permission denied"),
    "a disk": OSError(errno.EIO, "Input/output error"),
    "open files": OSError(errno.EMFILE, "Too many open files"),
}
DAMAGE = ("Delete", "delete", "Replace", "replace", "Get or make it again", "damaged", "Report it")

every_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@pytest.fixture
def raising(monkeypatch):
    """raising(place, name, fault): from now on a function of the package raises the fault."""

    def fail(place, name, fault):
        def failing(*arguments, **options):
            raise fault

        monkeypatch.setattr(place, name, failing)

    return fail


def blames_the_machine(action):
    with pytest.raises(MachineError) as caught:
        action()
    line = str(caught.value)
    assert "\n" not in line
    assert not [word for word in DAMAGE if word in line]
    assert any(word in line for word in ("memory", "permissions", "drive"))
    return line


@every_fault
def test_a_stored_data_set_is_kept(home, arrays, raising, fault):
    storage.write(home / "mine.npz", arrays, "made from nothing")
    raising(storage, "_array", fault)
    assert "mine.npz" in blames_the_machine(lambda: datasets.load("mine"))


@every_fault
def test_a_folder_and_an_archive_of_pictures_are_kept(folder, tmp_path, raising, fault):
    pictures = folder({"cat": 4, "dog": 4})
    packed = pack(pictures, tmp_path / "pictures.zip")
    raising(reading, "decode", fault)
    for path in (pictures, packed):
        blames_the_machine(lambda path=path: datasets.load(f"folder:{path}"))


@every_fault
def test_a_benchmark_is_neither_fetched_again_nor_a_reason_for_a_report(home, tmp_path, raising, monkeypatch, fault):
    monkeypatch.setattr(downloading, "_by_hand", lambda name, file: tmp_path / file)
    raising(downloading, "read_original", fault)
    blames_the_machine(lambda: datasets.fetch("mnist"))
    (home / "mnist.npz").write_bytes(b"anything")
    raising(storage.zipfile, "ZipFile", fault)
    blames_the_machine(lambda: datasets.fetch("mnist"))


@pytest.mark.parametrize(
    "error",
    [
        ValueError("bad magic"),
        zipfile.BadZipFile("not a zip file"),
        OSError("image file is truncated"),
        OSError(errno.EINVAL, os.strerror(errno.EINVAL)),
        io.UnsupportedOperation("seek"),
    ],
    ids=repr,
)
def test_a_file_that_is_wrong_itself_is_called_so(home, arrays, raising, error):
    storage.write(home / "mine.npz", arrays, "made from nothing")
    raising(storage, "_array", error)
    with pytest.raises(DataError, match="Delete or replace it") as caught:
        datasets.load("mine")
    assert not isinstance(caught.value, MachineError)
