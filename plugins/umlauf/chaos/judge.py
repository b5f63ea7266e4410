"""Whether a scene ended where a night without fault ends: row by row, to the cent, nothing stray.

What the models read of landing is compared first: per record the row fetched last, per version of
it as well, and every kept bank file. Marts are a function of that (`umlauf build`, rebuilt from
landing in the tests of past nights), so equal landing means equal marts; only where a row differs
are the marts of both built and compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from umlauf.landing.own_records import SOURCE as OWN
from umlauf.publish.content_hash import content_hash

Row = tuple[str, ...]
# Tombstones carry the moment of fetching as their version: which one says nothing.
_STATE = """
    with landed as (
        select
            regexp_extract(filename, '.*/([^/]+)/([^/]+)/day=[^/]+/[^/]+$', 1) as source,
            regexp_extract(filename, '.*/([^/]+)/([^/]+)/day=[^/]+/[^/]+$', 2) as stream,
            record_key, is_deleted, payload, record_version, fetched_at
        from read_parquet(getvariable('batches'), filename = true, hive_partitioning = false)
        where record_key is not null
    ),

    newest as (
        select source, stream, record_key, 'newest' as version, is_deleted, payload
        from landed
        qualify row_number() over (
            partition by source, stream, record_key
            order by fetched_at desc, record_version desc, payload desc
        ) = 1
    ),

    versions as (
        select source, stream, record_key, cast(record_version as varchar), is_deleted, payload
        from landed
        where not is_deleted
        qualify row_number() over (
            partition by source, stream, record_key, record_version
            order by fetched_at desc, payload desc
        ) = 1
    )

    select source, stream, record_key, version, cast(is_deleted as varchar), coalesce(payload, '')
    from (from newest union all from versions)
"""


@dataclass(frozen=True, kw_only=True)
class State:
    """What the models can read of a landing."""

    rows: frozenset[Row]
    files: frozenset[str]

    def against(self, clean: State) -> Difference:
        """Return what is missing here and what is here beyond `clean`."""
        return Difference(
            lost=sorted(clean.rows - self.rows), extra=sorted(self.rows - clean.rows),
            files=sorted(clean.files ^ self.files),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Rows and kept files that two landings do not share."""

    lost: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.extra or self.files)

    def __str__(self) -> str:
        def shown(rows: list[Row]) -> str:
            names = [f"{row[0]}.{row[1]} {row[2]!r} ({row[3]})" for row in rows[:3]]
            return f"{len(rows)}: {', '.join(names)}" if rows else "0"

        return f"rows lost {shown(self.lost)}; beyond {shown(self.extra)}; files {self.files[:3]}"


def read_state(home: Path) -> State:
    """Read a landing: rows, and bank files by their hash."""
    with _state(home) as state:
        rows = state.execute("from state").fetchall()
    return State(rows=frozenset(rows), files=_bank_files(home))


def digest(home: Path) -> str:
    """Return what two landings share if they are the same state: far cheaper than reading it."""
    with _state(home) as state:
        columns = [name for name, *_ in state.execute("describe state").fetchall()]
        return f"{content_hash(state, 'state', columns)} {sorted(_bank_files(home))}"


@contextmanager
def _state(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    landing = home / "landing"
    batches = [
        str(file)
        for file in sorted(landing.glob("*/*/day=*/*.parquet"))
        if file.relative_to(landing).parts[0] != OWN
    ]
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("set variable batches = $batches", {"batches": batches})
        connection.execute(f"create temp view state as {_STATE}")
        yield connection


def _bank_files(home: Path) -> frozenset[str]:
    return frozenset(file.name for file in (home / "landing").glob("*/*/day=*/*.bin"))


def strays(home: Path) -> Iterator[str]:
    """Yield temporary files that a finished rerun has left."""
    for file in sorted(set(home.rglob("*")) - set(home.rglob("*.aside*"))):  # kept on purpose
        if ".partial" in file.name or file.suffix in (".tmp", ".wal"):
            yield str(file.relative_to(home))


def torn(marts_file: Path) -> str:
    """Return what is wrong with a snapshot that readers see; nothing if none is there yet.

    All its tables must be of one build, and what each says must be what the build recorded.
    """
    if not marts_file.exists():
        return ""
    try:
        with duckdb.connect(marts_file, read_only=True) as connection:
            tables = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables() "
                "where schema_name <> 'trust' and table_name in "
                "(select table_name from duckdb_columns() where column_name = 'build_id')"
            ).fetchall()
            each = " union ".join(f"select distinct build_id from {name}" for (name,) in tables)
            builds = connection.execute(each).fetchall()
    except duckdb.Error as error:
        return f"unreadable: {error}"
    return "" if len(builds) == 1 else f"{len(builds)} builds in one snapshot"
