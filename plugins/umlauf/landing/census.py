"""Compare all that a source has with all that has landed: what is gone, what was missed.

Windows are read by modified stamp, and a stamp does not tell all: a deletion leaves none, a row may
become visible long after its own, a restored backup brings old ones back (docs/decisions/0005).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from umlauf.errors import SourceChanged
from umlauf.landing.batch import batch_files, read_about
from umlauf.landing.columns import stamp_array, text_array
from umlauf.landing.intact import naming_damage
from umlauf.landing.live import newest_versions
from umlauf.spec import Keys, Tally
from umlauf.storage.bucket_path import AnyPath
from umlauf.storage.commit import workshop
from umlauf.storage.parquet import connect

_HANDFUL = 5  # may always differ: of 3 warehouses, one closed is a third
_STAMP = pa.timestamp("us")
_LISTED = pa.schema([("record_key", pa.string()), ("version", _STAMP)])
_LIVE = """
    select record_key, arg_max(record_version, (fetched_at, record_version)) as version
    from read_parquet($files)
    group by record_key
    having not arg_max(is_deleted, (fetched_at, record_version))
"""
_TALLY = f"select count(*), max(version) from ({_LIVE})"
# Only what differs leaves DuckDB.
_DIFFERENCES = f"""
    select coalesce(live.record_key, present.record_key), live.version, present.version
    from ({_LIVE}) as live
    full join (
        select record_key, max(version) as version from listed group by record_key
    ) as present on live.record_key = present.record_key
    where live.version is distinct from present.version
    order by 1
"""


@dataclass(kw_only=True)
class Comparison:
    """How a census and landing differ.

    `gone`: landed, but no longer there. `wanted`: there, but not landed with this stamp. Among
    them `unknown` ones that never landed, and in words those whose stamp `went_back`.
    """

    listed: int
    unknown: int = 0
    gone: list[str] = field(default_factory=list)
    wanted: Keys = field(default_factory=lambda: Keys(keys=[], versions=[]))
    went_back: list[str] = field(default_factory=list)

    @property
    def live(self) -> int:
        """Records that landing took for existing."""
        return self.listed - self.unknown + len(self.gone)


class Census:
    """Counts what has landed of one source, in one database: to open it takes longer than to count.

    What it spills is swept, should the process be killed.
    """

    def __init__(self, root: AnyPath, source: str, cache: Path) -> None:
        """Open nothing yet."""
        self._root, self._source, self._cache = root, source, cache
        self._opened: duckdb.DuckDBPyConnection | None = None

    def close(self) -> None:
        """Let go of the database."""
        if self._opened is not None:
            self._opened.close()

    def agrees(self, stream: str, tally: Tally) -> bool:
        """Tell whether as many have landed as the source counts, none newer than its newest."""
        rows, newest = self._ask(stream, _TALLY)[0]
        is_ahead = newest is not None and tally.newest is not None and _utc(newest) > tally.newest
        return bool(rows == tally.total and not is_ahead)

    def compare(self, stream: str, listing: Iterable[Keys]) -> Comparison:
        """Compare a listing of all keys with what has landed before it."""
        listed = _table(listing)
        rows = self._ask(stream, _DIFFERENCES, listed)
        found = Comparison(listed=len(listed.column("record_key").unique()))
        for key, landed, present in rows:
            if present is None:
                found.gone.append(key)
                continue
            found.wanted.keys.append(key)
            found.wanted.versions.append(_utc(present))
            if landed is None:
                found.unknown += 1
            elif present < landed:
                found.went_back.append(f"{key} is of {present}, of {landed} as landed")
        return found

    def _ask(self, stream: str, sql: str, listed: pa.Table | None = None) -> list[Any]:
        """Return the rows of `sql` over the newest landed versions of the stream."""
        if self._opened is None:
            spill = str(workshop(self._root / self._source) / "census.partial")
            self._opened = connect(self._root, temp_directory=spill)
        with self._opened.cursor() as connection:
            files = newest_versions(connection, self._root, self._source, stream, self._cache)
            if listed is not None:
                connection.register("listed", listed)
            with naming_damage(self._root, batch_files(self._root, self._source, stream)):
                return connection.execute(sql, {"files": files}).fetchall()


def listed_at(root: AnyPath, source: str, stream: str) -> datetime | None:
    """Return when all of the stream was last read or listed; None if never."""
    for file in batch_files(root, source, stream):
        about = read_about(file)
        if about.is_complete and (about.is_full or about.kind == "census"):
            return about.fetched_at
    return None


def refuse_masses(where: str, found: Comparison, most_ratio: float) -> None:
    """Refuse what looks like a mistake at the source rather than like people's work.

    Raises:
        SourceChanged: more than a handful and `most_ratio` of the records are gone at once, as
            when a permission is lost; or carry older stamps than landed, as after a restore.
    """
    source, _, stream = where.partition(".")
    most = max(_HANDFUL, most_ratio * found.live)
    if len(found.went_back) > most:
        raise SourceChanged(
            f"{where}: cursor ahead of source: {len(found.went_back)} of {found.live} records "
            f"carry older stamps than landed, record {found.went_back[0]}; nothing was changed. "
            f"If the source was restored from a backup, `umlauf land {source} {stream} --full`"
        )
    if len(found.gone) > most:
        raise SourceChanged(
            f"{where}: {len(found.gone)} of {found.live} records are gone at once, more than "
            f"max_deleted_ratio {most_ratio:g} allows; nothing was deleted. If it is true, raise "
            f"sources.{source}.max_deleted_ratio for one run"
        )


def _table(census: Iterable[Keys]) -> pa.Table:
    batches = [
        pa.RecordBatch.from_arrays(
            [
                text_array(some.keys),
                stamp_array((version, 1) for version in some.versions).cast(_STAMP),
            ],
            schema=_LISTED,
        )
        for some in census
    ]
    return pa.Table.from_batches(batches, schema=_LISTED)


def _utc(naive: datetime) -> datetime:
    return naive.replace(tzinfo=UTC)
