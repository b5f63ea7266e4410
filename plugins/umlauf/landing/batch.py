"""Write and read immutable batches; all or nothing.

    <landing>/<source>/<stream>/day=2026-11-22/<batch_id>.parquet

Columns: record_key, record_version, is_deleted, payload (JSON text as received), fetched_at.
Stamps are naive and mean UTC, so that no session's time zone can shift them.
File metadata `umlauf`: a `BatchAbout` as JSON. There is no other state (docs/decisions/0001).
Every file is sealed with the hash of its own bytes (umlauf.landing.seal).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from umlauf import __version__
from umlauf.errors import LandingDamaged
from umlauf.landing.lease import Lease
from umlauf.landing.seal import sealed_parquet
from umlauf.storage.bucket_path import AnyPath, BucketPath
from umlauf.storage.commit import commit
from umlauf.storage.footers import Footers, read_footer

SCHEMA = pa.schema(
    [
        pa.field("record_key", pa.string(), nullable=False),
        pa.field("record_version", pa.timestamp("us"), nullable=False),
        pa.field("is_deleted", pa.bool_(), nullable=False),
        pa.field("payload", pa.string()),
        pa.field("fetched_at", pa.timestamp("us"), nullable=False),
    ]
)
STAMP = "%Y%m%dT%H%M%S%fZ"  # UTC; names of batches begin with it, and sort by it
_METADATA_KEY = "umlauf"


@dataclass(frozen=True, kw_only=True)
class BatchAbout:
    """What a batch says of itself; stamps are aware UTC, `day` is a business date.

    `kind`: "records" (of a window), "census" (tombstones of what is gone, records that no window
    brought) or "declared" (an empty first batch, so that a stream that has never landed can be
    read). `is_complete`: last batch of its window or census. `is_full`: of a window that reads all
    there is. `cursor_to`: where a resumed read of the same window continues. `source_total`: the
    source's own count of the whole stream when this batch completed its read. `rows_erased`: rows
    that an erasure has taken out since; `rows_fetched` counts them no longer. `is_sealed` is false
    in files of before there were seals: a seal that a flipped bit hides is missed by this.
    """

    source: str
    stream: str
    day: date
    fetched_at: datetime
    kind: str = "records"
    window_start: datetime | None = None
    window_end: datetime | None = None
    is_full: bool = False
    part: int = 0
    is_complete: bool = False
    cursor_to: str | None = None
    rows_fetched: int = 0
    rows_erased: int = 0
    requests: int = 0
    source_total: int | None = None
    code_version: str = __version__
    payload_sha256: str = ""
    is_sealed: bool = False

    @property
    def batch_id(self) -> str:
        """Sorts by time of fetching, then by part."""
        return f"{stamp_text(self.fetched_at)}-{self.kind}-{self.part:05d}"

    @property
    def name(self) -> str:
        """Names the batch and what it holds: a rewritten one is another."""
        return f"{self.source}/{self.stream}/{self.batch_id}/{self.payload_sha256}"

    def file_below(self, root: AnyPath) -> AnyPath:
        """Return the batch's file in the landing at `root`."""
        folder = root / self.source / self.stream / f"day={self.day.isoformat()}"
        return folder / f"{self.batch_id}.parquet"


def commit_batch(
    root: AnyPath,
    about: BatchAbout,
    rows: pa.Table,
    lease: Lease | None = None,
    *,
    version: str | None = None,
) -> AnyPath:
    """Commit `rows`: readers see all or nothing (umlauf.storage.commit).

    `version` is that of the batch which is written anew.

    Raises:
        LeaseLost: a newer owner took the lease over; nothing becomes visible.
    """
    target = about.file_below(root)
    stated = asdict(about) | {"payload_sha256": payload_hash(rows), "is_sealed": True}
    content = sealed_parquet(rows, {_METADATA_KEY: json.dumps(stated, default=_iso)})
    commit(target, content, lease.check if lease else lambda: None, version=version)
    return target


def read_about(file: AnyPath) -> BatchAbout:
    """Read what the batch says of itself, from its footer alone.

    Raises:
        LandingDamaged: the footer cannot be read.
    """
    return read_counted(file)[0]


def read_counted(file: AnyPath, kept: Footers | None = None) -> tuple[BatchAbout, int]:
    """Read what the batch says of itself, and how many rows it holds.

    With what is `kept` of footers only one that is new is opened.

    Raises:
        LandingDamaged: the footer cannot be read.
    """
    try:
        read = kept.read if kept else read_footer
        footer = read(file, _METADATA_KEY.encode())
        return _parse_about(footer.stated), footer.rows
    except (FileNotFoundError, PermissionError):
        raise
    except (pa.ArrowException, OSError, LookupError, TypeError, ValueError) as error:
        raise LandingDamaged(str(file), f"its footer cannot be read ({error})") from error


def _parse_about(text: bytes | None) -> BatchAbout:
    if text is None:
        raise LookupError(_METADATA_KEY)
    stated: dict[str, Any] = json.loads(text)
    known = {field.name for field in fields(BatchAbout)}
    stated = {name: value for name, value in stated.items() if name in known}
    stated["day"] = date.fromisoformat(stated["day"])
    for name in ("fetched_at", "window_start", "window_end"):
        if stated[name] is not None:
            stated[name] = datetime.fromisoformat(stated[name])
    return BatchAbout(**stated)


def batch_files(root: AnyPath, source: str, stream: str) -> Iterator[AnyPath]:
    """Yield a stream's batches, newest business day first, within a day the last fetched first."""
    folder = root / source / stream
    if isinstance(folder, BucketPath):  # one listing; on a disk most readers want the newest alone
        yield from sorted(folder.glob("day=*/*.parquet"), reverse=True)
        return
    for day in sorted(names_in(folder), reverse=True):
        if day.startswith("day="):
            names = sorted(names_in(folder / day), reverse=True)
            yield from (folder / day / name for name in names if name.endswith(".parquet"))


def stamp_text(moment: datetime) -> str:
    """Return an aware moment as names of batches tell it."""
    return f"{moment.astimezone(UTC):{STAMP}}"


def fetched_text(file: AnyPath) -> str:
    """Return when a batch was fetched, by its name alone: as `stamp_text` of that moment."""
    return file.name.partition("-")[0]


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, none if there is no such; a glob takes several times as long.

    In ten years a stream has thousands of folders.
    """
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return []


def declare_stream(root: AnyPath, source: str, stream: str, start: datetime) -> None:
    """Give a stream that has never landed an empty batch: a glob without files is an error."""
    if next(batch_files(root, source, stream), None) is None:
        about = BatchAbout(
            source=source,
            stream=stream,
            day=start.date(),
            fetched_at=start.astimezone(UTC),
            kind="declared",
        )
        commit_batch(root, about, SCHEMA.empty_table())


def payload_hash(rows: pa.Table) -> str:
    """Return the SHA-256 over keys and payloads, in row order."""
    digest = hashlib.sha256(str(rows.num_rows).encode())
    for name in ("record_key", "payload"):
        for chunk in rows.column(name).chunks:
            # A copy: the buffer of a slice would hold its neighbours' text as well.
            if (text := pa.concat_arrays([chunk]).buffers()[2]) is not None:
                digest.update(text)
    return digest.hexdigest()


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"batch metadata: {value!r} has no JSON form")
