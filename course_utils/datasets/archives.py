"""The files of a folder or archive, one after the other, straight from the stream: nothing is extracted to disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import IO, Any

from course_utils.datasets.bars import bar
from course_utils.datasets.errors import DataError, machine_error, reason

__all__ = ["LARGEST_FILE", "Content", "files", "is_hidden", "is_trace"]

LARGEST_FILE = 256 * 2**20  # 50 megapixels at 16 bits a channel, uncompressed, are 300 MB; photographs are far below
# A picture hardly shrinks in an archive. What grows two hundredfold was made to fill a disk or a memory.
_LARGEST_GROWTH = 200
_SMALL = 64 * 2**20  # below this, growth harms nobody
_OPENERS = {b"\x1f\x8b": gzip.open, b"\xfd7zXZ\0": lzma.open, b"BZh": bz2.open}

# What systems and programs leave beside pictures, in lower case.
_TRACES = {
    *("__macosx", ".ds_store", "icon\r", ".spotlight-v100", ".trashes", ".fseventsd", ".appledouble"),
    *("thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information"),
    *("lost+found", ".directory", "@eadir", ".ipynb_checkpoints", "__pycache__", ".git", ".gitignore", ".gitkeep"),
}


class Content:
    """One file's content, of which the beginning can be looked at before, or without, the rest.

    It can be read while `files` stands at this file.
    """

    def __init__(self, source: Path, open_it: Callable[[], IO[bytes]], check: Callable[[], None]) -> None:
        self._source, self._open, self._check = source, open_it, check
        self._stream: IO[bytes] | None = None
        self._start = b""

    def head(self, count: int) -> bytes:
        """The first bytes, `count` or all there are."""
        with _in_one_line(self._source):
            if self._stream is None:
                self._stream = self._open()
            if len(self._start) < count:
                self._start += self._stream.read(count - len(self._start))
            return self._start[:count]

    def read(self) -> bytes:
        """All of it.

        Raises:
            DataError: it is larger than a picture can be.
        """
        self._check()
        self.head(0)
        with _in_one_line(self._source):
            return self._start + self._stream.read()

    def close(self) -> None:
        """Give the file back to the system."""
        if self._stream is not None:
            self._stream.close()


File = tuple[str, Content | None]


def files(path: Path, progress: Any = None) -> Iterator[File]:
    """The regular files of a folder, a zip archive or a tar archive (plain, .gz, .xz, .bz2).

    Args:
        path: the folder or archive.
        progress: see `bars.bar`.

    Yields:
        (relative name with slashes, content); the content is None for a device or a pipe, and for what `is_hidden`.

    Raises:
        DataError: it is none of these, damaged, not readable, or holds a link, a name that points outside, an
            encrypted or a huge member.
    """
    with _in_one_line(path):
        if path.is_dir():
            yield from _folder(path, progress)
        elif zipfile.is_zipfile(path):
            yield from _zip(path, progress)
        else:
            yield from _tar(path, progress)


@contextmanager
def _in_one_line(path: Path) -> Iterator[None]:
    """Whatever stops the reading becomes a DataError."""
    try:
        yield
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(f"{error.filename or path} does not exist. Check the path.") from error
    except Exception as error:  # every library has its own errors for a damaged archive
        named = error.filename if isinstance(error, OSError) and error.filename else path
        raise machine_error(named, error) or DataError(
            f"{path} cannot be read ({reason(error)}). Get or make it again."
        ) from error


def is_hidden(name: str) -> bool:
    """Whether a file, or a folder around it, is hidden or a trace."""
    return is_trace(name) or any(part.startswith(".") and part != "." for part in name.split("/"))


def is_trace(name: str) -> bool:
    """Whether a file, or a folder around it, is what a system leaves by itself: .DS_Store, __MACOSX, Thumbs.db."""
    return any(part.lower() in _TRACES or part.startswith("._") for part in name.split("/"))


def _folder(root: Path, progress: Any) -> Iterator[File]:
    def refuse(error: OSError) -> None:
        if not is_hidden(Path(error.filename).relative_to(root).as_posix()):
            raise error

    found = []
    for folder, subfolders, names in os.walk(root, onerror=refuse):
        for name in sorted(subfolders + names):
            member = Path(folder) / name
            if member.is_symlink() and not is_hidden(member.relative_to(root).as_posix()):
                raise DataError(f"{member} is a link. Put the pictures themselves there.")
        subfolders.sort()
        found += [Path(folder) / name for name in sorted(names)]
    ticks = bar(progress, total=len(found), unit="file", title=root.name)
    try:
        for path in found:
            name = path.relative_to(root).as_posix()
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or is_hidden(name):
                yield name, None
            else:
                check = partial(_check_size, root, name, status.st_size)
                with closing(Content(root, partial(path.open, "rb"), check)) as content:
                    yield name, content
            ticks.update(1)
    finally:
        ticks.close()


def _zip(path: Path, progress: Any) -> Iterator[File]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sum(info.file_size for info in members) > max(_SMALL, _LARGEST_GROWTH * path.stat().st_size):
            raise DataError(_bomb(path))
        ticks = bar(progress, total=len(members), unit="file", title=path.name)
        try:
            for info in members:
                ticks.update(1)
                _check_name(path, info.filename)
                name = info.filename.replace("\\", "/")  # some programs on Windows write the wrong slash
                if info.is_dir():
                    continue
                if is_hidden(name):
                    yield name, None
                    continue
                if stat.S_ISLNK(info.external_attr >> 16):
                    raise DataError(_link(path, info.filename))
                if info.flag_bits & 1:
                    raise DataError(f"{path}: {info.filename} is encrypted. Make the archive again without a password.")
                check = partial(_check_size, path, info.filename, info.file_size)
                with closing(Content(path, partial(archive.open, info), check)) as content:
                    yield name, content
        finally:
            ticks.close()


def _tar(path: Path, progress: Any) -> Iterator[File]:
    with path.open("rb") as raw:
        start = raw.read(512)
        raw.seek(0)
        opener = next((opener for magic, opener in _OPENERS.items() if start.startswith(magic)), None)
        if opener is None and start[257:262] != b"ustar":
            raise DataError(f"{path} is neither a folder nor a zip or tar archive (.tar, .tar.gz, .tar.xz, .tar.bz2).")
        ticks = bar(progress, total=path.stat().st_size, unit="B", title=path.name)
        stream = _Watched(path, opener(raw) if opener else raw)
        seen = 0
        try:
            with tarfile.open(fileobj=stream, mode="r|") as archive:
                for member in archive:
                    ticks.update(raw.tell() - seen)
                    seen = raw.tell()
                    yield from _tar_member(path, archive, member)
            while stream.read(2**20):  # the checksum of a compressed archive comes after its last member
                pass
        finally:
            ticks.close()


def _tar_member(path: Path, archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[File]:
    _check_name(path, member.name)
    if member.isdir():
        return
    if is_hidden(member.name):
        yield member.name, None
        return
    if member.issym() or member.islnk():
        raise DataError(_link(path, member.name))
    if not member.isreg():
        yield member.name, None
        return
    check = partial(_check_size, path, member.name, member.size)
    with closing(Content(path, partial(archive.extractfile, member), check)) as content:
        yield member.name, content


class _Watched:
    """A stream that stops when it has grown out of all proportion to the file it comes from."""

    def __init__(self, path: Path, stream: IO[bytes]) -> None:
        self._path, self._stream, self._read = path, stream, 0
        self._limit = max(_SMALL, _LARGEST_GROWTH * path.stat().st_size)

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._read += len(data)
        if self._read > self._limit:
            raise DataError(_bomb(self._path))
        return data


def _check_name(archive: Path, name: str) -> None:
    windows = PureWindowsPath(name)  # takes both kinds of slash apart, and knows drives
    if windows.drive or windows.root or ".." in windows.parts:
        raise DataError(f"{archive}: the member {name} points outside the archive. Make it again with relative names.")


def _check_size(archive: Path, name: str, size: int) -> None:
    if size > LARGEST_FILE:
        raise DataError(
            f"{archive}: {name} has {size:,} bytes, more than the {LARGEST_FILE:,} that a picture may have. "
            "Leave it out."
        )


def _link(archive: Path, name: str) -> str:
    return f"{archive}: the member {name} is a link. Make the archive again with the pictures themselves."


def _bomb(archive: Path) -> str:
    return (
        f"{archive} grows more than {_LARGEST_GROWTH} times when it is unpacked: no archive of pictures does. Check it."
    )
