"""The files of a folder or archive, one after the other, straight from the stream: nothing is extracted to disk."""

from __future__ import annotations

import math
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import IO, NamedTuple

from course_utils.datasets.errors import DataError, machine_error, reason
from course_utils.display import bar

__all__ = ["LARGEST_FILE", "files", "is_trace"]

LARGEST_FILE = 256 * 2**20  # 50 megapixels at 16 bits a channel, uncompressed, are 300 MB; photographs are far below
# A picture hardly shrinks in an archive. What grows two hundredfold was made to fill a disk or a memory.
_LARGEST_GROWTH = 200
_SMALL = 64 * 2**20  # below this, growth harms nobody

# What systems and programs leave beside pictures, in lower case.
_TRACES = {
    *("__macosx", ".ds_store", "icon\r", ".spotlight-v100", ".trashes", ".fseventsd", ".appledouble"),
    *("thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information"),
    *("lost+found", ".directory", "@eadir", ".ipynb_checkpoints", "__pycache__", ".git", ".gitignore", ".gitkeep"),
}


class _Member(NamedTuple):
    """One entry that is no folder; its name is relative, with slashes."""

    name: str
    size: int
    is_file: bool
    is_link: bool
    open: Callable[[], IO[bytes]]


def files(
    path: Path, *, head: int | None = None, only: Collection[str] | None = None
) -> Iterator[tuple[str, bytes | None]]:
    """The regular files of a folder, a zip archive or a tar archive (plain, .gz, .xz, .bz2).

    Args:
        path: the folder or archive.
        head: how many bytes of each file's beginning are wanted; None for the whole of it.
        only: the names of the files that are wanted; None for all.

    Yields:
        (relative name with slashes, content); the content is None for a device or a pipe, and for what is hidden.

    Raises:
        DataError: it is none of these, damaged, not readable, or holds a link, a name that points outside, an
            encrypted or a huge member.
    """
    with _in_one_line(path):
        room = math.inf if path.is_dir() else max(_SMALL, _LARGEST_GROWTH * path.stat().st_size)
        for member in _members(path):
            room -= member.size
            if room < 0:
                raise DataError(
                    f"{path} grows more than {_LARGEST_GROWTH} times when it is unpacked: no archive of pictures does. "
                    "Check it."
                )
            if _is_hidden(member.name) or not (member.is_file or member.is_link):
                yield member.name, None
            elif member.is_link:
                raise DataError(f"{path}: {member.name} is a link. Put the picture itself there.")
            elif only is None or member.name in only:
                yield member.name, _read(path, member, head)


def _read(path: Path, member: _Member, head: int | None) -> bytes:
    if head is None and member.size > LARGEST_FILE:
        raise DataError(
            f"{path}: {member.name} has {member.size:,} bytes, more than the {LARGEST_FILE:,} that a picture may have. "
            "Leave it out."
        )
    with member.open() as stream:
        return stream.read(head)


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


def is_trace(name: str) -> bool:
    """Whether a file, or a folder around it, is what a system leaves by itself: .DS_Store, __MACOSX, Thumbs.db."""
    return any(part.lower() in _TRACES or part.startswith("._") for part in name.split("/"))


def _is_hidden(name: str) -> bool:
    return is_trace(name) or any(part.startswith(".") and part != "." for part in name.split("/"))


def _members(path: Path) -> Iterator[_Member]:
    if path.is_dir():
        return _folder(path)
    if zipfile.is_zipfile(path):
        return _zip(path)
    if tarfile.is_tarfile(path):
        return _tar(path)
    raise DataError(
        f"{path} cannot be read as a folder or as a zip or tar archive (.tar, .tar.gz, .tar.xz, .tar.bz2). "
        "Get or make it again."
    )


def _folder(root: Path) -> Iterator[_Member]:
    def refuse(error: OSError) -> None:
        if not _is_hidden(Path(error.filename).relative_to(root).as_posix()):
            raise error

    found = []
    for folder, subfolders, names in os.walk(root, onerror=refuse):
        subfolders.sort()
        links = [name for name in subfolders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in sorted(names + links)]
    for path in bar(found, root.name):
        status = path.lstat()
        is_file, is_link = stat.S_ISREG(status.st_mode), stat.S_ISLNK(status.st_mode)
        yield _Member(path.relative_to(root).as_posix(), status.st_size, is_file, is_link, partial(path.open, "rb"))


def _zip(path: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(path) as archive:
        for info in bar(archive.infolist(), path.name):
            _check_name(path, info.filename)
            if not info.is_dir():
                name = info.filename.replace("\\", "/")  # some programs on Windows write the wrong slash
                is_link = stat.S_ISLNK(info.external_attr >> 16)
                yield _Member(name, info.file_size, not is_link, is_link, partial(archive.open, info))


def _tar(path: Path) -> Iterator[_Member]:
    with tarfile.open(path) as archive:
        for member in bar(archive, path.name):
            _check_name(path, member.name)
            if not member.isdir():
                is_link = member.issym() or member.islnk()
                yield _Member(member.name, member.size, member.isreg(), is_link, partial(archive.extractfile, member))
        while archive.fileobj.read(2**20):  # the checksum of a compressed archive comes after its last member
            pass


def _check_name(archive: Path, name: str) -> None:
    windows = PureWindowsPath(name)  # takes both kinds of slash apart, and knows drives
    if windows.drive or windows.root or ".." in windows.parts:
        raise DataError(f"{archive}: the member {name} points outside the archive. Make it again with relative names.")
