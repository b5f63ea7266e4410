"""Erase records: say so in landing for ever, then take them out of all that holds them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from umlauf.backfill.staging import LEASE as BACKFILL_LEASE
from umlauf.backfill.staging import discard, staged
from umlauf.erasure.plan import Plan, plan_erasure
from umlauf.landing.commits import growing_clock
from umlauf.landing.erasures import Erasure, key_hash, land_erasures
from umlauf.landing.lease import hold_lease
from umlauf.landing.rewrite import rewriting
from umlauf.landing.run import Clock, utc_now
from umlauf.publish.kept import forget_erased
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.warehouse.erasing import finish_erasures, nobody_at_work, take_out

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What went: versions of records, out of how many batches; `at` is aware UTC."""

    versions: int
    batches: int
    at: datetime


def erase(
    settings: Settings,
    source: Source,
    stream: str,
    keys: Sequence[str],
    because: str,
    *,
    clock: Clock = utc_now,
) -> Erased:
    """Erase every version of these records of the stream, for ever.

    Killed anywhere it is ended by running it again, by another erasure or by the next build. What
    has been erased before is left out.

    Raises:
        ConfigError: what `plan_erasure` refuses; nothing was changed.
        LeaseBusy: a landing of the source, a build or a backfill is at work; nothing was changed.
    """
    finish_erasures(settings)
    root = settings.landing_root
    with (
        hold_lease(settings.leases, BACKFILL_LEASE, settings.lease_wait_seconds),
        nobody_at_work(settings, source.name) as lease,
    ):
        plan = plan_erasure(settings, source, stream, keys)
        at = growing_clock(clock, root)().astimezone(UTC)
        if not plan.keys:
            return Erased(versions=0, batches=0, at=at)
        if staged(settings).home.exists():
            discard(settings)
        lease.check()
        land_erasures(root, _records(settings, plan, because, at), at)
        forget_erased(settings)
        take_out(settings, source.name, stream, lease)
    versions = sum(plan.versions(key) for key in plan.keys)
    log.info("%s.%s: %d versions erased", source.name, stream, versions)
    return Erased(versions=versions, batches=len(plan.holders), at=at)


def _records(settings: Settings, plan: Plan, because: str, at: datetime) -> list[Erasure]:
    root = settings.landing_root
    hashed = {key: key_hash(plan.source, plan.stream, key) for key in plan.keys}
    every = frozenset(hashed.values())
    changed = {one.file: rewriting(root, one.file, every) for one in plan.holders}
    return [
        Erasure(
            source=plan.source,
            stream=plan.stream,
            key_sha256=hashed[key],
            because=because,
            versions=plan.versions(key),
            batches=tuple(changed[one.file] for one in plan.holders if hashed[key] in one.versions),
            at=at,
        )
        for key in plan.keys
    ]
