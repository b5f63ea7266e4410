"""Take over what a backfill landed and built: its batches, its warehouse, its Data Docs.

Every step is a commit, and each leaves a home that nights can go on with: batches are taken over in
the order they were fetched, as if the fetch itself had been cut off there; without a warehouse the
next build makes one anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path, PurePath

from umlauf.backfill.staging import files_below, landed_since, staged
from umlauf.errors import LeaseLost
from umlauf.landing.commits import counting
from umlauf.landing.lease import WAREHOUSE_LEASE, Lease, hold_lease
from umlauf.settings import Settings
from umlauf.sources.registry import all_sources
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.commit import commit_copy
from umlauf.warehouse.build import current_build, landed_build_id
from umlauf.warehouse.published import published_build_id


def adopt(settings: Settings, build_id: str, replaces: str | None) -> None:
    """Make the staged landing and warehouse those of the nights; readers see no change yet.

    `replaces` is the published build that `build_id` was compared with.

    Raises:
        LeaseLost: something landed or was published since, or landing, models or settings are no
            longer those of the build; nothing was taken over.
    """
    ours = staged(settings)
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds) as lease:
        current_build(ours, build_id)
        _require_same(build_id, "published build", replaces, published_build_id(settings))
        _require_same(build_id, "build", build_id, landed_build_id(ours, all_sources()))
        with counting(settings.leases, settings.lease_wait_seconds):
            if new := landed_since(settings):
                raise LeaseLost(
                    f"backfill {build_id}: {len(new)} files have landed since it began, {new[0]} "
                    "the first; its difference is no longer true. Run it again"
                )
            _take_batches(ours.landing_root, settings.landing_root, lease)
        docs = "reports/data_docs"
        _exchange(ours.home / docs, settings.home / docs, ours.home / "old_docs")
        _exchange(ours.warehouse, settings.warehouse, ours.home / "old_warehouse")  # the last word


def _require_same(build_id: str, what: str, expected: str | None, found: str | None) -> None:
    if expected != found:
        raise LeaseLost(
            f"backfill {build_id}: expected the {what} {expected}, it is {found}; "
            "its difference is no longer true. Run it again"
        )


def _take_batches(source: AnyPath, target: AnyPath, lease: Lease) -> None:
    # All but what was there when it began, and what a run that was killed has taken over already.
    for name in sorted(files_below(source) - files_below(target), key=_moment):
        commit_copy(source / name, target / name, lease.check)


def _moment(name: PurePath) -> tuple[str, str]:
    """Sort batches by when they were fetched; before them the bytes that records speak of."""
    return (name.name if name.suffix == ".parquet" else "", name.as_posix())


def _exchange(new: Path, place: Path, old: Path) -> None:
    if not new.exists():  # a killed run had got this far
        return
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    place.parent.mkdir(parents=True, exist_ok=True)
    new.rename(place)
