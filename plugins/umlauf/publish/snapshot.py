"""Write all marts of a build into one DuckDB file and swap it in by a rename.

    <home>/marts/marts.duckdb     schemas core, pipeline, inventory, cash_flow, trust

Readers that have the old file open keep it; whoever opens it next sees the new one. Every table
carries `build_id`. The storage version is 1.4's, so that BI drivers older than ours open it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from umlauf.landing.janitor import sweep_own, sweep_partials
from umlauf.landing.lease import WAREHOUSE_LEASE, hold_lease
from umlauf.landing.own_records import own_rows
from umlauf.publish.comments import quoted, write_comments
from umlauf.publish.content_hash import content_hash, view_hash
from umlauf.publish.disk import disk_errors
from umlauf.publish.kept import keep_snapshot, partial_beside, swap_in
from umlauf.publish.marts import Mart, marts_of
from umlauf.publish.own_tables import write_own
from umlauf.settings import Settings
from umlauf.storage.parquet import connect
from umlauf.warehouse.build import Build, current_build
from umlauf.warehouse.published import record_published

log = logging.getLogger(__name__)

STORAGE_VERSION = "v1.4.0"
_BUILD_ID_COMMENT = "Build that the row belongs to; the same in all marts of a snapshot."


def publish_build(settings: Settings, build_id: str, *, at: datetime) -> Path:
    """Publish the build that stands in the warehouse; `at` (aware UTC) is stamped on its record.

    The snapshot states its own record; it is landed from there once readers see it.

    Raises:
        LeaseLost: the warehouse holds another build by now, or a newer publisher took over.
        OSError: the disk is full or broken; readers keep what they had.
    """
    begun = time.monotonic()
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds) as lease:
        build = current_build(settings, build_id)
        target = settings.marts_file
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep_partials(target.parent)
        sweep_own(settings)
        record_published(settings)
        partial = partial_beside(target)
        write_snapshot(settings, build, partial, at)
        keep_snapshot(settings)
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
    with disk_errors(partial), connect(settings.landing_root) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = {quoted(f'{partial}.tmp')}")
        connection.execute(f"set memory_limit = '{settings.memory}'")
        connection.execute("set preserve_insertion_order = false")
        warehouse, marts_file = quoted(str(settings.warehouse_file)), quoted(str(partial))
        connection.execute(f"attach {warehouse} as warehouse (read_only)")
        # A file that was left half written is never gone on with, so it needs no log.
        connection.execute(
            f"attach {marts_file} as marts "
            f"(storage_version '{STORAGE_VERSION}', recovery_mode no_wal_writes)"
        )
        connection.execute("use marts")
        for schema in sorted({mart.schema for mart in marts} | {"trust"}):
            connection.execute(f"create schema {schema}")
        records: dict[str, dict[str, Any]] = {}
        hashes = {"as of": build.as_of.isoformat()}
        for mart in marts:
            _copy(connection, mart, build.build_id)
            columns = _column_comments(connection, mart)
            write_comments(
                connection, mart.relation, mart.description, columns, bool(mart.view_sql)
            )
            hashes[mart.relation] = _stated(connection, mart, columns, hashes)
            if not mart.is_lookup:
                key = f"{build.build_id}/{mart.relation}"
                records[key] = _build_record(build, mart, hashes[mart.relation])
        connection.register("own", own_rows(records if is_news else {}, at))
        write_own(connection, settings, build.build_id, at)
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


def _column_comments(connection: duckdb.DuckDBPyConnection, mart: Mart) -> dict[str, str]:
    """Return a comment for every column; contracts describe marts', not always lookups'."""
    found = connection.execute(f"describe {mart.relation}").fetchall()
    known = dict(mart.columns) | {"build_id": _BUILD_ID_COMMENT}
    return {column[0]: known.get(column[0]) or "See the table's comment." for column in found}
