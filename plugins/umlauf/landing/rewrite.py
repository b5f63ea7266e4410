"""Take erased records out of landed batches: the one exception to "a batch never changes".

A batch is written anew and takes its own name, like any commit: a reader or a crash meets the old
batch or the new one. What it says of itself stays, its counts apart.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from umlauf.landing.batch import batch_files, commit_batch, payload_hash, read_about
from umlauf.landing.erasures import Rewritten, is_erased, without_erased
from umlauf.landing.intact import all_set_aside, naming_damage
from umlauf.landing.lease import Lease
from umlauf.storage.bucket_path import AnyPath, below, placed, version_of
from umlauf.storage.parquet import connect, read_rows

log = logging.getLogger(__name__)

_HOLDERS = """
    select filename, hashed, count(*)
    from (
        select filename, sha256($prefix || record_key) as hashed
        from read_parquet($files, filename = true)
    )
    where hashed in (select unnest($hashes))
    group by all
    order by all
"""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A batch that holds versions of records, by hashed key how many; stamps are aware UTC."""

    file: AnyPath
    versions: dict[str, int]
    fetched_at: datetime


def holders(root: AnyPath, source: str, stream: str, hashes: Iterable[str]) -> list[Holder]:
    """Return the stream's batches that hold records of these hashed keys, the oldest first."""
    wanted, files = sorted(hashes), [str(file) for file in batch_files(root, source, stream)]
    if not wanted or not files:
        return []
    given = {"files": files, "prefix": f"{source}.{stream}/", "hashes": wanted}
    with naming_damage(root, files), connect(root) as connection:
        found = connection.execute(_HOLDERS, given).fetchall()
    versions: dict[str, dict[str, int]] = {}
    for name, hashed, count in found:
        versions.setdefault(name, {})[hashed] = count
    held = [
        Holder(file=file, versions=of, fetched_at=read_about(file).fetched_at)
        for file, of in ((placed(root, name), of) for name, of in versions.items())
    ]
    return sorted(held, key=lambda one: one.fetched_at)


def rewriting(root: AnyPath, file: AnyPath, hashes: frozenset[str]) -> Rewritten:
    """Say what a batch will hold without these records; nothing is written."""
    about = read_about(file)
    rows = without_erased(read_rows(file), about.source, about.stream, hashes)
    name = below(root, file)
    return Rewritten(file=name, before=about.payload_sha256, after=payload_hash(rows))


def rewrite(root: AnyPath, file: AnyPath, hashes: frozenset[str], lease: Lease) -> None:
    """Write a batch anew without these records.

    Raises:
        LeaseLost: a newer owner took over; the batch is as it was.
    """
    version = version_of(file)
    about, held = read_about(file), read_rows(file)
    rows = without_erased(held, about.source, about.stream, hashes)
    erased = held.num_rows - rows.num_rows
    # Fetched counts what is left, so that the ledger still adds up; the rest is told beside it.
    stated = replace(about, rows_fetched=rows.num_rows, rows_erased=about.rows_erased + erased)
    if is_erased(about.cursor_to, about.source, about.stream, hashes):
        stated = replace(stated, cursor_to=None)  # a window cut off here is read from its beginning
    commit_batch(root, stated, rows, lease, version=version)
    log.info("%s: %d rows erased, %d left", file, erased, rows.num_rows)


def empty_set_aside(root: AnyPath, source: str, stream: str) -> int:
    """Empty the stream's damaged batches that are set aside: they may hold what is erased.

    Their names stay, which say that the stream has to be read again. Returns how many there were.
    """
    full = [one for one in set_aside_batches(root, source, stream) if one.stat().st_size]
    for file in full:
        file.write_bytes(b"")
    return len(full)


def set_aside_batches(root: AnyPath, source: str, stream: str) -> list[AnyPath]:
    """Return the stream's batches that are damaged and out of use."""
    found = all_set_aside(root, source, stream)
    return [one.file for one in found if one.was.suffix == ".parquet"]
