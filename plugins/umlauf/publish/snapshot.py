"""Write all marts of a build into one DuckDB file and swap it in by a rename.

    <home>/marts/marts.duckdb     schemas core, pipeline, inventory, cash_flow, trust

Readers that have the old file open keep it; whoever opens it next sees the new one. Every table
carries `build_id`. The storage version is 1.4's, so that BI drivers older than ours open it.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from umlauf.landing.batch import sync_folder
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import Lease, hold_lease
from umlauf.landing.own_records import BUILDS, CHECKS, own_files, own_rows
from umlauf.publish.content_hash import content_hash, view_hash
from umlauf.publish.marts import Mart, marts_of
from umlauf.settings import Settings
from umlauf.warehouse.build import WAREHOUSE_LEASE, Build, current_build
from umlauf.warehouse.published import record_published

log = logging.getLogger(__name__)

STORAGE_VERSION = "v1.4.0"
_BUILD_ID_COMMENT = "Build that the row belongs to; the same in all marts of a snapshot."
_OWN_COMMENTS = {
    "build": {
        "": "One row per published build and mart: when, from what, and a hash of what it said.",
        "build_id": "Build, named after what went into it.",
        "mart": "Schema and table.",
        "known_on": "UTC. Rows fetched later are unknown to the build.",
        "as_of_date": "Business date the marts speak about.",
        "code_version": "Version of Umlauf.",
        "build_seconds": "Seconds dbt took.",
        "row_count": "Rows in the mart.",
        "content_hash": "Row count and sum of row hashes, or of a view what the tables it reads "
        "have; equal content, equal hash.",
        "published_at": "UTC. When it was published.",
    },
    "quality_result": {
        "": "One row per build and check, of dbt, of Great Expectations and of contracts; also of "
        "builds that failed and were never published, which are not in trust.build.",
        "build_id": "Build that was checked.",
        "tool": "dbt, gx, or contract: what a source had promised.",
        "subject": "Raw stream or model that was checked.",
        "check_name": "Test or expectation.",
        "severity": "critical stops publishing; warning is stored and shown.",
        "is_passed": "Whether the check held.",
        "failures": "Rows that broke it.",
        "why": "Why the check exists, for a business reader.",
        "message": "What came instead; empty when it held.",
        "checked_at": "UTC.",
    },
}


def publish_build(settings: Settings, build_id: str, *, at: datetime) -> Path:
    """Publish the build that stands in the warehouse; `at` (aware UTC) is stamped on its record.

    The snapshot states its own record; it is landed from there once readers see it.

    Raises:
        LeaseLost: the warehouse holds another build by now, or a newer publisher took over.
    """
    begun = time.monotonic()
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds) as lease:
        build = current_build(settings, build_id)
        target = settings.marts_file
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep_partials(target.parent)
        record_published(settings)
        partial = target.with_suffix(f".{build_id}.partial")
        write_snapshot(settings, build, partial, at)
        swap_in(partial, target, lease)
        record_published(settings)
    log.info("published %s in %.1f s", build_id, time.monotonic() - begun)
    return target


def write_snapshot(
    settings: Settings, build: Build, partial: Path, at: datetime, *, is_news: bool = True
) -> dict[str, dict[str, Any]]:
    """Write the marts of `build` to `partial`, with our own records up to `at` (aware UTC).

    Returns the build's record of each mart; it is written as well if the build `is_news`.
    """
    marts = list(marts_of(settings))
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = {_quoted(f'{partial}.tmp')}")
        connection.execute(f"set memory_limit = '{settings.memory}'")
        connection.execute("set preserve_insertion_order = false")
        warehouse, marts_file = _quoted(str(settings.warehouse_file)), _quoted(str(partial))
        connection.execute(f"attach {warehouse} as warehouse (read_only)")
        connection.execute(f"attach {marts_file} as marts (storage_version '{STORAGE_VERSION}')")
        connection.execute("use marts")
        for schema in sorted({mart.schema for mart in marts} | {"trust"}):
            connection.execute(f"create schema {schema}")
        records: dict[str, dict[str, Any]] = {}
        hashes = {"as of": build.as_of.isoformat()}
        for mart in marts:
            _copy(connection, mart, build.build_id)
            columns = _column_comments(connection, mart)
            _comment(connection, mart.relation, mart.description, columns, bool(mart.view_sql))
            hashes[mart.relation] = _stated(connection, mart, columns, hashes)
            if not mart.is_lookup:
                key = f"{build.build_id}/{mart.relation}"
                records[key] = _build_record(build, mart, hashes[mart.relation])
        connection.register("own", own_rows(records if is_news else {}, at))
        _write_own(connection, settings.landing_root, at)
        connection.execute("checkpoint marts")
    return records


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart, build_id: str) -> None:
    if mart.view_sql:
        # Compiled for the warehouse's catalogue; here the same schemas stand in this file.
        source, kind = "(" + mart.view_sql.replace('"warehouse".', "") + ")", "view"
    else:
        source, kind = f"warehouse.{mart.relation}", "table"
    connection.execute(
        f"create {kind} {mart.relation} as select *, '{build_id}' as build_id from {source}"
    )


def _stated(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    columns: Iterable[str],
    hashes: Mapping[str, str],
) -> str:
    """Return the content hash of a mart or lookup; a view's follows from what it reads."""
    if mart.view_sql:
        read = {name: hashes[name] for name in ("as of", *mart.reads)}
        return view_hash(connection, mart.relation, read)
    return content_hash(connection, mart.relation, [name for name in columns if name != "build_id"])


def _build_record(build: Build, mart: Mart, stated: str) -> dict[str, Any]:
    return {
        "build_id": build.build_id,
        "mart": mart.relation,
        "known_on": f"{build.known_on:%Y-%m-%d %H:%M:%S.%f}",
        "as_of": build.as_of.isoformat(),
        "code_version": build.code_version,
        "build_seconds": build.seconds,
        "rows": int(stated.split("-", 1)[0]),
        "content_hash": stated,
    }


def _write_own(connection: duckdb.DuckDBPyConnection, root: Path, at: datetime) -> None:
    """Write `trust.build`, to which this build's `own` rows are new, and `trust.quality_result`.

    What was landed after `at` is told in a later snapshot.
    """
    until = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    landed = f"(from read_parquet($files) where fetched_at <= '{until}')"
    builds, checks = own_files(root, "builds"), own_files(root, "checks")
    records = "own"
    if builds:
        records = (
            f"(select * from own union all by name select * from {landed} "
            "where record_key not in (select record_key from own))"
        )
    _create_own(connection, "build", BUILDS.format(records=records), builds)
    if checks:
        _create_own(connection, "quality_result", CHECKS.format(records=landed), checks)


def _create_own(
    connection: duckdb.DuckDBPyConnection, name: str, query: str, files: Sequence[str]
) -> None:
    connection.execute(f"create table trust.{name} as {query}", {"files": files} if files else {})
    comments = dict(_OWN_COMMENTS[name])
    _comment(connection, f"trust.{name}", comments.pop(""), comments, False)


def _column_comments(connection: duckdb.DuckDBPyConnection, mart: Mart) -> dict[str, str]:
    """Return a comment for every column; contracts describe marts', not always lookups'."""
    found = connection.execute(f"describe {mart.relation}").fetchall()
    known = dict(mart.columns) | {"build_id": _BUILD_ID_COMMENT}
    return {column[0]: known.get(column[0]) or "See the table's comment." for column in found}


def _comment(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    description: str,
    columns: Mapping[str, str],
    is_view: bool,
) -> None:
    kind = "view" if is_view else "table"
    connection.execute(f"comment on {kind} {relation} is {_quoted(description)}")
    for column, text in columns.items():
        connection.execute(f'comment on column {relation}."{column}" is {_quoted(text)}')


def _quoted(text: str) -> str:
    return "'" + text.strip().replace("'", "''") + "'"


def swap_in(partial: Path, target: Path, lease: Lease) -> None:
    """Flush `partial` to disk and give it the name of `target`, if the lease still holds."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    lease.check()
    partial.replace(target)
    sync_folder(target.parent)
