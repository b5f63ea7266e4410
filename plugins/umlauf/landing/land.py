"""Land one business day of one source: read its window, write batches, find deletions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from umlauf.errors import ConfigError
from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.commits import committing, growing_clock
from umlauf.landing.deletions import missing_keys
from umlauf.landing.lease import Lease, hold_lease
from umlauf.landing.windows import covered_until, landed_parts, plan_window
from umlauf.settings import Settings
from umlauf.spec import Client, Connection, Page, Source, Stream, Window

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
_BATCH_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class StreamReport:
    """What one run did to one stream."""

    stream: str
    window_start: datetime
    window_end: datetime
    rows: int = 0
    deleted: int = 0
    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class LandReport:
    """What one run did to one source."""

    source: str
    day: date
    streams: tuple[StreamReport, ...]

    @property
    def rows(self) -> int:
        """Rows landed over all streams."""
        return sum(stream.rows for stream in self.streams)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        plain = asdict(self)
        plain["day"] = self.day.isoformat()
        for stream in plain["streams"]:
            for bound in ("window_start", "window_end"):
                stream[bound] = stream[bound].isoformat()
        return plain


@dataclass(frozen=True, kw_only=True)
class Run:
    """One source's turn: what to land, with what, under which lease.

    `clock` tells the host's time, `stamp` the moment of fetching, which only grows.
    """

    source: Source
    day: date
    settings: Settings
    lease: Lease
    clock: Clock
    stamp: Clock
    connection: Connection
    streams: tuple[Stream, ...] = field(default=())

    def window(self, stream: Stream) -> Window:
        """Return the stream's window for this day."""
        root = self.settings.landing_root
        return plan_window(
            self.day,
            start=self.source.start,
            covered=covered_until(root, self.source.name, stream.name),
            lookback=timedelta(hours=self.settings.source(self.source.name).lookback_hours),
            zone=self.settings.zone,
            now=self.clock(),
        )


def utc_now() -> datetime:
    """Return the host's time; only fetched_at and "is the day over" use it, never a cursor."""
    return datetime.now(UTC)


def land_day(
    source: Source,
    day: date,
    settings: Settings,
    connection: Connection,
    *,
    streams: Sequence[str] = (),
    clock: Clock = utc_now,
) -> LandReport:
    """Land what changed up to the end of `day`; running it twice changes nothing.

    Raises:
        ConfigError: source disabled, stream unknown, or the day is not over yet.
        SourceError: the source misbehaved; what had been landed stays and is continued from.
        LeaseBusy: another run lands this source.
    """
    if not settings.source(source.name).enabled:
        raise ConfigError(f"{source.name}: disabled by sources.{source.name}.enabled")
    try:
        chosen = tuple(source.stream(name) for name in streams) or source.streams
    except KeyError as error:
        raise ConfigError(str(error.args[0])) from error
    wait = settings.lease_wait_seconds
    with hold_lease(settings.leases, f"land_{source.name}", wait) as lease:
        run = Run(
            source=source,
            day=day,
            settings=settings,
            lease=lease,
            clock=clock,
            stamp=growing_clock(clock, settings.landing_root),
            connection=connection,
            streams=chosen,
        )
        reports = (source.land or land_records)(run)
    return LandReport(source=source.name, day=day, streams=tuple(reports))


def land_records(run: Run) -> list[StreamReport]:
    """Land every stream of a source of records."""
    if run.source.connect is None:
        raise ConfigError(f"{run.source.name}: declares neither `connect` nor `land`")
    client = run.source.connect(run.connection, run.settings.source(run.source.name).limits())
    try:
        return [_land_stream(run, client, stream) for stream in run.streams]
    finally:
        client.close()


def _land_stream(run: Run, client: Client, stream: Stream) -> StreamReport:
    begun = time.monotonic()
    window = run.window(stream)
    done = landed_parts(run.settings.landing_root, run.source.name, stream.name, run.day, window)
    # A window that was cut off is continued behind its last landed batch; a whole one is read anew.
    resume = done[-1] if done and not done[-1].is_complete else None
    about = BatchAbout(
        source=run.source.name,
        stream=stream.name,
        day=run.day,
        fetched_at=run.stamp(),
        window_start=window.start,
        window_end=window.end,
        part=resume.part + 1 if resume else 0,
        cursor_to=resume.cursor_to if resume else None,
    )
    rows = requests = 0
    for part, pages, is_last in _parts(
        client.pages(stream, window, about.cursor_to), run.settings.batch_rows
    ):
        about = _commit(run, replace(about, part=about.part + (part > 0)), pages, is_last)
        rows += about.rows_fetched
        requests += about.requests
    deleted = _land_deletions(run, client, stream, window) if window.is_open else 0
    seconds = time.monotonic() - begun
    log.info(
        "%s.%s: %d rows, %d deleted, %d requests, %.1f s, up to %s",
        run.source.name, stream.name, rows, deleted, requests, seconds, window.end,
    )  # fmt: skip
    return StreamReport(
        stream=stream.name,
        window_start=window.start,
        window_end=window.end,
        rows=rows,
        deleted=deleted,
        requests=requests,
        seconds=round(seconds, 3),
    )


def _parts(pages: Iterator[Page], most_rows: int) -> Iterator[tuple[int, list[Page], bool]]:
    """Group pages into batches bounded in rows and bytes; the last one may be empty."""
    part, held, rows, size = 0, list[Page](), 0, 0
    for page in pages:
        if held and (rows + len(page.keys) > most_rows or size > _BATCH_BYTES):
            yield part, held, False
            part, held, rows, size = part + 1, [], 0, 0
        held.append(page)
        rows += len(page.keys)
        size += sum(map(len, page.payloads))
    yield part, held, True


def _commit(run: Run, about: BatchAbout, pages: list[Page], is_last: bool) -> BatchAbout:
    with committing(run.settings.leases):
        about = replace(
            about,
            fetched_at=run.stamp(),
            is_complete=is_last,
            cursor_to=pages[-1].after if pages else about.cursor_to,
            rows_fetched=sum(len(page.keys) for page in pages),
            requests=sum(page.requests for page in pages),
            # The last page's: a source may correct its count while it is being read.
            source_total=pages[-1].total if pages else None,
        )
        rows = record_table(
            [key for page in pages for key in page.keys],
            [version for page in pages for version in page.versions],
            [payload for page in pages for payload in page.payloads],
            about.fetched_at,
        )
        commit_batch(run.settings.landing_root, about, rows, run.lease)
    return about


def _land_deletions(run: Run, client: Client, stream: Stream, window: Window) -> int:
    if stream.deletes == "none":
        return 0
    gone = present = None
    if stream.deletes == "feed":
        gone = {key for page in client.deletions(stream, window) for key in page.keys}
    else:
        present = {key for keys in client.keys(stream) for key in keys}
    keys = missing_keys(
        run.settings.landing_root,
        run.source.name,
        stream.name,
        most_ratio=run.settings.source(run.source.name).max_deleted_ratio,
        present=present,
        gone=gone,
    )
    if keys:
        _commit_tombstones(run, stream, keys)
    return len(keys)


def _commit_tombstones(run: Run, stream: Stream, keys: list[str]) -> None:
    with committing(run.settings.leases):
        found_at = run.stamp()
        about = BatchAbout(
            source=run.source.name,
            stream=stream.name,
            day=run.day,
            fetched_at=found_at,
            kind="tombstones",
            rows_fetched=len(keys),
        )
        rows = record_table(keys, [found_at] * len(keys), None, found_at)
        commit_batch(run.settings.landing_root, about, rows, run.lease)
