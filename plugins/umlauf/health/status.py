"""One screen: what is published, how old each source is, what is wrong now.

Read from the published snapshot and from landing alone; the command and the morning page show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from umlauf.errors import LandingDamaged
from umlauf.health.aside import set_aside_troubles
from umlauf.health.disk import Disk, read_disk
from umlauf.health.reach import Queued, Reach, read_queue, read_reach
from umlauf.health.snapshot import read_published
from umlauf.health.trouble import Trouble
from umlauf.health.troubles import (
    of_disks,
    of_error,
    of_incident,
    of_late_marts,
    of_late_sources,
    of_leases,
    of_shares,
    of_snapshot,
)
from umlauf.landing.incidents import MARTS, landing_of, open_incidents
from umlauf.settings import Settings
from umlauf.spec import Source


@dataclass(frozen=True, kw_only=True)
class Status:
    """All of it, at the moment `at` (aware UTC).

    The last build and its gates are the published one's; `queue` has landed and is not in it.
    """

    at: datetime
    build_id: str
    as_of: date | None
    known_on: datetime | None
    published_at: datetime | None
    build_seconds: float | None
    marts: int
    rows: int
    checks: Mapping[str, int]
    sources: tuple[Reach, ...]
    queue: tuple[Queued, ...]
    disk: Disk
    troubles: tuple[Trouble, ...]

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong now."""
        return not any(trouble.is_wrong for trouble in self.troubles)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; each trouble names its place in the runbook."""
        plain = asdict(self)
        for trouble, shown in zip(self.troubles, plain["troubles"], strict=True):
            shown["runbook"] = trouble.anchor
        return plain | {"is_well": self.is_well}


def read_status(settings: Settings, sources: Sequence[Source], at: datetime) -> Status:
    """Return how things stand with the enabled of these sources; `at` is aware UTC."""
    asked = [source for source in sources if settings.source(source.name).enabled]
    published = read_published(settings.marts_file)
    troubles = list(of_snapshot(settings, published))
    try:
        reaches = tuple(read_reach(settings, source, at) for source in asked)
        queue = tuple(read_queue(settings, asked, published.known_on))
        incidents = open_incidents(settings)
        troubles += [of_incident(settings, one, published) for one in incidents]
        failed = {one.subject for one in incidents}
        # Why a source is late stands in its incident.
        late = [
            (reach.source, reach.covered_until)
            for reach in reaches
            if landing_of(reach.source) not in failed
        ]
        late_sources = list(of_late_sources(settings, late, published, at))
        troubles += late_sources
        # What has not landed cannot be built: only who has a day can be late with it.
        if MARTS not in failed and len(late_sources) < len(late):
            troubles += of_late_marts(settings, published, at)
        troubles += set_aside_troubles(settings, asked, published.lineage)
    except LandingDamaged as damaged:
        reaches, queue = (), ()
        troubles.append(of_error(damaged, published))
    troubles += of_shares(settings, at)
    troubles += of_leases(settings, at)
    troubles += of_disks(settings)
    return Status(
        at=at,
        build_id=published.build_id,
        as_of=published.as_of,
        known_on=published.known_on,
        published_at=published.published_at,
        build_seconds=published.build_seconds,
        marts=published.marts,
        rows=published.rows,
        checks=published.checks,
        sources=reaches,
        queue=queue,
        disk=read_disk(settings),
        troubles=tuple(sorted(troubles, key=lambda trouble: not trouble.is_wrong)),
    )
