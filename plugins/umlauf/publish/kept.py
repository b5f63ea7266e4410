"""Swap snapshots, and keep the last ones to return to.

    <home>/marts/marts.duckdb              what readers see
    <home>/marts/kept/<build_id>.duckdb    what they saw before; a second name of the same file

A name costs nothing and takes no time. Readers that have an old one open keep it. A snapshot from
before an erasure is not kept: nobody is to return to what has been erased (docs/decisions/0072).
"""

from __future__ import annotations

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from umlauf.errors import ConfigError
from umlauf.landing.erasures import read_erasures
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import WAREHOUSE_LEASE, Lease, hold_lease
from umlauf.settings import Settings
from umlauf.storage.commit import sync_folder
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
    is_published: bool


def snapshots(settings: Settings) -> list[Snapshot]:
    """Return the published snapshot and those kept, the last published first.

    One that cannot be read is left out.
    """
    present = published_build_id(settings)
    others = [file for file in _kept(settings) if file.stem != present]
    files = [*others, settings.marts_file] if present else others
    return [
        Snapshot(
            build_id=stated[0],
            as_of=stated[1],
            published_at=stated[2].replace(tzinfo=UTC),
            is_published=stated[0] == present,
        )
        for file in sorted(files, key=_age)
        if (stated := _stated(file))
    ]


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
    for file in _kept(settings)[settings.kept_snapshots :]:
        file.unlink()
    forget_erased(settings)


def forget_erased(settings: Settings) -> int:
    """Take their names from kept snapshots that do not know of every erasure; return how many.

    The caller holds the warehouse's lease.
    """
    erasures = len(read_erasures(settings.landing_root))
    older = [file for file in _kept(settings) if erasures and _known_erasures(file) < erasures]
    for file in older:
        log.warning("%s is of before an erasure: it is no longer kept", file)
        file.unlink()
    return len(older)


def roll_back(settings: Settings, build_id: str | None = None) -> str:
    """Show readers a kept snapshot again, by default the next older one; return its build.

    As long as nothing new lands it stays; the next build of something new is published.

    Raises:
        ConfigError: no such snapshot is kept, or it cannot be read; names those that are kept.
        LeaseBusy: a night is at work.
    """
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds) as lease:
        sweep_partials(settings.marts_file.parent)
        record_published(settings)
        forget_erased(settings)
        present = published_build_id(settings)
        if build_id is not None and build_id == present:
            return build_id
        chosen = _choose(settings, present, build_id)
        partial = partial_beside(settings.marts_file)
        os.link(chosen, partial)  # a name that no pruning takes away
        keep_snapshot(settings)
        if present is not None:
            note_return(settings, present, chosen.stem)
        swap_in(partial, settings.marts_file, lease)
    return chosen.stem


def partial_beside(target: Path) -> Path:
    """Return where to write what is to become `target`: a name that nobody else writes to.

    Not even who publishes the same build: a publisher that was frozen just before it swaps would
    otherwise give the name of `target` to what its successor has half written.
    """
    return target.with_suffix(f".{secrets.token_hex(4)}.partial")


def swap_in(partial: Path, target: Path, lease: Lease) -> None:
    """Flush `partial` to disk and give it the name of `target`, if the lease still holds."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    lease.check()
    partial.replace(target)
    sync_folder(target.parent)


def _choose(settings: Settings, present: str | None, build_id: str | None) -> Path:
    """Return the file of the build asked for, by default of the newest older than the present."""
    kept = _kept(settings)
    older = [file for file in kept if present is None or _age(file) > _age(settings.marts_file)]
    found = older if build_id is None else [file for file in kept if file.stem == build_id]
    if not found:
        asked = f"no snapshot {build_id} is kept" if build_id else "no older snapshot is kept"
        names = ", ".join(file.stem for file in kept) or "none"
        raise ConfigError(f"rollback: {asked}; there are {names}")
    if _stated(found[0]) is None:
        raise ConfigError(f"rollback: {found[0]} cannot be read; choose another build")
    return found[0]


def _kept(settings: Settings) -> list[Path]:
    """Return the kept files, the last written first."""
    return sorted(_kept_folder(settings).glob("*.duckdb"), key=_age)


def _age(file: Path) -> int:
    """Sort by when it was written, the newest first; all names of a file have its age."""
    return -file.stat().st_mtime_ns


def _link(file: Path, name: Path) -> None:
    if name.exists() and name.samefile(file):
        return
    partial = name.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    os.link(file, partial)
    partial.replace(name)


def _stated(file: Path) -> tuple[str, date, datetime] | None:
    try:
        with duckdb.connect(file, read_only=True) as connection:
            return connection.execute(_STATED).fetchone()
    except duckdb.Error as error:
        log.warning("%s cannot be read: %s", file, error)
        return None


def _known_erasures(file: Path) -> int:
    """Return how many erasures a snapshot knows of; one that tells nothing knows of none."""
    try:
        with duckdb.connect(file, read_only=True) as connection:
            found = connection.execute("select count(*) from trust.erasure").fetchone()
    except duckdb.Error:
        return 0
    return int(found[0]) if found else 0


def _kept_folder(settings: Settings) -> Path:
    return settings.marts_file.with_name("kept")
