"""What the published snapshot tells of itself, and whether it still says what was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from umlauf.errors import LandingDamaged
from umlauf.health.lineage import Lineage
from umlauf.publish.content_hash import content_hash
from umlauf.settings import Settings
from umlauf.warehouse.published import recorded_hashes

_BUILD = """
    select
        build_id, max(as_of_date), max(known_on), max(published_at), max(build_seconds),
        count(*), cast(sum(row_count) as bigint)
    from trust.build
    where build_id = (select min(build_id) from core.dim_date)
    group by build_id
"""
# The checks that did not hold, since when without a night on which they did, and for how many.
_WARNINGS = """
    with builds as (
        select build_id, max(as_of_date) as as_of, max(published_at) as published_at
        from trust.build
        group by build_id
    ),

    judged as (
        select
            build_id, subject, check_name, why, as_of, published_at,
            bool_and(is_passed) as is_passed,
            string_agg(message, '; ' order by message) filter (not is_passed) as message
        from trust.quality_result
        inner join builds using (build_id)
        group by all
    ),

    failing as (
        select
            *,
            max(published_at) filter (is_passed) over (partition by subject, check_name, why)
                as held_at
        from judged
    )

    select
        subject, check_name, why, max(message) filter (build_id = $build_id),
        min(published_at), count(distinct as_of)
    from failing
    where held_at is null or published_at > held_at
    group by subject, check_name, why
    having count(*) filter (build_id = $build_id) > 0
    order by subject, check_name, why
"""
# How many records each build had in quarantine, the newest two builds first.
_QUARANTINE = """
    select row_count, published_at
    from trust.build
    where mart = 'trust.quarantine'
    order by published_at desc
    limit 2
"""
_CHECKS = """
    select if(is_passed, 'held', severity), count(*)
    from trust.quality_result
    where build_id = $build_id
    group by all
    order by all
"""
_REASONS = """
    select source || '.' || stream, reason, count(*)
    from trust.quarantine
    group by all
    order by 3 desc, 1, 2
    limit 3
"""


@dataclass(frozen=True, kw_only=True)
class FailedCheck:
    """A check that only warns and did not hold; `since` (aware UTC) and for how many `nights`."""

    subject: str
    check: str
    why: str
    message: str
    since: datetime
    nights: int


@dataclass(frozen=True, kw_only=True)
class Published:
    """What readers see; stamps are aware UTC. `fault`: why it cannot be read.

    `build_seconds` is what dbt took; `rows` are those of all marts; `checks` counts the gates' by
    whether they held or by the severity of what broke. `warnings`: checks that did not hold.
    `quarantine`: records now and in the build before. `reasons`: the commonest - stream, reason,
    records.
    """

    build_id: str = ""
    as_of: date | None = None
    known_on: datetime | None = None
    published_at: datetime | None = None
    build_seconds: float | None = None
    marts: int = 0
    rows: int = 0
    checks: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[FailedCheck, ...] = ()
    quarantine: tuple[int, ...] = ()
    reasons: tuple[tuple[str, str, int], ...] = ()
    lineage: Lineage = field(default_factory=Lineage)
    fault: str = ""


def read_published(file: Path) -> Published:
    """Read it; without a snapshot all is empty."""
    if not file.exists():
        return Published()
    try:
        with duckdb.connect(file, read_only=True) as connection:
            return _read(connection)
    except duckdb.Error as error:
        return Published(fault=" ".join(str(error).split()))


def faults_of(settings: Settings) -> Iterator[str]:
    """Read all of the published snapshot and say which tables are not as they were published.

    Views hold nothing of their own: what they read is looked at. DuckDB's checksums guard the rest.
    """
    if not settings.marts_file.exists():
        return
    try:
        with duckdb.connect(settings.marts_file, read_only=True) as connection:
            build_id = _read(connection).build_id
            stated = recorded_hashes(settings, build_id)
            for schema, table in _rows(
                connection, "select schema_name, table_name from duckdb_tables() order by all"
            ):
                relation = f"{schema}.{table}"
                columns = [row[0] for row in _rows(connection, f"describe {relation}")]
                now = content_hash(connection, relation, [c for c in columns if c != "build_id"])
                if stated.get(relation, now) != now:
                    yield f"{relation}: expected content hash {stated[relation]}, came {now}"
            if not stated:
                yield f"build {build_id} has no record in landing"
    except LandingDamaged:
        return  # what it should say is damaged, and told: there is nothing to compare with
    except duckdb.Error as error:
        yield f"it cannot be read: {' '.join(str(error).split())}"


def _read(connection: duckdb.DuckDBPyConnection) -> Published:
    ((build_id, as_of, known_on, published_at, seconds, marts, rows),) = _rows(connection, _BUILD)
    there = {row[0] for row in _rows(connection, "select table_name from duckdb_tables()")}
    has_checks, has_lineage = "quality_result" in there, "lineage" in there
    pairs = _rows(connection, "select subject, mart from trust.lineage") if has_lineage else []
    return Published(
        build_id=build_id,
        as_of=as_of,
        known_on=known_on.replace(tzinfo=UTC),
        published_at=published_at.replace(tzinfo=UTC),
        build_seconds=seconds,
        marts=marts,
        rows=rows,
        checks=dict(_rows(connection, _CHECKS, {"build_id": build_id})) if has_checks else {},
        warnings=tuple(_warnings(connection, build_id)) if has_checks else (),
        quarantine=tuple(row[0] for row in _rows(connection, _QUARANTINE)),
        reasons=tuple(_rows(connection, _REASONS)) if "quarantine" in there else (),
        lineage=Lineage.of(pairs),
    )


def _warnings(connection: duckdb.DuckDBPyConnection, build_id: str) -> Iterator[FailedCheck]:
    for subject, check, why, message, since, nights in _rows(
        connection, _WARNINGS, {"build_id": build_id}
    ):
        yield FailedCheck(
            subject=subject,
            check=check,
            why=why,
            message=message,
            since=since.replace(tzinfo=UTC),
            nights=nights,
        )


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, known: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    return connection.execute(sql, known).fetchall()
