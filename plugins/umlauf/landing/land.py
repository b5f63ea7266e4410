"""Land one business day of one source: all its streams, whichever of them fail."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import date

from umlauf.errors import (
    ConfigError,
    KeyRefused,
    SourceChanged,
    SourceDenied,
    SourceError,
    SourceUnavailable,
)
from umlauf.landing.census import Census
from umlauf.landing.commits import counting, growing_clock
from umlauf.landing.janitor import sweep_partials
from umlauf.landing.lease import hold_lease
from umlauf.landing.run import Clock, LandReport, Run, StreamReport, utc_now
from umlauf.landing.stream import land_stream
from umlauf.settings import Settings
from umlauf.spec import Connection, Source, Stream

log = logging.getLogger(__name__)

_MOST_SILENT = 2
# What a person must mend weighs more than an outage: waiting heals the outage alone.
_GRAVEST_FIRST = (SourceDenied, SourceChanged, SourceUnavailable, SourceError)


def land_day(
    source: Source,
    day: date,
    settings: Settings,
    connection: Connection,
    *,
    streams: Sequence[str] = (),
    clock: Clock = utc_now,
    is_full: bool = False,
    first: date | None = None,
) -> LandReport:
    """Land what changed up to the end of `day`; running it twice changes nothing.

    With `is_full` every record is read again, whatever has landed before; with `first` what changed
    since the beginning of that day.

    Raises:
        ConfigError: source disabled, stream unknown, the day is not over yet, or a source of files
            is asked for in full: it keeps every file it has ever received.
        SourceError: the source misbehaved; what had been landed stays and is continued from.
        LeaseBusy: another run lands this source.
    """
    chosen = _chosen(source, streams, settings)
    if is_full and source.land is not None:
        raise ConfigError(f"{source.name}: keeps all files it ever received; --full adds nothing")
    with hold_lease(settings.leases, f"land_{source.name}", settings.lease_wait_seconds) as lease:
        # Besides the owner of this lease only a build writes here, and it counts as committing.
        with counting(settings.leases, settings.lease_wait_seconds):
            sweep_partials(settings.landing_root / source.name)
        run = Run(
            source=source,
            day=day,
            settings=settings,
            lease=lease,
            begun=clock(),
            clock=clock,
            stamp=growing_clock(clock, settings.landing_root),
            connection=connection,
            streams=chosen,
            is_full=is_full,
            first=first,
        )
        reports = (source.land or land_records)(run)
    return LandReport(source=source.name, day=day, streams=tuple(reports))


def land_records(run: Run) -> list[StreamReport]:
    """Land every stream of a source of records; one that fails does not hold the others up.

    The rest is not asked for any more when the source itself seems to be at fault: its key is
    refused (401), or two streams in a row came to nothing after all their retries.

    Raises:
        SourceError: streams failed, all named with their reasons; of the gravest of their kinds,
            so that nobody waits for a repair that only a person can make.
    """
    if run.source.connect is None:
        raise ConfigError(f"{run.source.name}: declares neither `connect` nor `land`")
    client = run.source.connect(run.connection, run.settings.source(run.source.name).limits())
    census = Census(run.settings.landing_root, run.source.name, run.settings.cache)
    reports: list[StreamReport] = []
    failed: dict[str, SourceError] = {}
    silent = 0
    waiting = iter(run.streams)
    try:
        for stream in waiting:
            try:
                reports += land_stream(run, client, stream, census)
                silent = 0
            except SourceError as error:
                log.error("%s", error)
                failed[stream.name] = error
                silent = silent + 1 if isinstance(error, SourceUnavailable) else 0
                if isinstance(error, KeyRefused) or silent == _MOST_SILENT:
                    break
    finally:
        client.close()
        census.close()
    if failed:
        raise _gravest(run, failed, [stream.name for stream in waiting])
    return reports


def _chosen(source: Source, streams: Sequence[str], settings: Settings) -> tuple[Stream, ...]:
    if not settings.source(source.name).enabled:
        raise ConfigError(f"{source.name}: disabled by sources.{source.name}.enabled")
    try:
        return tuple(source.stream(name) for name in streams) or source.streams
    except KeyError as error:
        raise ConfigError(str(error.args[0])) from error


def _gravest(run: Run, failed: Mapping[str, SourceError], unasked: Sequence[str]) -> SourceError:
    gravest = min(
        failed.values(),
        key=lambda error: next(
            rank for rank, kind in enumerate(_GRAVEST_FIRST) if isinstance(error, kind)
        ),
    )
    landed = len(run.streams) - len(failed) - len(unasked)
    reasons = "; ".join(str(error).rstrip(".") for error in failed.values())
    rest = f". Not asked for any more: {', '.join(unasked)}" if unasked else ""
    said = f"{run.source.name}: {len(failed)} of {len(run.streams)} streams failed, {landed} landed"
    error = type(gravest)(f"{said}: {reasons}{rest}")
    error.__cause__ = gravest
    return error
