"""A home beside the nights' own, in which a backfill lands and builds until it is approved.

    <home>/backfill/request.json     what was asked for
    <home>/backfill/odoo.fetched     a source that has been fetched
    <home>/backfill/landing/         links to all that had landed, and as files what was fetched;
                                     of a bucket: copies, in the folder <landing>.backfill beside it
    <home>/backfill/warehouse/       built from it
    <home>/backfill/leases/          of whoever is at work in there

Nights neither see nor wait for it. What stands there is taken over as a whole, or not at all.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path, PurePath, PurePosixPath

from umlauf.errors import LeaseLost
from umlauf.landing.commits import counting
from umlauf.landing.lease import WAREHOUSE_LEASE, hold_lease
from umlauf.landing.own_records import SOURCE as OWN
from umlauf.settings import Settings, source_names
from umlauf.storage.bucket_path import AnyPath, BucketPath, below

LEASE = "backfill"
_LEASES = "leases"


@dataclass(frozen=True, kw_only=True)
class Request:
    """Business days `first` to `last` of the sources `names`; a replay fetches nothing."""

    first: date
    last: date
    names: tuple[str, ...]
    is_replay: bool = False


def staged(settings: Settings) -> Settings:
    """Return the settings under which the backfill lands and builds."""
    root, landing = settings.landing_root, None
    if isinstance(root, BucketPath):
        landing = root.with_name(f"{root.name}.backfill")
    return settings.model_copy(update={"home": settings.home / "backfill", "landing": landing})


def open_staging(settings: Settings, request: Request) -> None:
    """Make the staging ready for `request`; one of the same request that was cut off is kept.

    Unless the landing has grown since: then what was fetched is older than what has landed, and
    all begins anew.
    """
    ours = staged(settings)
    with _nobody_inside(ours):
        if _read(ours) == request and not landed_since(settings):
            return
        _wipe(ours)
        with counting(settings.leases, settings.lease_wait_seconds):
            _link(settings.landing_root, ours.landing_root)
        partial = _request_file(ours).with_suffix(".partial")
        partial.write_text(json.dumps(asdict(request), default=str))
        partial.replace(_request_file(ours))


def require_request(settings: Settings, request: Request) -> None:
    """Insist that the staging is of this request.

    Raises:
        LeaseLost: another backfill has begun since.
    """
    if _read(staged(settings)) != request:
        raise LeaseLost(
            f"backfill {request.first}..{request.last}: its staging is gone or another backfill's; "
            "run it again"
        )


def fetched_mark(settings: Settings, name: str) -> Path:
    """Return the file that says: this source has been fetched, a rerun need not ask it again."""
    return staged(settings).home / f"{name}.fetched"


def landed_since(settings: Settings) -> list[PurePath]:
    """Return what sources have landed since the staging was opened, relative to the landing.

    Our own notes do not count: an alert that was told meanwhile makes no difference untrue.
    """
    ours = files_below(staged(settings).landing_root)
    new = files_below(settings.landing_root) - ours
    return sorted(name for name in new if name.parts[0] != OWN)


def discard(settings: Settings) -> None:
    """Remove the staging: it has been taken over, or nobody wants it."""
    ours = staged(settings)
    with _nobody_inside(ours):
        _wipe(ours)


def files_below(root: AnyPath) -> set[PurePath]:
    """Return all that has been committed below `root`, relative to it."""
    if isinstance(root, BucketPath):
        return {PurePosixPath(below(root, file)) for file in root.rglob()}
    return {
        (Path(folder) / name).relative_to(root)
        for folder, _, names in os.walk(root)
        for name in names
        if ".partial" not in name
    }


@contextmanager
def _nobody_inside(ours: Settings) -> Iterator[None]:
    """Wait for a killed backfill's dbt, and for whoever still fetches, to have ended."""
    names = [WAREHOUSE_LEASE, *(f"land_{name}" for name in source_names())]
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(hold_lease(ours.leases, name, ours.lease_wait_seconds))
        yield


def _link(landing: AnyPath, target: AnyPath) -> None:
    """Link to every landed file, so that what is erased from landing is gone here as well.

    A bucket has no links: its server copies, and an erasure discards the copies.
    """
    if isinstance(landing, BucketPath) and isinstance(target, BucketPath):
        landing.copy_all(target)
        return
    linked = Path(str(target))
    linked.mkdir(parents=True)
    files = files_below(landing)
    for folder in {name.parent for name in files}:
        (linked / folder).mkdir(parents=True, exist_ok=True)
    for name in files:
        (linked / name).symlink_to(str(landing / name))


def _wipe(ours: Settings) -> None:
    # The request first: a staging without one is never continued.
    _request_file(ours).unlink(missing_ok=True)
    if isinstance(ours.landing, BucketPath):
        ours.landing.remove_all()
    for left in ours.home.iterdir():
        if left.name != _LEASES:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _read(ours: Settings) -> Request | None:
    file = _request_file(ours)
    if not file.exists():
        return None
    stated = json.loads(file.read_bytes())
    return Request(
        first=date.fromisoformat(stated["first"]),
        last=date.fromisoformat(stated["last"]),
        names=tuple(stated["names"]),
        is_replay=stated["is_replay"],
    )


def _request_file(ours: Settings) -> Path:
    return ours.home / "request.json"
