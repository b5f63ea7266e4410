"""Write pages as batches, bounded in rows and bytes; the last one says that they are whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from umlauf.errors import SourceUnavailable
from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.commits import committing
from umlauf.landing.erasures import erased_hashes, is_erased, without_erased
from umlauf.landing.run import Run
from umlauf.spec import Page, Tally

_BATCH_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of some pages, and what the source said of the whole stream behind them."""

    rows: int
    requests: int
    tally: Tally | None


def write_pages(
    run: Run,
    about: BatchAbout,
    pages: Iterable[Page],
    tally: Callable[[], Tally | None],
    gone: Sequence[str] = (),
) -> Written:
    """Commit pages as batches like `about`, numbered from its part on.

    The last batch is complete: it holds the tombstones of the keys `gone` as well, and what the
    source counts once all pages are in. It may be empty. What has been erased is left out.
    """
    rows = requests = 0
    counted: Tally | None = None
    erased = erased_hashes(run.settings.landing_root, about.source, about.stream)
    for held, is_last in _batches(pages, run.settings.batch_rows):
        if is_last and (counted := tally()):
            about = replace(about, source_total=counted.total)
        about = replace(about, is_complete=is_last)
        about = _commit(run, about, held, gone if is_last else (), erased)
        rows += sum(len(page.keys) for page in held)
        requests += about.requests
        about = replace(about, part=about.part + 1)
    return Written(rows=rows, requests=requests, tally=counted)


def whole(where: str, pages: Iterable[Page]) -> Iterator[Page]:
    """Yield the pages; at their end, insist on as many records as the source counted.

    Raises:
        SourceUnavailable: fewer came. The source's count is the one its last page states, so what
            changed while it was read explains nothing.
    """
    rows, total = 0, None
    for page in pages:
        rows += len(page.keys)
        total = page.total
        yield page
    if total is not None and rows < total:
        raise SourceUnavailable(
            f"{where}: the source counts {total} records in this window and gave {rows}, then "
            "ended. The window stays open; the next run reads on"
        )


def _batches(pages: Iterable[Page], most_rows: int) -> Iterator[tuple[list[Page], bool]]:
    held, rows, size = list[Page](), 0, 0
    for page in pages:
        if held and (rows + len(page.keys) > most_rows or size > _BATCH_BYTES):
            yield held, False
            held, rows, size = [], 0, 0
        held.append(page)
        rows += len(page.keys)
        size += sum(map(len, page.payloads))
    yield held, True


def _commit(
    run: Run, about: BatchAbout, pages: list[Page], gone: Sequence[str], erased: frozenset[str]
) -> BatchAbout:
    with committing(run.settings.leases, run.settings.lease_wait_seconds):
        fetched_at = run.stamp()
        rows = record_table(
            [key for page in pages for key in page.keys],
            [version for page in pages for version in page.versions],
            [payload for page in pages for payload in page.payloads],
            fetched_at,
        )
        if gone:
            tombstones = record_table(gone, [fetched_at] * len(gone), None, fetched_at)
            rows = pa.concat_tables([rows, tombstones])
        rows = without_erased(rows, about.source, about.stream, erased)
        after = pages[-1].after if pages else about.cursor_to
        if is_erased(after, about.source, about.stream, erased):
            after = about.cursor_to  # a resumed read repeats these pages, which is free
        about = replace(
            about,
            fetched_at=fetched_at,
            cursor_to=after,
            rows_fetched=rows.num_rows,
            requests=sum(page.requests for page in pages),
        )
        commit_batch(run.settings.landing_root, about, rows, run.lease)
    return about
