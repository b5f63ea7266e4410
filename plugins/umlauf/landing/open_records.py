"""Own records that are open until a tombstone ends them: incidents, and what was told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.commits import committing, growing_clock
from umlauf.landing.intact import naming_damage
from umlauf.landing.lease import hold_lease
from umlauf.landing.own_records import SOURCE, OwnStream, own_files
from umlauf.settings import Settings
from umlauf.storage.parquet import connect

_OPEN = """
    select record_key, arg_max(payload, fetched_at), min(fetched_at)
    from (
        select *, max(fetched_at) filter (is_deleted) over (partition by record_key) as over_at
        from read_parquet($files)
    )
    where over_at is null or fetched_at > over_at
    group by record_key
    order by min(fetched_at), record_key
"""


@dataclass(frozen=True, kw_only=True)
class OpenRecord:
    """What was landed last of something that is not over; `since` (aware UTC) it began."""

    key: str
    payload: dict[str, Any]
    since: datetime


def read_open(settings: Settings, stream: OwnStream) -> list[OpenRecord]:
    """Return what is open, the oldest first."""
    root = settings.landing_root
    if not (files := own_files(root, stream)):
        return []
    with naming_damage(root, files), connect(root) as connection:
        found = connection.execute(_OPEN, {"files": files}).fetchall()
    return [
        OpenRecord(key=key, payload=json.loads(payload), since=since.replace(tzinfo=UTC))
        for key, payload, since in found
    ]


def land_open(
    settings: Settings,
    stream: OwnStream,
    begun: Mapping[str, Mapping[str, Any]],
    over: Sequence[str],
    at: datetime,
) -> None:
    """Land in one batch what has `begun`, by key, and the keys of what is `over`.

    One at a time: while the host's clock is behind, all would stamp theirs right behind the newest
    batch, and the second would take the first one's name.

    Raises:
        LeaseBusy: another process has been at it for as long as a run waits.
    """
    if not begun and not over:
        return
    payloads = [json.dumps(payload, default=str) for payload in begun.values()]
    wait = settings.lease_wait_seconds
    with (
        hold_lease(settings.leases, f"{SOURCE}_{stream}", wait),
        committing(settings.leases, wait),
    ):
        # Behind everything landed: which record is the newest must not depend on the host's clock.
        stamp = growing_clock(lambda: at, settings.landing_root)()
        about = BatchAbout(
            source=SOURCE,
            stream=stream,
            day=stamp.date(),
            fetched_at=stamp,
            is_complete=True,
            rows_fetched=len(begun) + len(over),
        )
        tables = (
            record_table(list(begun), [stamp] * len(begun), payloads, stamp),
            record_table(over, [stamp] * len(over), None, stamp),
        )
        commit_batch(settings.landing_root, about, pa.concat_tables(tables))
