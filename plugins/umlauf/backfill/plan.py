"""What a backfill will ask for and how long that takes at the least, told from landing alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from umlauf.backfill.staging import Request
from umlauf.landing.batch import BatchAbout, batch_files
from umlauf.landing.ledger import read_landed
from umlauf.landing.own_records import BUILDS, own_files
from umlauf.landing.windows import covered_until, plan_window
from umlauf.settings import Settings
from umlauf.spec import Source, Stream, Window
from umlauf.storage.parquet import connect

# Records that will come: of a window those with a stamp in it, of any other stream all there are.
_EXPECTED = """
    select count(*) filter ($is_all or (version >= $start and ($is_open or version < $end)))
    from (
        select arg_max(record_version, (fetched_at, record_version)) as version
        from read_parquet($files)
        group by record_key
    )
"""


@dataclass(frozen=True, kw_only=True)
class SourcePlan:
    """What will be asked of one source; `seconds` is what its requests take at its set rate.

    `rows` have landed before with a stamp in the window, so the source sends about as many. None
    for a source of files: nobody knows how many new ones lie there before looking.
    """

    source: str
    streams: int
    rows: int | None
    requests: int | None
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`build_seconds`: the longest build published so far; None before the first."""

    sources: tuple[SourcePlan, ...]
    build_seconds: float | None


def plan_backfill(
    settings: Settings, request: Request, sources: Sequence[Source], now: datetime
) -> Plan:
    """Return what fetching from these sources and building will take; asks none of them.

    Raises:
        ConfigError: the last day is not over at `now` (aware).
    """
    return Plan(
        sources=tuple(_plan_source(settings, source, request, now) for source in sources),
        build_seconds=_longest_build(settings),
    )


def _plan_source(settings: Settings, source: Source, request: Request, now: datetime) -> SourcePlan:
    windows = [_window(settings, source, stream, request, now) for stream in source.streams]
    if source.land is not None:
        return SourcePlan(
            source=source.name, streams=len(windows), rows=None, requests=None, seconds=None
        )
    batches = [
        about for about, _ in read_landed(settings.landing_root, [source], settings.cache).batches
    ]
    rows = requests = 0
    for stream, window in zip(source.streams, windows, strict=True):
        if stream.mode == "report" and not window.is_open:
            continue  # says how things stand now: no past day is given one
        expected = _expected_rows(settings, source, stream, window)
        rows += expected
        requests += max(1, ceil(expected / _rows_per_request(stream, batches)))
    rate = settings.source(source.name).requests_per_second
    return SourcePlan(
        source=source.name,
        streams=len(windows),
        rows=rows,
        requests=requests,
        seconds=round(requests / rate, 1),
    )


def _window(
    settings: Settings, source: Source, stream: Stream, request: Request, now: datetime
) -> Window:
    return plan_window(
        request.last,
        start=source.start,
        covered=covered_until(settings.landing_root, source.name, stream.name),
        lookback=timedelta(hours=settings.source(source.name).lookback_hours),
        zone=settings.zone,
        now=now,
        first=request.first,
    )


def _expected_rows(settings: Settings, source: Source, stream: Stream, window: Window) -> int:
    files = [str(file) for file in batch_files(settings.landing_root, source.name, stream.name)]
    if not files:
        return 0
    asked = {
        "files": files,
        "is_all": window.is_full or stream.mode != "windowed",
        "is_open": window.is_open,
        "start": window.start.astimezone(UTC).replace(tzinfo=None),
        "end": window.end.astimezone(UTC).replace(tzinfo=None),
    }
    with connect(settings.landing_root) as connection:
        found = connection.execute(_EXPECTED, asked).fetchone()
    return int(found[0]) if found else 0


def _rows_per_request(stream: Stream, batches: Sequence[BatchAbout]) -> float:
    """Return what a request has brought at best: small windows do not fill a page."""
    mine = (about for about in batches if about.stream == stream.name and about.requests)
    return max((about.rows_fetched / about.requests for about in mine), default=1.0) or 1.0


def _longest_build(settings: Settings) -> float | None:
    files = own_files(settings.landing_root, "builds")
    if not files:
        return None
    builds = BUILDS.format(records="read_parquet(?)")
    with connect(settings.landing_root) as connection:
        found = connection.execute(f"select max(build_seconds) from ({builds})", [files]).fetchone()
    return float(found[0]) if found and found[0] is not None else None
