"""Read landed Parquet wherever it lies: rows, and by way of DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.storage.bucket_path import AnyPath, BucketPath


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
