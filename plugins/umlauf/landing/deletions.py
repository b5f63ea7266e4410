"""Which landed records no longer exist at their source."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from umlauf.errors import SourceChanged

_LIVE_KEYS = """
    select record_key
    from read_parquet(?)
    group by record_key
    having not arg_max(is_deleted, (fetched_at, record_version))
    order by record_key
"""


def live_keys(root: Path, source: str, stream: str) -> list[str]:
    """Return the landed keys whose newest version is not a tombstone."""
    files = [str(file) for file in (root / source / stream).glob("day=*/*.parquet")]
    if not files:
        return []
    with duckdb.connect() as connection:
        return [key for (key,) in connection.execute(_LIVE_KEYS, [files]).fetchall()]


def missing_keys(
    root: Path,
    source: str,
    stream: str,
    *,
    most_ratio: float,
    present: Collection[str] | None = None,
    gone: Collection[str] | None = None,
) -> list[str]:
    """Return the live keys that are `gone`, or not among those `present`, at the source.

    Raises:
        SourceChanged: more are gone at once than `most_ratio` allows; a lost permission
            looks like a mass deletion, and tombstones would take the records out of every mart.
    """
    live = live_keys(root, source, stream)
    if present is not None:
        missing = [key for key in live if key not in present]
    else:
        deleted = set(gone or ())
        missing = [key for key in live if key in deleted]
    # A handful may always go: of 3 warehouses, one closed is a third.
    if len(missing) > max(5, most_ratio * len(live)):
        raise SourceChanged(
            f"{source}.{stream}: {len(missing)} of {len(live)} records are gone at "
            f"once, more than max_deleted_ratio {most_ratio:g} allows; nothing was deleted. "
            f"If it is true, raise sources.{source}.max_deleted_ratio for one run"
        )
    return missing
