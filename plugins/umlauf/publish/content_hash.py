"""A hash of what a table says, whatever the order of its rows, machine or session."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb


def content_hash(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str]
) -> str:
    """Return the row count and the sum of the rows' MD5s, as text.

    Every value is written as text after its length, so that neither a separator inside a value
    nor NULL against the empty text can make two different rows look alike. The sum (not XOR)
    keeps rows that occur twice.
    """
    parts = (
        f"coalesce(length(cast(\"{name}\" as varchar)) || ':' || cast(\"{name}\" as varchar), '-')"
        for name in columns
    )
    row_text = " || '|' || ".join(parts)
    found = connection.execute(
        f"select count(*), coalesce(sum(md5_number_lower({row_text})), 0) from {relation}"
    ).fetchone()
    rows, total = found or (0, 0)
    return f"{rows}-{int(total):x}"
