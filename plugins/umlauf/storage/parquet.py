"""Read landed Parquet wherever it lies: rows, footers, and by way of DuckDB.

Footers are what nights read most of: where each costs a request they are kept, by name and etag, in
<home>/cache/footers.sqlite. That file may be removed at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.storage.bucket_path import AnyPath, BucketPath

_TAIL = 32 * 1024  # most footers are below 4 kB
_END = 8  # length of the footer, and the mark of Parquet
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


def read_footer(file: AnyPath, key: bytes) -> Footer:
    """Return what the file says under `key` of its metadata.

    Raises:
        pa.ArrowException: it is no Parquet file.
        FileNotFoundError: it is not there.
    """
    if not isinstance(file, BucketPath):
        return _parse(pq.read_metadata(file), key)
    etag = file.stat().etag
    with _kept(file) as kept:
        query = "select metadata, rows from footer where name = ? and etag = ?"
        if found := kept.execute(query, [str(file), etag]).fetchone():
            return Footer(stated=found[0], rows=found[1])
        footer = _parse(pq.read_metadata(pa.BufferReader(_footer_bytes(file))), key)
        kept.execute(
            "insert or replace into footer values (?, ?, ?, ?)",
            [str(file), etag, footer.stated, footer.rows],
        )
    return footer


def forget_footer(file: AnyPath) -> None:
    """Keep no word of a file's footer: it is written anew because somebody is to be forgotten."""
    if isinstance(file, BucketPath):
        with _kept(file) as kept:
            kept.execute("delete from footer where name = ?", [str(file)])


def read_rows(file: AnyPath, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a file's rows."""
    source = pa.BufferReader(file.read_bytes()) if isinstance(file, BucketPath) else file
    return pq.read_table(source, columns=columns)


def connect(root: AnyPath, **config: Any) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that can read what has landed below `root`."""
    connection = duckdb.connect(config=config)
    if isinstance(root, BucketPath):
        let_read(connection, root)
    return connection


def let_read(connection: duckdb.DuckDBPyConnection, root: AnyPath) -> None:
    """Let a database read what has landed below `root`."""
    if isinstance(root, BucketPath):
        from umlauf.storage.httpfs import let_read_bucket

        let_read_bucket(connection, root.bucket)


def _parse(metadata: pq.FileMetaData, key: bytes) -> Footer:
    return Footer(stated=(metadata.metadata or {}).get(key), rows=metadata.num_rows)


def _footer_bytes(file: BucketPath) -> bytes:
    """Return the end of a file, its whole footer included."""
    if not file.stat().st_size:
        return b""
    tail = file.bucket.tail(str(file.key), _TAIL)
    needed = int.from_bytes(tail[-_END : 4 - _END], "little") + _END
    if len(tail) < needed <= file.stat().st_size:
        return file.bucket.tail(str(file.key), needed)
    return tail


@contextmanager
def _kept(file: BucketPath) -> Iterator[sqlite3.Connection]:
    file.at_hand.mkdir(parents=True, exist_ok=True)
    with closing(_open(file.at_hand / "footers.sqlite")) as kept, kept:
        yield kept


def _open(file: Path) -> sqlite3.Connection:
    kept = sqlite3.connect(file, timeout=30)
    kept.execute("pragma synchronous = off")  # what a crash takes is fetched again
    kept.execute("pragma secure_delete = on")
    kept.execute(_KEPT)
    return kept
