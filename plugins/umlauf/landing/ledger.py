"""The index of landed batches, read from file footers: what dbt's ledger and freshness build on."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from umlauf.landing.batch import BatchAbout, batch_files, read_counted
from umlauf.landing.windows import business_day
from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.footers import Footers

log = logging.getLogger(__name__)

_STAMP = pa.timestamp("us")
INDEX_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("stream", pa.string()),
        ("day", pa.date32()),
        ("batch_id", pa.string()),
        ("kind", pa.string()),
        ("window_start", _STAMP),
        ("window_end", _STAMP),
        ("fetched_at", _STAMP),
        ("rows_fetched", pa.int64()),
        ("rows_landed", pa.int64()),
        ("source_total", pa.int64()),
        ("requests", pa.int64()),
        ("is_complete", pa.bool_()),
        ("code_version", pa.string()),
        ("payload_sha256", pa.string()),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Landed:
    """Everything landed so far: the batches and what follows from them."""

    batches: tuple[tuple[BatchAbout, int], ...]  # with the rows counted in the file

    @property
    def known_on(self) -> datetime:
        """Newest moment of fetching (aware UTC); what a build made now knows of."""
        return max(
            (about.fetched_at for about, _ in self.batches if about.kind != "declared"),
            default=datetime(1970, 1, 1, tzinfo=UTC),
        )

    def known_at(self, moment: datetime) -> Landed:
        """Return what had landed by `moment` (aware UTC)."""
        known = ((about, rows) for about, rows in self.batches if about.fetched_at <= moment)
        return Landed(batches=tuple(known))

    def as_of(self, settings: Settings) -> date:
        """Return the newest business day that some stream has landed whole."""
        ends = [about.window_end for about, _ in self.batches if about.is_complete]
        newest = max((end for end in ends if end), default=self.known_on)
        return business_day(newest, settings.zone)

    def nights(self, settings: Settings) -> dict[date, datetime]:
        """Return each newest business day there ever was, and the last moment that it was it."""
        found: dict[date, datetime] = {}
        newest: datetime | None = None
        for about, _ in sorted(self.batches, key=lambda batch: batch[0].fetched_at):
            if about.kind == "declared":
                continue
            if about.is_complete and about.window_end:
                newest = max(newest or about.window_end, about.window_end)
            found[business_day(newest or about.fetched_at, settings.zone)] = about.fetched_at
        return found

    @property
    def batch_ids(self) -> list[str]:
        """Names of all batches that hold data, in order."""
        return sorted(about.name for about, _ in self.batches if about.kind != "declared")

    def files(self, root: AnyPath) -> Iterator[AnyPath]:
        """Yield the batches' files in the landing at `root`."""
        for about, _ in self.batches:
            yield about.file_below(root)


def read_landed(root: AnyPath, sources: Iterable[Source], cache: Path | None = None) -> Landed:
    """Read the footers of every batch of every declared stream; those kept in `cache` from there.

    Raises:
        LandingDamaged: a new one cannot be read.
    """
    with Footers(cache) if cache else nullcontext() as kept:
        batches = tuple(
            read_counted(file, kept)
            for source in sources
            for stream in source.streams
            for file in batch_files(root, source.name, stream.name)
        )
    opened = kept.opened if kept else len(batches)
    log.info("landing: %d batches, %d of them opened", len(batches), opened)
    return Landed(batches=batches)


def write_index(landed: Landed, target: Path) -> Path:
    """Write one row per batch to a Parquet file and return it."""
    rows = [
        {
            name: _naive_utc(getattr(about, name)) for name in INDEX_SCHEMA.names
            if name != "rows_landed"
        }
        | {"rows_landed": rows_landed}
        for about, rows_landed in landed.batches
    ]  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=INDEX_SCHEMA), target)
    return target


def _naive_utc(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
