"""One night without Airflow, by the functions the DAGs call."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from umlauf.alert.morning import mail_page_quietly
from umlauf.alert.tell import telling
from umlauf.errors import (
    ConfigError,
    LeaseBusy,
    NothingLanded,
    SourceError,
    SourceUnavailable,
    storage_failed,
)
from umlauf.events.emit import emit_quietly
from umlauf.landing.incidents import MARTS, PAGE, landing_of, noting
from umlauf.landing.land import land_day
from umlauf.landing.run import Clock, LandReport, utc_now
from umlauf.landing.windows import business_day
from umlauf.publish.copies import write_copies
from umlauf.publish.past import PastPicture, erased_since, rebuild_past
from umlauf.publish.snapshot import publish_build
from umlauf.settings import Settings
from umlauf.share.deliver import deliver_all
from umlauf.sources.registry import all_sources, find_source
from umlauf.spec import Source
from umlauf.transport.auth import load_connection
from umlauf.warehouse.build import build_new
from umlauf.warehouse.increment import forget_state
from umlauf.warehouse.published import published_build_id, recorded_at, recorded_hashes

log = logging.getLogger(__name__)

Result = TypeVar("Result")


@dataclass(kw_only=True)
class Night:
    """What a night did: seconds per step, sources that failed, the build it published."""

    seconds: dict[str, float] = field(default_factory=dict)
    late: dict[str, str] = field(default_factory=dict)
    build_id: str | None = None

    def timed(self, step: str, work: Callable[[], Result]) -> Result:
        """Run `work`, which the log tells beforehand, and note how long it took."""
        log.info("%s", step)
        begun = time.monotonic()
        try:
            return work()
        finally:
            self.seconds[step] = round(time.monotonic() - begun, 3)


@dataclass(frozen=True, kw_only=True)
class Restored:
    """A rebuilt snapshot beside the record of the last one: marts that say something else.

    `erased` says by mart what has been erased since from what it is built from.
    """

    night: Night
    recorded: int
    changed: tuple[str, ...]
    erased: Mapping[str, str] = field(default_factory=dict)


def enabled_sources(settings: Settings, names: Sequence[str] = ()) -> list[Source]:
    """Return the enabled sources, or those named; ordered by name.

    Raises:
        ConfigError: one of the names is no source, or that of a disabled one.
    """
    for name in names:
        if not settings.source(find_source(name).name).enabled:
            raise ConfigError(f"{name}: disabled by sources.{name}.enabled")
    return [
        source
        for source in all_sources()
        if settings.source(source.name).enabled and (not names or source.name in names)
    ]


@contextmanager
def concluding(settings: Settings, clock: Clock = utc_now) -> Iterator[None]:
    """Once the block has ended, well or not, tell people what is new and catalogues what ran."""
    try:
        with telling(settings, clock=clock):
            yield
    finally:
        emit_quietly(settings, clock=clock)


def run_night(
    settings: Settings,
    day: date | None = None,
    *,
    clock: Clock = utc_now,
) -> Night:
    """Land a business day (default: the last complete one), build what is new and publish it.

    A source that fails, or that another run is landing, is reported and does not hold the others
    up; what it has landed is built, and the age of the rest shows in `trust.freshness`.

    Raises:
        CheckFailed: the last good snapshot stays published.
        SourceUnavailable: no source has ever landed, and none did now.
    """
    night = Night()
    chosen = day or business_day(clock(), settings.zone)
    with concluding(settings, clock):
        for source in enabled_sources(settings):
            _land(night, source, chosen, settings, clock)
        try:
            finish_night(night, settings, clock)
        except NothingLanded as error:
            if not night.late:
                raise
            late = "; ".join(f"{what}: {reason}" for what, reason in night.late.items())
            raise SourceUnavailable(f"nothing could be landed: {late}") from error
    return night


def finish_night(
    night: Night,
    settings: Settings,
    clock: Clock = utc_now,
    *,
    is_forced: bool = False,
    is_full: bool = False,
) -> None:
    """Build what landed, check it, publish, copy and share it, write the page.

    With nothing new it does what an earlier night has left undone.
    With `is_full` all of landing is read again, whatever the warehouse holds.
    """
    from umlauf.report.page import write_report

    with noting(settings, MARTS, clock):
        build = night.timed(
            "build",
            lambda: build_new(
                settings, all_sources(), is_forced=is_forced, is_full=is_full, clock=clock
            ),
        )
        if build is not None:
            # GX takes seconds to import: not in a night with nothing new.
            from umlauf.quality.gate import check_build

            build_id = build.build_id
            night.timed("check", lambda: check_build(settings, build_id, at=clock()))
            night.timed("publish", lambda: publish_build(settings, build_id, at=clock()))
            night.build_id = build_id
    # Without a build as well: the night that published the last one may have been cut off.
    try:
        if settings.has_copies:
            night.timed("copy", lambda: write_copies(settings, clock=clock))
    finally:
        _share(night, settings, clock)
        if build is not None or _is_report_behind(settings):
            with noting(settings, PAGE, clock):
                night.timed("report", lambda: write_report(settings, at=clock()))
        mail_page_quietly(settings, clock=clock)


def restore(settings: Settings, clock: Clock = utc_now) -> Restored:
    """Build warehouse and snapshot again from landing alone, whatever stands in their places.

    Raises:
        LandingDamaged: landing is not what was landed: `umlauf verify` names it all.
    """
    before, night = recorded_hashes(settings), Night()
    told = recorded_at(settings)
    forget_state(settings)  # the warehouse file itself may be damaged: a new one
    with concluding(settings, clock):
        finish_night(night, settings, clock, is_full=True)
    after = recorded_hashes(settings)
    changed = sorted(mart for mart, stated in before.items() if after.get(mart) != stated)
    erased = erased_since(settings, told, settings.marts_file) if told else {}
    return Restored(night=night, recorded=len(before), changed=tuple(changed), erased=erased)


def rebuild_night(settings: Settings, day: date, target: Path) -> PastPicture:
    """Write to `target` what the marts knew in the night of business day `day`."""
    return rebuild_past(settings, all_sources(), day, target)


def land_one(
    settings: Settings,
    name: str,
    day: date | None = None,
    streams: Sequence[str] = (),
    clock: Clock = utc_now,
    *,
    is_full: bool = False,
) -> LandReport:
    """Land one business day (default: the last complete one) of the source called `name`.

    With `is_full` every record is read again, whatever has landed before.

    Raises:
        ConfigError: no such source, or what `land_day` refuses.
        SourceError: the source misbehaved.
    """
    source = find_source(name)
    chosen = day or business_day(clock(), settings.zone)
    with noting(settings, landing_of(name), clock):
        connection = load_connection(settings.connection_to(source))
        return land_day(
            source, chosen, settings, connection, streams=streams, clock=clock, is_full=is_full
        )


def _share(night: Night, settings: Settings, clock: Clock) -> None:
    """Deliver what partners receive; one that fails is an incident and no reason to stop."""
    for outcome in night.timed("share", lambda: deliver_all(settings, clock=clock)):
        if outcome.error:
            log.error("%s", outcome.error)


def _is_report_behind(settings: Settings) -> bool:
    page = settings.reports / "index.html"
    return not page.exists() or f'"{published_build_id(settings)}"' not in page.read_text()


def _land(night: Night, source: Source, day: date, settings: Settings, clock: Clock) -> None:
    step = f"land {source.name} {day}"
    try:
        night.timed(step, lambda: land_one(settings, source.name, day, clock=clock))
    except (SourceError, LeaseBusy) as error:
        log.error("%s %s: %s", source.name, day, error)
        night.late[f"{source.name} {day}"] = str(error)
    except OSError as error:
        log.error("%s %s: %s", source.name, day, storage_failed(error))
        night.late[f"{source.name} {day}"] = storage_failed(error)
