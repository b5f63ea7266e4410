"""Records that have been erased: what is landed of an erasure, and what it keeps out ever after.

    <landing>/umlauf/erasures/day=.../    one record per erased record, landed before anything goes

It names the record by a hash of its key alone, and each batch that held it by the hash of its
payloads before and after. So an erasure that was cut off, and a batch that a backup brought back,
are both told by one look at the footers: a batch still is what it was before (docs/decisions/0072).
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from umlauf.landing.batch import read_about
from umlauf.landing.intact import naming_damage
from umlauf.landing.own_records import land_own, own_files
from umlauf.storage.bucket_path import AnyPath, below
from umlauf.storage.parquet import connect

_ERASURES = """
    select record_key, payload, fetched_at
    from read_parquet($files)
    order by fetched_at, record_key
"""


@dataclass(frozen=True, kw_only=True)
class Rewritten:
    """A batch and what it held before and after: its file below landing, hashes of payloads."""

    file: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """One record of a stream that is gone for ever; `at` is aware UTC, its key a hash."""

    source: str
    stream: str
    key_sha256: str
    because: str
    versions: int
    batches: tuple[Rewritten, ...]
    at: datetime


def key_hash(source: str, stream: str, key: str) -> str:
    """Return the hash that stands for a record's key: the same key elsewhere has another one."""
    return hashlib.sha256(f"{source}.{stream}/{key}".encode()).hexdigest()


def read_erasures(root: AnyPath) -> list[Erasure]:
    """Return all erasures that have landed, the oldest first."""
    if not (files := own_files(root, "erasures")):
        return []
    with naming_damage(root, files), connect(root) as connection:
        found = connection.execute(_ERASURES, {"files": files}).fetchall()
    return [_parse(payload, at.replace(tzinfo=UTC)) for _, payload, at in found]


def land_erasures(root: AnyPath, erasures: Sequence[Erasure], at: datetime) -> AnyPath:
    """Land erasures; from then on none of these records is landed again."""
    records = {
        f"{one.source}.{one.stream}/{one.key_sha256}": {
            "source": one.source,
            "stream": one.stream,
            "key_sha256": one.key_sha256,
            "because": one.because,
            "versions": one.versions,
            "batches": [vars(batch) for batch in one.batches],
        }
        for one in erasures
    }
    return land_own(root, "erasures", at.date(), records, at)


def erased_hashes(root: AnyPath, source: str, stream: str) -> frozenset[str]:
    """Return the hashed keys of the stream's erased records."""
    return frozenset(
        one.key_sha256
        for one in read_erasures(root)
        if (one.source, one.stream) == (source, stream)
    )


def without_erased(rows: pa.Table, source: str, stream: str, hashes: frozenset[str]) -> pa.Table:
    """Return the rows of all records but those whose hashed keys are given."""
    if not hashes:
        return rows
    keys = rows.column("record_key").to_pylist()
    kept = array("q", (i for i, k in enumerate(keys) if key_hash(source, stream, k) not in hashes))
    if len(kept) == len(keys):
        return rows
    places = pa.Array.from_buffers(pa.int64(), len(kept), [None, pa.py_buffer(kept)])
    return rows.take(places)


def is_erased(cursor: str | None, source: str, stream: str, hashes: frozenset[str]) -> bool:
    """Tell whether a cursor is an erased record's key: pages often continue behind a key."""
    return bool(cursor and hashes) and key_hash(source, stream, str(cursor)) in hashes


def unfinished(root: AnyPath, erasures: Iterable[Erasure]) -> Iterator[Erasure]:
    """Yield erasures of which a batch is again, or still, what it was before."""
    now: dict[str, str | None] = {}
    for one in erasures:
        for batch in one.batches:
            if batch.file not in now:
                file = root / batch.file
                now[batch.file] = read_about(file).payload_sha256 if file.exists() else None
        if any(now[batch.file] == batch.before for batch in one.batches):
            yield one


def unexplained(root: AnyPath, erasures: Iterable[Erasure], file: AnyPath) -> str:
    """Return what a batch says that no erasure explains; nothing when all is as it should be.

    The batch is sealed and sound: it is whether it was rewritten for a reason that is asked.
    """
    about, name = read_about(file), below(root, file)
    steps = [batch for one in erasures for batch in one.batches if batch.file == name]
    if not steps:
        return "it was rewritten, and no erasure says why" if about.rows_erased else ""
    if about.payload_sha256 == steps[-1].after:
        return ""
    if about.payload_sha256 in {step.before for step in steps}:
        return "it holds what has been erased: `umlauf build` ends the erasure"
    expected, came = steps[-1].after, about.payload_sha256
    return f"expected the payloads {expected[:12]}... of its last erasure, came {came[:12]}..."


def reasons(
    erasures: Iterable[Erasure], since: datetime, lineage: Iterable[tuple[str, str]]
) -> Mapping[str, str]:
    """Say by mart which erasures after `since` (aware UTC) changed what it is built from.

    `lineage` are pairs of a stream (`hubspot.contacts`) and a mart.
    """
    days: dict[str, set[str]] = {}
    for one in erasures:
        if one.at > since:
            days.setdefault(f"{one.source}.{one.stream}", set()).add(f"{one.at:%Y-%m-%d}")
    found: dict[str, list[str]] = {}
    for subject, mart in lineage:
        if subject in days:
            told = ", ".join(sorted(days[subject]))
            found.setdefault(mart, []).append(f"records of {subject} were erased on {told}")
    return {mart: "; ".join(sorted(told)) for mart, told in found.items()}


def _parse(payload: str, at: datetime) -> Erasure:
    stated = json.loads(payload)
    stated["batches"] = tuple(Rewritten(**batch) for batch in stated["batches"])
    return Erasure(**stated, at=at)
