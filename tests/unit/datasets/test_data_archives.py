"""Archives of strangers: whatever points outside, links, or grows without measure is refused before it is read."""

import gzip
import io
import os
import stat
import struct
import tarfile
import zipfile

import pytest

from course_utils import datasets
from course_utils.datasets import archives

OUTSIDE = [
    "../evil.png",
    "a/../../evil.png",
    "/evil.png",
    "C:\\evil.png",
    "a\\..\\..\\evil.png",
    "\\\\host\\x\\evil.png",
]


def all_files(path):
    return list(archives.files(path))


def refused(path, *, match):
    with pytest.raises(datasets.DataError, match=match) as caught:
        all_files(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def tar_with(path, *members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, kind, data in members:
            member = tarfile.TarInfo(name)
            member.type, member.size = kind, len(data)
            member.linkname = "/etc/hostname"
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.mark.parametrize("name", OUTSIDE)
def test_tar_names_that_point_outside(tmp_path, name):
    refused(tar_with(tmp_path / "a.tar", (name, tarfile.REGTYPE, b"x")), match="points outside")


@pytest.mark.parametrize("name", OUTSIDE)
def test_zip_names_that_point_outside(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, b"x")
    refused(tmp_path / "a.zip", match="points outside")


def test_links_in_archives(tmp_path):
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        refused(tar_with(tmp_path / "a.tar", ("cat/1.png", kind, b"")), match=r"cat/1\.png is a link")
    info = zipfile.ZipInfo("cat/1.png")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/hostname")
    refused(tmp_path / "a.zip", match=r"cat/1\.png is a link")


@pytest.mark.unix_only("links need rights on Windows")
def test_links_in_a_folder(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "1.png").write_bytes(b"secret")
    for kind, target in {"folder": "outside", "file": "outside/1.png"}.items():
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "link.png").symlink_to(tmp_path / target)
        refused(tmp_path / kind, match="is a link")


@pytest.mark.unix_only("Windows has no pipes with names in folders")
def test_pipes_and_devices_are_never_opened(tmp_path):
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a" / "pipe.png")
    assert all_files(tmp_path / "a") == [("pipe.png", None)]
    path = tar_with(tmp_path / "a.tar", ("cat/1.png", tarfile.CHRTYPE, b""))
    assert all_files(path) == [("cat/1.png", None)]


def test_a_huge_declared_tar_member(tmp_path):
    member = tarfile.TarInfo("cat/1.png")
    member.size = 10**12
    (tmp_path / "a.tar").write_bytes(member.tobuf() + bytes(1024))
    refused(tmp_path / "a.tar", match="grows more than 200 times")


def test_a_file_larger_than_a_picture_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_FILE", 1_000)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").write_bytes(bytes(1_001))
    refused(tmp_path / "a", match=r"1\.png has 1,001 bytes, more than the 1,000 that a picture may have")
    assert [name for name, _ in archives.files(tmp_path / "a", head=64)] == ["1.png"]


def test_a_tar_that_grows_without_measure(tmp_path):
    path = tmp_path / "a.tar.x"
    with gzip.open(path, "wb") as file:
        for i in range(8):
            member = tarfile.TarInfo(f"{i}.txt")
            member.size = 10 * 2**20
            file.write(member.tobuf())
            file.write(bytes(member.size))
    refused(path, match="grows more than 200 times")


def test_a_zip_that_grows_without_measure(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(8):
            archive.writestr(f"{i}.png", bytes(10 * 2**20))
    refused(path, match="grows more than 200 times")


@pytest.mark.parametrize("mode", ["w:gz", "w:xz", "w:bz2"])
@pytest.mark.parametrize("fault", ["truncated", "altered"])
def test_a_damaged_compressed_tar(tmp_path, mode, fault):
    noise = bytes(range(256)) * 40
    path = tar_with(tmp_path / "a.tar.x", *[(f"{i}.png", tarfile.REGTYPE, noise) for i in range(5)], mode=mode)
    data = bytearray(path.read_bytes())
    if fault == "truncated":
        data = data[: len(data) - 10]
    else:
        data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    refused(path, match="cannot be read .*Get or make it again")


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x05\x06", struct.pack("<I", 7) * 300])
def test_what_is_no_archive(tmp_path, data):
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    refused(path, match="cannot be read as a folder or as a zip or tar archive .*Get or make it again")
