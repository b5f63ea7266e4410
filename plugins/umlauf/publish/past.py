"""Rebuild the picture of a past night, as it was known then, from landing alone.

Landing keeps every version of every record with its moment of fetching. So what had landed by the
moment a night's build knew of, and our own records up to the moment it was published, say again
what that night's snapshot said. The warehouse of the nights, their snapshot and records are left
alone: a past picture is built below <home>/past and goes to a file of its own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from umlauf.errors import ConfigError
from umlauf.landing.erasures import read_erasures, reasons
from umlauf.landing.ledger import Landed
from umlauf.landing.own_records import BUILDS, own_files
from umlauf.publish.kept import swap_in
from umlauf.publish.snapshot import write_snapshot
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.parquet import connect
from umlauf.warehouse.build import Build, build_past, count_landed
from umlauf.warehouse.erasing import finish_erasures
from umlauf.warehouse.scratch import scratch_warehouse

log = logging.getLogger(__name__)

_PUBLISHED = """
    select known_on, published_at, map(list(mart), list(content_hash)) as hashes
    from ({builds}) as published
    where as_of_date = $day
    group by build_id, known_on, published_at
    order by published_at desc
    limit 1
"""


@dataclass(frozen=True, kw_only=True)
class PastNight:
    """What the marts of a night knew (aware UTC), and what they said if they were published.

    `told_until`: our own records up to this moment were in the snapshot. `hashes`: content hash of
    each mart, empty for a night that published nothing.
    """

    known_on: datetime
    told_until: datetime
    hashes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class PastPicture:
    """A past night's marts, rebuilt: `changed` names those that say something else than then.

    `erased` says by mart what has been erased since from what it is built from.
    """

    build: Build
    file: Path
    published: int
    changed: tuple[str, ...]
    erased: Mapping[str, str] = field(default_factory=dict)


def rebuild_past(
    settings: Settings, sources: Sequence[Source], day: date, target: Path
) -> PastPicture:
    """Write the marts to `target` as the night of business day `day` knew them.

    Models and settings are today's. Checks are not run again: that night's results are in it.

    Raises:
        ConfigError: no night of that day has landed anything, or `target` is the readers' snapshot.
        CheckFailed: a model failed.
    """
    if target.resolve() == settings.marts_file.resolve():
        raise ConfigError(f"{target} is what readers see tonight: choose another file")
    finish_erasures(settings)
    with scratch_warehouse(settings, "past") as (scratch, lease):
        landed = count_landed(settings, sources)
        night = find_night(settings, landed, day)
        build = build_past(scratch, sources, landed.known_at(night.known_on), lease)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
        partial.unlink(missing_ok=True)
        records = write_snapshot(scratch, build, partial, night.told_until, is_news=False)
        swap_in(partial, target, lease)
    changed = _changed(night, records)
    log.info("%s: as of %s, known on %s", target, build.as_of, build.known_on)
    return PastPicture(
        build=build,
        file=target,
        published=len(night.hashes),
        changed=changed,
        erased=erased_since(settings, night.told_until, target),
    )


def find_night(settings: Settings, landed: Landed, day: date) -> PastNight:
    """Return the night whose newest business day was `day`: the last build published as of it.

    A night that published nothing knew all that landed before a later business day did.

    Raises:
        ConfigError: no night had `day` as its newest business day; names the nearest.
    """
    if files := own_files(settings.landing_root, "builds"):
        query = _PUBLISHED.format(builds=BUILDS.format(records="read_parquet($files)"))
        with connect(settings.landing_root) as connection:
            found = connection.execute(query, {"files": files, "day": day}).fetchone()
        if found:
            known_on, published_at = (moment.replace(tzinfo=UTC) for moment in found[:2])
            return PastNight(known_on=known_on, told_until=published_at, hashes=found[2])
    nights = landed.nights(settings)
    if day not in nights:
        near = sorted(nights, key=lambda night: abs(night - day))[:3]
        raise ConfigError(
            f"no night was as of {day}; the nearest: {', '.join(map(str, sorted(near)))}"
        )
    return PastNight(known_on=nights[day], told_until=nights[day], hashes={})


def erased_since(settings: Settings, moment: datetime, snapshot: Path) -> Mapping[str, str]:
    """Say by mart what was erased after `moment` (aware UTC) from what the snapshot built it of."""
    if not (erasures := read_erasures(settings.landing_root)):
        return {}
    with duckdb.connect(snapshot, read_only=True) as connection:
        lineage = connection.execute("select subject, mart from trust.lineage").fetchall()
    return reasons(erasures, moment, lineage)


def _changed(night: PastNight, records: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    now = {record["mart"]: record["content_hash"] for record in records.values()}
    return tuple(sorted(name for name, stated in night.hashes.items() if now.get(name) != stated))
