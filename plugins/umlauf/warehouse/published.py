"""What the published snapshot says of itself, and its record in landing."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from umlauf.landing.intact import naming_damage
from umlauf.landing.own_records import BUILDS, land_own, own_files
from umlauf.settings import Settings
from umlauf.storage.parquet import connect

log = logging.getLogger(__name__)

# A record as `umlauf.landing.own_records.BUILDS` reads it.
_STATED = """
    select build_id, mart, known_on, as_of_date as as_of, code_version, build_seconds,
        row_count as rows, content_hash, published_at
    from published.trust.build
    where build_id = ?
"""
# As the model `forecast_ledger` reads them back; a snapshot without forecasts has no such table.
_HAS_FORECASTS = """
    select 1 from information_schema.tables
    where table_catalog = 'published' and table_schema = 'trust' and table_name = 'forecast_ledger'
"""
_FORECASTS = """
    select known_on, forecast_date, forecast, series, horizon, target_from_date, target_to_date,
        p10, p50, p90, baseline
    from published.trust.forecast_ledger
    where known_on = ?
"""
_IS_LANDED = "select 1 from read_parquet(?) where starts_with(record_key, ?) limit 1"
_UNRECORDED = "select * from published.trust.build where build_id = ? except "


def published_build_id(settings: Settings) -> str | None:
    """Return the build that readers see, as the snapshot itself states it.

    A snapshot that cannot be read counts as none: the next build replaces it.
    """
    if not settings.marts_file.exists():
        return None
    try:
        with duckdb.connect(settings.marts_file, read_only=True) as connection:
            found = connection.execute("select build_id from core.dim_date limit 1").fetchone()
    except duckdb.Error as error:
        log.warning("the published snapshot cannot be read and is built anew: %s", error)
        return None
    return found[0] if found else None


def published_known_on(settings: Settings) -> datetime | None:
    """Return the moment (aware UTC) the published build knows of, None before the first one."""
    build_id = published_build_id(settings)
    if build_id is None:
        return None
    try:
        with duckdb.connect(settings.marts_file, read_only=True) as connection:
            found = connection.execute(
                "select max(known_on) from trust.build where build_id = ?", [build_id]
            ).fetchone()
    except duckdb.Error as error:
        log.warning("the published snapshot does not tell what it knows: %s", error)
        return None
    return found[0].replace(tzinfo=UTC) if found and found[0] else None


def recorded_hashes(settings: Settings, build_id: str | None = None) -> dict[str, str]:
    """Return the content hash of each mart as landing has it of a build, by default the last one.

    Empty when there is no record of it.
    """
    if not (files := own_files(settings.landing_root, "builds")):
        return {}
    builds = BUILDS.format(records="read_parquet($files)")
    with naming_damage(settings.landing_root, files), connect(settings.landing_root) as connection:
        found = connection.execute(
            f"with builds as ({builds}) select mart, content_hash from builds where build_id = "
            "coalesce($build_id, (select arg_max(build_id, published_at) from builds))",
            {"files": files, "build_id": build_id},
        )
        return dict(found.fetchall())


def recorded_at(settings: Settings) -> datetime | None:
    """Return when (aware UTC) a build was last published, as landing has it; None before any."""
    if not (files := own_files(settings.landing_root, "builds")):
        return None
    with naming_damage(settings.landing_root, files), connect(settings.landing_root) as connection:
        query = "select max(fetched_at) from read_parquet($files)"
        found = connection.execute(query, {"files": files}).fetchone()
    return found[0].replace(tzinfo=UTC) if found and found[0] else None


def note_return(settings: Settings, left: str, to: str) -> None:
    """Note, before it happens, that readers go back from build `left` to build `to`."""
    file = _returns_file(settings)
    partial = file.with_suffix(".partial")
    with partial.open("w") as out:
        json.dump({"to": to, "from": [*returned_from(settings), left]}, out)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)


def returned_from(settings: Settings) -> list[str]:
    """Return the builds that readers were taken back from, to the one they see now.

    Without something new none of them is published again: somebody did not want them shown.
    """
    file = _returns_file(settings)
    if not file.exists():
        return []
    noted = json.loads(file.read_bytes())
    return list(noted["from"]) if noted["to"] == published_build_id(settings) else []


def _returns_file(settings: Settings) -> Path:
    return settings.marts_file.with_name("rollback.json")


def record_published(settings: Settings) -> None:
    """Land the record of the published build as the snapshot states it, unless it has landed.

    Called by whoever holds the warehouse: a publisher that is killed behind its swap leaves this to
    the next run. So the landed records are those of builds that readers saw, and of all of them.
    The build's forecasts are landed before it: a build that is recorded has none left to land.
    """
    build_id = published_build_id(settings)
    if build_id is None:
        return
    file = str(settings.marts_file).replace("'", "''")
    try:
        with connect(settings.landing_root) as connection:
            connection.execute(f"attach '{file}' as published (read_only)")
            stated = _unrecorded(connection, settings, build_id)
            forecasts = _new_forecasts(connection, settings, stated)
    except duckdb.Error as error:
        log.warning("build %s: the snapshot does not state its record: %s", build_id, error)
        return
    if stated:
        (at,) = {record.pop("published_at") for record in stated}
        day, moment = stated[0]["as_of"], at.replace(tzinfo=UTC)
        if forecasts:
            land_own(settings.landing_root, "forecasts", day, forecasts, moment)
        records = {f"{build_id}/{record['mart']}": record for record in stated}
        land_own(settings.landing_root, "builds", day, records, moment)


def _unrecorded(
    connection: duckdb.DuckDBPyConnection, settings: Settings, build_id: str
) -> list[dict[str, Any]]:
    """Return the build's records as the snapshot states them, none if all of them have landed."""
    files = own_files(settings.landing_root, "builds")
    if files:
        landed = BUILDS.format(records="read_parquet(?)")
        if not connection.execute(_UNRECORDED + landed, [build_id, files]).fetchall():
            return []
    return _records(connection.execute(_STATED, [build_id]))


def _new_forecasts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, stated: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the forecasts of the build that is `stated`, none if they have landed."""
    if not stated or not connection.execute(_HAS_FORECASTS).fetchall():
        return {}
    known_on = stated[0]["known_on"]
    files = own_files(settings.landing_root, "forecasts")
    if files and connection.execute(_IS_LANDED, [files, f"{known_on}/"]).fetchall():
        return {}
    return {
        f"{known_on}/{made['forecast']}/{made['series']}/{made['horizon']}": made
        for made in _records(connection.execute(_FORECASTS, [known_on]))
    }


def _records(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
