"""A ZIP archive of bank files to its members: whole or not at all (docs/decisions/0052).

A member's name is data and never a path. What the directory says is judged before anything is
unpacked, and every member is unpacked once against its checksum before the first is given out.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from umlauf.errors import DataRejected
from umlauf.formats.values import show

MOST_MEMBERS = 300
MOST_BYTES = 256 * 1024 * 1024  # of all members together
MOST_RATIO = 200  # times the archive; statements come to a tenth of their size, bombs to 1,000th
_MOST_DIRECTORY = 1024 * 1024
_PIECE = 256 * 1024
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_PACKED = (*_MAGIC, b"PK\x07\x08", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # the contents, strongly, the directory
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError,
    OverflowError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Member:
    """One file of an archive; `open` works as long as the archive's own file is open."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


def is_archive(file: BinaryIO) -> bool:
    """Tell from its first bytes whether an open file is a ZIP archive; it stands at 0 again."""
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    return head in _MAGIC


def members_of(file: BinaryIO) -> list[Member]:
    """Return the members in the order of the archive's directory; folders are none.

    Raises:
        DataRejected: broken, encrypted, too large unpacked, or made to hurt; the place names the
            member.
    """
    with _rejected(""):
        packed = zipfile.ZipFile(cast("BinaryIO", _Bounded(file)))
    infos = [info for info in packed.infolist() if not _is_folder(info)]
    _judge_directory(infos, file.seek(0, 2))
    for info in infos:
        _judge_member(info)
    members = [
        Member(
            name=info.orig_filename,
            size=info.file_size,
            open=cast("Callable[[], BinaryIO]", partial(packed.open, info)),
        )
        for info in infos
    ]
    for member in members:
        _unpack(member)
    return members


class _Bounded:
    """The archive's file; zipfile reads a directory in one piece, however long it claims to be."""

    def __init__(self, file: BinaryIO) -> None:
        self.tell, self.seek, self.seekable = file.tell, file.seek, file.seekable
        self._read = file.read

    def read(self, size: int = -1) -> bytes:
        """Read a piece, unless it is no size for one; without a size zipfile means the tail."""
        if size > _MOST_DIRECTORY:
            raise DataRejected(f"a ZIP directory of {size} bytes; at most {_MOST_DIRECTORY}")
        return self._read(size if size >= 0 else _MOST_DIRECTORY)


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith("/") and info.file_size == 0


def _judge_directory(infos: Sequence[zipfile.ZipInfo], packed_bytes: int) -> None:
    if not infos:
        raise DataRejected("a ZIP archive without a file")
    if len(infos) > MOST_MEMBERS:
        raise DataRejected(f"a ZIP archive of {len(infos)} files; at most {MOST_MEMBERS}")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MOST_BYTES:
        raise DataRejected(f"a ZIP archive of {unpacked} bytes unpacked; at most {MOST_BYTES}")
    if unpacked > MOST_RATIO * packed_bytes:
        raise DataRejected(
            f"a ZIP archive of {unpacked} bytes unpacked, {packed_bytes} packed; "
            f"at most {MOST_RATIO} times"
        )
    seen: set[str] = set()
    for info in infos:
        if info.orig_filename in seen:
            raise DataRejected("two files of one name", _place(info.orig_filename))
        seen.add(info.orig_filename)


def _judge_member(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    complaint = None
    if info.flag_bits & _ENCRYPTED:
        complaint = "encrypted; ask the bank for one without a password"
    elif _is_tricky(info.orig_filename):
        complaint = "a name that leads out of the archive, or none"
    elif kind not in (0, stat.S_IFREG):
        complaint = "a link or device, not a file"
    elif info.compress_type not in _METHODS:
        complaint = f"packed by method {info.compress_type}; only stored and deflated are read"
    if complaint:
        raise DataRejected(complaint, _place(info.orig_filename))


def _is_tricky(name: str) -> bool:
    path = PurePosixPath(name)
    is_named = bool(path.name) and name.isprintable()
    return not is_named or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name


def _unpack(member: Member) -> None:
    """Read a member to its end, where zipfile compares the checksum."""
    with _rejected(_place(member.name)), member.open() as file:
        piece = file.read(_PIECE)
        if piece.startswith(_PACKED):
            raise DataRejected("an archive in an archive", _place(member.name))
        size = len(piece)
        while piece:
            piece = file.read(_PIECE)
            size += len(piece)
        if size != member.size:
            raise DataRejected(
                f"{size} bytes instead of the {member.size} announced", _place(member.name)
            )


@contextmanager
def _rejected(place: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise DataRejected(f"a broken ZIP archive: {show(str(error))}", place) from error


def _place(name: str) -> str:
    return f"member {show(name)}"
