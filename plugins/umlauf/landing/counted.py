"""Which batches builds have met: a record each, so that one which is deleted outright is missed.

    <landing>/umlauf/batches/day=.../    one record per batch, keyed by its file below landing

Nothing is read, resumed or built by it: it is a witness, not a state beside the files. Where the
two disagree `umlauf verify` says so, and a person decides (docs/decisions/0062). A tombstone ends a
record: its batch was set aside, and is not expected any more. The notes are batches themselves,
which the next build notes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa

from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.commits import growing_clock
from umlauf.landing.intact import naming_damage
from umlauf.landing.own_records import SOURCE, OwnStream, own_files
from umlauf.storage.bucket_path import AnyPath, below
from umlauf.storage.parquet import connect

_STREAM: OwnStream = "batches"
_EXPECTED = """
    select record_key
    from read_parquet($files)
    group by record_key
    having not arg_max(is_deleted, fetched_at)
    order by record_key
"""


def expected_batches(root: AnyPath) -> list[str]:
    """Return the batches that builds have met and that were not set aside, as files below root."""
    if not (files := own_files(root, _STREAM)):
        return []
    with naming_damage(root, files), connect(root) as connection:
        found = connection.execute(_EXPECTED, {"files": files}).fetchall()
    return [name for (name,) in found]


def missing_batches(root: AnyPath) -> list[AnyPath]:
    """Return the batches that are expected and not there."""
    there = _batches_there(root)
    return [root / name for name in expected_batches(root) if name not in there]


def note_batches(root: AnyPath, at: datetime) -> None:
    """Land a record of each batch that no build has met before, right behind all that has landed.

    `at` (aware UTC) is what the build knows of. The caller is the only one to build here.
    """
    new = _batches_there(root).difference(expected_batches(root))
    _land(root, sorted(new), at, is_expected=True)


def expect_no_more(root: AnyPath, files: Iterable[AnyPath], at: datetime) -> None:
    """Land that these batches are set aside and need not be there any more."""
    names = sorted(below(root, file) for file in files)
    _land(root, sorted(set(names).intersection(expected_batches(root))), at, is_expected=False)


def _batches_there(root: AnyPath) -> set[str]:
    return {below(root, file) for file in root.glob("*/*/day=*/*.parquet")}


def _land(root: AnyPath, names: list[str], at: datetime, *, is_expected: bool) -> None:
    if not names:
        return
    stamp = growing_clock(lambda: at, root)()
    payloads = ["{}"] * len(names) if is_expected else None
    rows: pa.Table = record_table(names, [stamp] * len(names), payloads, stamp)
    about = BatchAbout(
        source=SOURCE,
        stream=_STREAM,
        day=stamp.date(),
        fetched_at=stamp,
        is_complete=True,
        rows_fetched=len(names),
    )
    commit_batch(root, about, rows)
