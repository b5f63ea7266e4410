"""The tables of `trust` that no model makes: what we landed of ourselves, and lineage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from umlauf.landing.own_records import BUILDS, CHECKS, ERASURES, INCIDENTS, own_files
from umlauf.publish.column_lineage import Columns, staging_lineage
from umlauf.publish.comments import write_comments
from umlauf.publish.lineage import read_lineage
from umlauf.settings import Settings
from umlauf.warehouse.dbt import read_semantic_manifest

_BUILD_ID = "Build that the row belongs to; the same in all marts of a snapshot."
OWN_COMMENTS = {
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
    "incident": {
        "": "One row per failure, and per end of one; there only if anything has ever failed.",
        "subject": "What failed: a landing, the marts, the morning page, a landed file, a share.",
        "kind": "Error, as in docs/runbook.md; null for an end.",
        "message": "What was expected, what came, what to do.",
        "is_over": "Whether this row says that it is over.",
        "noted_at": "UTC.",
    },
    "erasure": {
        "": "One row per record that was erased for ever; there only if any ever was.",
        "source": "Source it came from.",
        "stream": "Stream of it.",
        "key_sha256": "SHA-256 of source.stream/key: who knows the key can look it up.",
        "because": "Why, in the words of whoever erased it.",
        "versions": "Versions of it that had landed.",
        "batches": "Landed batches that held them.",
        "erased_at": "UTC.",
    },
    "lineage": {
        "": "One row per stream or model and mart that is built from it.",
        "subject": "Stream (hubspot.deals) or model.",
        "mart": "Schema and table.",
        "build_id": _BUILD_ID,
    },
    "semantic_manifest": {
        "": "One row: the metrics as defined when the snapshot was built (umlauf metrics).",
        "manifest": "dbt's semantic manifest, JSON; its relations are those of this snapshot.",
        "build_id": _BUILD_ID,
    },
    "column_lineage": {
        "": "One row per column of a staging model or seed and column of a mart that is made of "
        "it. What only filters or joins rows is not in it.",
        "subject": "Schema and staging model or seed.",
        "subject_column": "Column of it.",
        "mart": "Schema and table.",
        "mart_column": "Column of it.",
        "build_id": _BUILD_ID,
    },
}
_COLUMNS = """
    select schema_name || '.' || table_name, list(column_name)
    from duckdb_columns()
    where database_name = 'warehouse'
    group by all
"""


def write_own(
    connection: duckdb.DuckDBPyConnection, settings: Settings, build_id: str, at: datetime
) -> None:
    """Write `trust.build`, to which this build's `own` rows are new, and the others.

    What was landed after `at` (aware UTC) is told in a later snapshot.
    """
    root = settings.landing_root
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
    if incidents := own_files(root, "incidents"):
        _create_own(connection, "incident", INCIDENTS.format(records=landed), incidents)
    if erasures := own_files(root, "erasures"):
        _create_own(connection, "erasure", ERASURES.format(records=landed), erasures)
    connection.register("lineage", _lineage(settings, build_id))
    _create_own(connection, "lineage", "from lineage", [])
    if manifest := read_semantic_manifest(settings):
        connection.register("metrics", pa.table({"manifest": [manifest], "build_id": [build_id]}))
        _create_own(connection, "semantic_manifest", "from metrics", [])
    columns = dict(connection.execute(_COLUMNS).fetchall())
    connection.register("column_lineage", _column_lineage(settings, build_id, columns))
    _create_own(connection, "column_lineage", "from column_lineage", [])


def _create_own(
    connection: duckdb.DuckDBPyConnection, name: str, query: str, files: Sequence[str]
) -> None:
    connection.execute(f"create table trust.{name} as {query}", {"files": files} if files else {})
    comments = dict(OWN_COMMENTS[name])
    write_comments(connection, f"trust.{name}", comments.pop(""), comments, False)


def _lineage(settings: Settings, build_id: str) -> pa.Table:
    return _texts(
        ("subject", "mart", "build_id"), [(*pair, build_id) for pair in read_lineage(settings)]
    )


def _column_lineage(settings: Settings, build_id: str, columns: Columns) -> pa.Table:
    return _texts(
        ("subject", "subject_column", "mart", "mart_column", "build_id"),
        [(*row, build_id) for row in staging_lineage(settings, columns)],
    )


def _texts(names: Sequence[str], rows: Sequence[Sequence[str]]) -> pa.Table:
    return pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) for row in rows],
        schema=pa.schema([(name, pa.string()) for name in names]),
    )
