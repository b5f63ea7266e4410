"""Land one stream: its window, and what a census finds that no window brings."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from umlauf.landing.batch import BatchAbout, declare_stream
from umlauf.landing.census import Census, Comparison, listed_at, refuse_masses
from umlauf.landing.commits import committing
from umlauf.landing.intact import lost_at
from umlauf.landing.pages import Written, whole, write_pages
from umlauf.landing.run import Run, StreamReport
from umlauf.landing.windows import cut_off_day, landed_parts
from umlauf.spec import Client, Keys, Stream, Tally, Window

log = logging.getLogger(__name__)


def land_stream(run: Run, client: Client, stream: Stream, census: Census) -> Iterator[StreamReport]:
    """Land the stream's window of the day, after that of an earlier day that was cut off.

    A report says how things stand now: no past day is given one.

    Without the latter, a first window that takes longer than a night would start over every night.

    Raises:
        SourceError: the source misbehaved; batches landed before stay and are continued from.
    """
    if stream.mode == "report":
        window = run.window(stream)
        if window.is_open:
            yield _land_report(run, client, stream, window, census)
        return
    cut_off = cut_off_day(run.settings.landing_root, run.source.name, stream.name)
    if cut_off is not None and cut_off < run.day and not run.is_full:
        yield from land_stream(replace(run, day=cut_off, first=None), client, stream, census)
    begun = time.monotonic()
    window = run.window(stream)
    log.info("%s.%s: reading", run.source.name, stream.name)
    written = _land_window(run, client, stream, window)
    missed = deleted = 0
    if written.tally is not None:
        missed, deleted = _take_census(run, client, stream, written.tally, census)
    seconds = time.monotonic() - begun
    log.info(
        "%s.%s: %d rows, %d of them by census, %d deleted, %d requests, %.1f s, up to %s",
        run.source.name, stream.name, written.rows + missed, missed, deleted, written.requests,
        seconds, window.end,
    )  # fmt: skip
    yield StreamReport(
        stream=stream.name,
        window_start=window.start,
        window_end=window.end,
        rows=written.rows + missed,
        missed=missed,
        deleted=deleted,
        requests=written.requests,
        seconds=round(seconds, 3),
    )


def _land_report(
    run: Run, client: Client, stream: Stream, window: Window, census: Census
) -> StreamReport:
    begun = time.monotonic()
    root, source = run.settings.landing_root, run.source.name
    pages = list(client.pages(stream, window, None))
    with committing(run.settings.leases, run.settings.lease_wait_seconds):
        declare_stream(root, source, stream.name, run.source.start)  # there is one to compare with
    listed = (Keys(keys=page.keys, versions=page.versions) for page in pages)
    gone = census.compare(stream.name, listed).gone
    about = BatchAbout(
        source=source,
        stream=stream.name,
        day=run.day,
        fetched_at=run.stamp(),
        window_start=window.start,
        window_end=window.end,
    )
    written = write_pages(run, about, pages, lambda: None, gone=gone)
    seconds = time.monotonic() - begun
    log.info(
        "%s.%s: report of %d groups, %d gone, %d requests, %.1f s",
        source, stream.name, written.rows, len(gone), written.requests, seconds,
    )  # fmt: skip
    return StreamReport(
        stream=stream.name,
        window_start=window.start,
        window_end=window.end,
        rows=written.rows,
        deleted=len(gone),
        requests=written.requests,
        seconds=round(seconds, 3),
    )


def _land_window(run: Run, client: Client, stream: Stream, window: Window) -> Written:
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
        is_full=window.is_full,
        part=resume.part + 1 if resume else 0,
        cursor_to=resume.cursor_to if resume else None,
    )
    pages = client.pages(stream, window, about.cursor_to)
    is_counted = stream.census and window.is_open

    def tally() -> Tally | None:
        return client.tally(stream) if is_counted else None

    return write_pages(run, about, whole(f"{run.source.name}.{stream.name}", pages), tally)


def _needs_census(run: Run, stream: Stream, tally: Tally, census: Census) -> bool:
    """Tell whether the source's count differs from ours, or nobody has looked for a while.

    What a batch held that has been set aside since the last look is missing, whatever the count.
    """
    root, source = run.settings.landing_root, run.source.name
    if not census.agrees(stream.name, tally):
        return True
    last = listed_at(root, source, stream.name)
    lost = lost_at(root, source, stream.name)
    every = timedelta(days=run.settings.source(source).census_days)
    return last is None or run.begun - last >= every or (lost is not None and last <= lost)


def _take_census(
    run: Run, client: Client, stream: Stream, tally: Tally, census: Census
) -> tuple[int, int]:
    """List all keys if they must be listed, or may be at little cost.

    Land what was missed and tombstones of what is gone; return how many of each. A listing without
    need that is shorter than the source's count was cut on its way, and proves nothing.
    """
    is_needed = _needs_census(run, stream, tally, census)
    most = run.settings.source(run.source.name).census_requests
    if not is_needed and (tally.listing is None or tally.listing > most):
        return 0, 0
    found = census.compare(stream.name, client.census(stream))
    is_news = bool(found.gone or found.wanted.keys) and found.listed >= tally.total
    if not is_needed and not is_news:
        return 0, 0
    return _land_census(run, client, stream, found)


def _land_census(run: Run, client: Client, stream: Stream, found: Comparison) -> tuple[int, int]:
    where = f"{run.source.name}.{stream.name}"
    most = run.settings.source(run.source.name).max_deleted_ratio
    refuse_masses(where, found, max(most, stream.max_deleted_ratio))
    about = BatchAbout(
        source=run.source.name,
        stream=stream.name,
        day=run.day,
        fetched_at=run.stamp(),
        kind="census",
    )
    written = write_pages(
        run,
        about,
        client.records(stream, found.wanted),
        lambda: Tally(total=found.listed),
        gone=found.gone,
    )
    return written.rows, len(found.gone)
