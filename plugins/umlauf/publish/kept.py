"""Swap snapshots, and keep the last ones to return to.

    <home>/marts/marts.duckdb              what readers see
    <home>/marts/kept/<build_id>.duckdb    what they saw before; a second name of the same file

A name costs nothing and takes no time. Readers that have an old one open keep it.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from umlauf.errors import ConfigError
from umlauf.landing.batch import sync_folder
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import Lease, hold_lease
from umlauf.settings import Settings
from umlauf.warehouse.build import WAREHOUSE_LEASE
from umlauf.warehouse.published import note_return, published_build_id, record_published

log = logging.getLogger(__name__)

_STATED = """
    select build_id, as_of_date, max(published_at) from trust.build
    where build_id = (select any_value(build_id) from core.dim_date)
    group by all
"""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A snapshot as it states itself; `published_at` is aware UTC, when readers first saw it."""

    build_id: str
    as_of: date
    published_at: datetime
    file: Path
    is_published: bool


def snapshots(settings: Settings) -> list[Snapshot]:
    """Return the published snapshot and those kept, the last published first.

    One that cannot be read is left out.
    """
    present = published_build_id(settings)
    files = [*_kept_folder(settings).glob("*.duckdb"), settings.marts_file]
    found = {
        stated[0]: Snapshot(
            build_id=stated[0],
            as_of=stated[1],
            published_at=stated[2].replace(tzinfo=UTC),
            file=file,
            is_published=stated[0] == present,
        )
        for file in files
        if (stated := _stated(file))
    }
    return sorted(found.values(), key=lambda one: one.published_at, reverse=True)


def keep_snapshot(settings: Settings) -> None:
    """Give the published snapshot a second name, and take their names from those too many.

    The caller holds the warehouse's lease and is about to publish another one.
    """
    build_id = published_build_id(settings)
    if build_id is None:
        return
    kept = _kept_folder(settings)
    kept.mkdir(exist_ok=True)
    _link(settings.marts_file, kept / f"{build_id}.duckdb")
    sync_folder(kept)
    # Two names of one file have one age: that of its writing, which is when it was published.
    newest = sorted(kept.glob("*.duckdb"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in newest[settings.kept_snapshots :]:
        file.unlink()


def roll_back(settings: Settings, build_id: str | None = None) -> Snapshot:
    """Show readers a kept snapshot again, by default the one published before the present one.

    As long as nothing new lands it stays; the next build of something new is published.

    Raises:
        ConfigError: no such snapshot is kept; names those that are.
        LeaseBusy: a night is at work.
    """
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds) as lease:
        sweep_partials(settings.marts_file.parent)
        record_published(settings)
        known = snapshots(settings)
        chosen = _choose(known, build_id)
        present = next((one.build_id for one in known if one.is_published), None)
        if not chosen.is_published:
            partial = settings.marts_file.with_suffix(f".{chosen.build_id}.partial")
            os.link(chosen.file, partial)  # a name that no pruning takes away
            keep_snapshot(settings)
            if present is not None:
                note_return(settings, present, chosen.build_id)
            swap_in(partial, settings.marts_file, lease)
    return chosen


def swap_in(partial: Path, target: Path, lease: Lease) -> None:
    """Flush `partial` to disk and give it the name of `target`, if the lease still holds."""
    lease.check()  # a newer owner has swept our partial away
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    lease.check()
    partial.replace(target)
    sync_folder(target.parent)


def _choose(known: list[Snapshot], build_id: str | None) -> Snapshot:
    """Return the snapshot asked for, by default the next older one than the published."""
    names = [one.build_id for one in known]
    present = next((number for number, one in enumerate(known) if one.is_published), -1)
    if build_id is None and present + 1 < len(known):
        return known[present + 1]
    if build_id in names:
        return known[names.index(build_id)]
    asked = f"no snapshot {build_id} is kept" if build_id else "no older snapshot is kept"
    raise ConfigError(f"rollback: {asked}; there are {', '.join(names) or 'none'}")


def _link(file: Path, name: Path) -> None:
    if name.exists() and name.samefile(file):
        return
    partial = name.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    os.link(file, partial)
    partial.replace(name)


def _stated(file: Path) -> tuple[str, date, datetime] | None:
    if not file.exists():
        return None
    try:
        with duckdb.connect(file, read_only=True) as connection:
            return connection.execute(_STATED).fetchone()
    except duckdb.Error as error:
        log.warning("%s cannot be read: %s", file, error)
        return None


def _kept_folder(settings: Settings) -> Path:
    return settings.marts_file.with_name("kept")
