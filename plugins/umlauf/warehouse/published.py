"""What the published snapshot says of itself, and its record in landing."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import duckdb

from umlauf.landing.own_records import BUILDS, land_own, own_files
from umlauf.settings import Settings

log = logging.getLogger(__name__)

# A record as `umlauf.landing.own_records.BUILDS` reads it.
_STATED = """
    select build_id, mart, known_on, as_of_date as as_of, code_version, build_seconds,
        row_count as rows, content_hash, published_at
    from published.trust.build
    where build_id = ?
"""
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
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        found = connection.execute(
            "select max(known_on) from trust.build where build_id = ?", [build_id]
        ).fetchone()
    return found[0].replace(tzinfo=UTC) if found and found[0] else None


def record_published(settings: Settings) -> None:
    """Land the record of the published build as the snapshot states it, unless it has landed.

    Called by whoever holds the warehouse: a publisher that is killed behind its swap leaves this to
    the next run. So the landed records are those of builds that readers saw, and of all of them.
    """
    build_id = published_build_id(settings)
    if build_id is None:
        return
    try:
        stated = _unrecorded(settings, build_id)
    except duckdb.Error as error:
        log.warning("build %s: the snapshot does not state its record: %s", build_id, error)
        return
    if stated:
        (at,) = {record.pop("published_at") for record in stated}
        records = {f"{build_id}/{record['mart']}": record for record in stated}
        day = stated[0]["as_of"]
        land_own(settings.landing_root, "builds", day, records, at.replace(tzinfo=UTC))


def _unrecorded(settings: Settings, build_id: str) -> list[dict[str, Any]]:
    """Return the build's records as the snapshot states them, none if all of them have landed."""
    file = str(settings.marts_file).replace("'", "''")
    files = own_files(settings.landing_root, "builds")
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as published (read_only)")
        if files:
            landed = BUILDS.format(records="read_parquet(?)")
            if not connection.execute(_UNRECORDED + landed, [build_id, files]).fetchall():
                return []
        found = connection.execute(_STATED, [build_id])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
