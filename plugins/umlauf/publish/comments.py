"""Descriptions that readers find in the snapshot itself."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb


def write_comments(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    description: str,
    columns: Mapping[str, str],
    is_view: bool,
) -> None:
    """Write a relation's `description` and what each of its `columns` holds into the catalogue."""
    kind = "view" if is_view else "table"
    said = [f"comment on {kind} {relation} is {quoted(description)}"]
    said += (
        f'comment on column {relation}."{column}" is {quoted(text)}'
        for column, text in columns.items()
    )
    connection.execute("; ".join(said))


def quoted(text: str) -> str:
    """Return text as a literal of SQL."""
    return "'" + text.strip().replace("'", "''") + "'"
