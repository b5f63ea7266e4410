"""The snapshot that readers see, as its copies and the partners' shares are made from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from umlauf.errors import ConfigError
from umlauf.publish.disk import disk_errors
from umlauf.settings import Settings

SCHEMAS = ("core", "pipeline", "inventory", "cash_flow", "trust")  # what readers look into


_SHOWN = """
    select build_id, max(as_of_date) from trust.build
    where build_id = (select any_value(build_id) from core.dim_date)
    group by build_id
"""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The build that readers see, and the business date it speaks about."""

    build_id: str
    as_of: date


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What copying a build did; no rows if the copy was there already."""

    build_id: str
    rows: int
    seconds: float


@contextmanager
def open_original(settings: Settings) -> Iterator[tuple[duckdb.DuckDBPyConnection, Shown]]:
    """Yield the published snapshot, read-only and in UTC, and its build; it stays when replaced.

    Raises:
        ConfigError: nothing is published yet.
        OSError: the disk is broken, or full where DuckDB wrote.
    """
    file = settings.marts_file
    if not file.exists():
        raise ConfigError(f"nothing is published yet at {file}; run `umlauf nightly` first")
    with disk_errors(file), duckdb.connect(file, read_only=True) as snapshot:
        snapshot.execute("set TimeZone = 'UTC'")
        snapshot.execute(f"set memory_limit = '{settings.memory}'")
        ((build_id, as_of),) = snapshot.execute(_SHOWN).fetchall()
        yield snapshot, Shown(build_id=build_id, as_of=as_of)


def relations_for_readers(snapshot: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Return schema, name and comment of each mart; what only their views read is left out."""
    return snapshot.execute(
        """
        select schema_name, table_name, coalesce(comment, '') from duckdb_tables()
        where not internal and list_contains($schemas, schema_name)
        union all
        select schema_name, view_name, coalesce(comment, '') from duckdb_views()
        where not internal and list_contains($schemas, schema_name)
        order by all
        """,
        {"schemas": SCHEMAS},
    ).fetchall()


def columns_of(
    snapshot: duckdb.DuckDBPyConnection, schema: str, name: str
) -> list[tuple[str, str, str]]:
    """Return name, type and comment of each column, in their order."""
    return snapshot.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where schema_name = ? and table_name = ? and not internal order by column_index",
        [schema, name],
    ).fetchall()
