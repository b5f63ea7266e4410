"""Landed rows of files that a later reading or delivery no longer has.

`told` names what has been told anew - files by SHA-256, statements by key - and since when (aware
UTC): whatever landed of it before, and not since, is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from umlauf.landing.batch import batch_files
from umlauf.landing.intact import naming_damage
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.parquet import connect

_TOLD = "with told as (select unnest(?) as id, unnest(?) as since)"
_LANDED_BEFORE = f"""
    {_TOLD}
    select count(*) > 0
    from read_parquet(?) as landed
    inner join told on told.id in (landed.record_key, landed.payload ->> '$.file_sha256')
    where landed.fetched_at < told.since
"""
# A row belongs to the file that its newest version names.
_REPLACED = f"""
    {_TOLD},

    newest as (
        select
            record_key,
            max(fetched_at) as fetched_at,
            arg_max(payload ->> '$.file_sha256', (fetched_at, record_version)) as file_sha256,
            arg_max(payload ->> '$.statement_key', (fetched_at, record_version)) as statement_key
        from read_parquet(?)
        group by record_key
        having not arg_max(is_deleted, (fetched_at, record_version))
    )

    select distinct record_key
    from newest
    inner join told on told.id in (newest.file_sha256, newest.statement_key)
    where newest.fetched_at < told.since
    order by record_key
"""


def has_landed_before(root: AnyPath, source: str, told: Mapping[str, datetime]) -> bool:
    """Tell whether any of the statements, or a statement of the files, has landed before."""
    return bool(_rows(_LANDED_BEFORE, root, source, "statements", told) == [(True,)])


def replaced_keys(
    root: AnyPath, source: str, stream: str, told: Mapping[str, datetime]
) -> list[str]:
    """Return the live keys of the stream that are replaced, in order."""
    return [key for (key,) in _rows(_REPLACED, root, source, stream, told)]


def _rows(
    query: str, root: AnyPath, source: str, stream: str, told: Mapping[str, datetime]
) -> list[tuple[Any, ...]]:
    files = [str(file) for file in batch_files(root, source, stream)]
    if not files:
        return []
    since = [moment.astimezone(UTC).replace(tzinfo=None) for moment in told.values()]
    with naming_damage(root, files), connect(root) as connection:
        return connection.execute(query, [list(told), since, files]).fetchall()
