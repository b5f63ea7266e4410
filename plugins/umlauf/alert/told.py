"""What has been told, by way: landed like our other records, so that nothing is told twice.

<landing>/umlauf/alerts/day=.../    key `mail land hubspot`; what was told, or a tombstone: the end
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from umlauf.errors import LandingDamaged
from umlauf.health.trouble import Trouble
from umlauf.landing.open_records import land_open, read_open
from umlauf.landing.own_records import OwnStream
from umlauf.settings import Settings

log = logging.getLogger(__name__)

_STREAM: OwnStream = "alerts"


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something that was told and whose end was not; `since` and `told_at` are aware UTC."""

    key: str
    what: str
    since: datetime | None
    told_at: datetime


def read_told(settings: Settings, way: str) -> list[Told]:
    """Return what was told this way and is not over, the oldest first.

    When nobody can read it, nothing counts as told: telling it again beats not telling it.
    """
    try:
        records = read_open(settings, _STREAM)
    except LandingDamaged as error:
        log.warning("alerts: all that is wrong is told again: %s", error)
        return []
    return [
        Told(
            key=one.key.removeprefix(f"{way} "),
            what=one.payload["what"],
            since=datetime.fromisoformat(since) if (since := one.payload["since"]) else None,
            told_at=one.since,
        )
        for one in records
        if one.key.startswith(f"{way} ")
    ]


def land_told(
    settings: Settings, way: str, begun: Iterable[Trouble], over: Sequence[Told], at: datetime
) -> None:
    """Land that this has been told, in one batch."""
    payloads = {
        f"{way} {one.key}": {"what": one.what, "since": one.since and one.since.isoformat()}
        for one in begun
    }
    land_open(settings, _STREAM, payloads, [f"{way} {one.key}" for one in over], at)
