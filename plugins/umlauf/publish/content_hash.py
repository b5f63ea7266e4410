"""A hash of what a table says, whatever the order of its rows, machine or session."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import duckdb


def content_hash(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]
) -> str:
    """Return the row count and the sum of the rows' MD5s, as text.

    A row is written as its values' texts and, behind them, each one's length (none for NULL): so
    neither where one value ends and the next begins nor NULL against the empty text can make two
    different rows look alike. The sum (not XOR) keeps rows that occur twice.
    """
    texts = [f'cast("{name}" as varchar)' for name in columns]
    lengths = [f"';', length({text})" for text in texts]
    row_text = f"concat({', '.join(texts + lengths)})"
    found = connection.execute(
        f"select count(*), coalesce(sum(md5_number_lower({row_text})), 0) from {relation}"
    ).fetchone()
    rows, total = found or (0, 0)
    return f"{rows}-{int(total):x}"


def view_hash(
    connection: duckdb.DuckDBPyConnection, relation: str, reads: Mapping[str, str]
) -> str:
    """Return the row count of a view and a hash of the tables it `reads`, name to content hash.

    What a view says follows from them. A view of days has a hundred rows for each of the spans it
    reads: to write all of them as text took longer than to build the marts.
    """
    found = connection.execute(f"select count(*) from {relation}").fetchone()
    stated = "|".join(f"{name}={stated}" for name, stated in sorted(reads.items()))
    return f"{found[0] if found else 0}-{hashlib.md5(stated.encode()).hexdigest()}"  # noqa: S324 - as above
