"""Footers that have been read before, so that a night opens the files that are new.

<home>/cache/footers.sqlite     by name and version of the file; it may be removed at any time
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.storage.bucket_path import AnyPath, BucketPath, version_of

_FILE = "footers.sqlite"
_TAIL = 32 * 1024  # most footers are below 4 kB
_END = 8  # length of the footer, and the mark of Parquet
_AT_ONCE = 200  # footers: others may have to keep theirs meanwhile
_KEPT = """
    create table if not exists footer (
        name text primary key, etag text not null, metadata blob, rows integer not null
    )
"""


@dataclass(frozen=True, kw_only=True)
class Footer:
    """A landed file's own words, None if it has none, and the rows it holds."""

    stated: bytes | None
    rows: int


class Footers:
    """What is kept in a folder; `opened` counts the files that had to be read."""

    def __init__(self, folder: Path) -> None:
        """Open or make it."""
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._kept = _open(folder / _FILE)
        except sqlite3.OperationalError:  # locked, or the disk is full: it is not the file's fault
            raise
        except sqlite3.DatabaseError:  # a night is not stopped by what may be removed
            forget_footers(folder)
            self._kept = _open(folder / _FILE)
        self.opened = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with closing(self._kept):
            self._kept.commit()

    def read(self, file: AnyPath, key: bytes) -> Footer:
        """Return what the file says under `key` of its metadata, always the same one.

        Raises:
            pa.ArrowException: it is no Parquet file.
            FileNotFoundError: it is not there.
        """
        version = version_of(file)
        query = "select metadata, rows from footer where name = ? and etag = ?"
        if found := self._kept.execute(query, [str(file), version]).fetchone():
            return Footer(stated=found[0], rows=found[1])
        footer = read_footer_itself(file, key)
        self._kept.execute(
            "insert or replace into footer values (?, ?, ?, ?)",
            [str(file), version, footer.stated, footer.rows],
        )
        self.opened += 1
        if self.opened % _AT_ONCE == 0:
            self._kept.commit()
        return footer

    def forget(self, file: AnyPath) -> None:
        """Keep no word of a file: it is written anew because somebody is to be forgotten."""
        self._kept.execute("delete from footer where name = ?", [str(file)])


def read_footer(file: AnyPath, key: bytes) -> Footer:
    """Return what one file says: in a folder it is opened, in a bucket that may be known already.

    Raises:
        pa.ArrowException: it is no Parquet file.
        FileNotFoundError: it is not there.
    """
    if not isinstance(file, BucketPath):
        return read_footer_itself(file, key)
    with Footers(file.at_hand) as kept:
        return kept.read(file, key)


def read_footer_itself(file: AnyPath, key: bytes) -> Footer:
    """Return what the file says, by opening it."""
    held = pa.BufferReader(_footer_bytes(file)) if isinstance(file, BucketPath) else file
    metadata = pq.read_metadata(held)
    return Footer(stated=(metadata.metadata or {}).get(key), rows=metadata.num_rows)


def forget_footer(file: BucketPath) -> None:
    """Keep no word of a file that is about to be written anew."""
    with Footers(file.at_hand) as kept:
        kept.forget(file)


def forget_footers(folder: Path) -> None:
    """Keep no word of any file."""
    (folder / _FILE).unlink(missing_ok=True)


def _open(file: Path) -> sqlite3.Connection:
    kept = sqlite3.connect(file, timeout=30)
    kept.execute("pragma secure_delete = on")
    kept.execute(_KEPT)
    return kept


def _footer_bytes(file: BucketPath) -> bytes:
    """Return the end of a file, its whole footer included."""
    if not file.stat().st_size:
        return b""
    tail = file.bucket.tail(str(file.key), _TAIL)
    needed = int.from_bytes(tail[-_END : 4 - _END], "little") + _END
    if len(tail) < needed <= file.stat().st_size:
        return file.bucket.tail(str(file.key), needed)
    return tail
