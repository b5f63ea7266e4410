"""The steps of a backfill, as the `umlauf backfill` command and the DAG call them.

Each may run twice, late, or in a process of its own; the staging says how far things are, and a
step that finds another backfill's there ends with LeaseLost. One backfill at a time.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from umlauf.backfill.adopt import adopt
from umlauf.backfill.compare import compare
from umlauf.backfill.difference import Difference
from umlauf.backfill.plan import Plan, plan_backfill
from umlauf.backfill.staging import (
    LEASE,
    Request,
    discard,
    fetched_mark,
    open_staging,
    require_request,
    staged,
)
from umlauf.errors import ConfigError
from umlauf.landing.incidents import MARTS, settle
from umlauf.landing.land import land_day
from umlauf.landing.lease import hold_lease
from umlauf.landing.run import Clock, LandReport, utc_now
from umlauf.nightly import enabled_sources
from umlauf.publish.copies import write_copies
from umlauf.publish.snapshot import publish_build
from umlauf.settings import Settings
from umlauf.sources.registry import all_sources, find_source
from umlauf.spec import Connection
from umlauf.transport.auth import load_connection
from umlauf.warehouse.build import build_new, current_build, landed_build_id, standing_build_id
from umlauf.warehouse.erasing import finish_erasures

log = logging.getLogger(__name__)


def request_of(
    settings: Settings, first: date, last: date, names: Sequence[str] = (), *, is_replay: bool
) -> Request:
    """Return the request for these days and sources (default: all that are enabled).

    Raises:
        ConfigError: the days are the wrong way round, or a name is no source's.
    """
    if first > last:
        raise ConfigError(f"backfill: --from {first} is after --to {last}")
    sources = enabled_sources(settings, names)
    asked = () if is_replay else tuple(source.name for source in sources)
    return Request(first=first, last=last, names=asked, is_replay=is_replay)


def begin(settings: Settings, request: Request, clock: Clock = utc_now) -> Plan:
    """Open the staging, or go on with one of the same request that was cut off; return the plan.

    Raises:
        ConfigError: the days are not over yet.
        LeaseBusy: another backfill is at work.
    """
    sources = [find_source(name) for name in request.names]
    finish_erasures(settings)
    with hold_lease(settings.leases, LEASE, settings.lease_wait_seconds):
        plan = plan_backfill(settings, request, sources, clock())
        open_staging(settings, request)
    return plan


def fetch(
    settings: Settings,
    request: Request,
    name: str,
    *,
    connect: Callable[[str], Connection] = load_connection,
    clock: Clock = utc_now,
) -> LandReport | None:
    """Land the days of one source in the staging; None if that has been done.

    The source's own lease is held meanwhile: a night that lands it waits.

    Raises:
        SourceError: the source misbehaved; a rerun goes on where it was cut off.
        LeaseBusy: a night is landing the source.
        LeaseLost: the staging is another backfill's.
    """
    source = find_source(name)
    require_request(settings, request)
    mark = fetched_mark(settings, name)
    if mark.exists():
        return None
    connection = connect(settings.connection_to(source))
    with hold_lease(settings.leases, f"land_{name}", settings.lease_wait_seconds):
        report = land_day(
            source, request.last, staged(settings), connection, clock=clock, first=request.first
        )
        require_request(settings, request)  # nobody has begun another one meanwhile
        mark.touch()
    return report


def build(settings: Settings, request: Request) -> str:
    """Build all that stands in the staged landing and return the build's id.

    Raises:
        CheckFailed: a model or a test failed.
        LeaseLost: the staging is another backfill's.
    """
    with hold_lease(settings.leases, LEASE, settings.lease_wait_seconds):
        require_request(settings, request)
        ours, sources = staged(settings), all_sources()
        build_id = landed_build_id(ours, sources)
        if standing_build_id(ours) != build_id:  # else a rerun, which finds it built
            build_new(ours, sources, is_forced=True)
    return build_id


def show_difference(settings: Settings, build_id: str) -> Difference:
    """Compare the build with what readers see; keep the whole of it as JSON among the reports.

    Raises:
        LeaseLost: the staging holds another build.
    """
    with hold_lease(settings.leases, LEASE, settings.lease_wait_seconds):
        ours = staged(settings)
        current_build(ours, build_id)
        difference = compare(settings, ours, build_id)
        file = difference_file(settings, build_id)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(difference.to_dict(), indent=1) + "\n")
        partial.replace(file)
    return difference


def difference_file(settings: Settings, build_id: str) -> Path:
    """Return where the difference of a build is kept."""
    return settings.reports / "backfills" / f"{build_id}.json"


def check(settings: Settings, build_id: str, clock: Clock = utc_now) -> None:
    """Pass the gates with the staged build, on everything that has ever landed.

    Raises:
        CheckFailed: a critical check did not hold: nights and readers are left as they are.
        LeaseLost: the staging holds another build.
    """
    from umlauf.quality.gate import check_build  # GX takes seconds to import: only when needed

    with hold_lease(settings.leases, LEASE, settings.lease_wait_seconds):
        check_build(staged(settings), build_id, at=clock())


def swap(
    settings: Settings,
    build_id: str,
    replaces: str | None,
    *,
    connect: Callable[[str], Connection] = load_connection,
    clock: Clock = utc_now,
) -> None:
    """Make the staged build the nights' warehouse and the readers' snapshot, then the copies.

    `replaces` is the build it was compared with. Readers change over in one step, the last.

    Raises:
        LeaseLost: something landed or was published since the comparison: nothing was changed; or
            a night has built since the warehouse was taken over: that night publishes both.
    """
    with hold_lease(settings.leases, LEASE, settings.lease_wait_seconds):
        if standing_build_id(settings) != build_id:  # else a rerun: it has been taken over
            adopt(settings, build_id, replaces)
        publish_build(settings, build_id, at=clock())
        settle(settings, [MARTS], clock())  # whatever the last night failed at, readers have this
        discard(settings)
    write_copies(settings, connect=connect, clock=clock)
