"""Columns of landed rows, built without `pa.array` and `pa.scalar`.

Those import pandas on their first Python value: 50 MB and half a second, for nothing here.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pyarrow as pa

from umlauf.landing.batch import SCHEMA

STAMP = pa.timestamp("us", tz="UTC")
WAITING = pa.schema([("key", pa.string()), ("version", STAMP), ("payload", pa.string())])
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class TextColumn:
    """A text column that grows; `size` counts the bytes added since the last `take`."""

    def __init__(self) -> None:
        """Start empty."""
        self.size = 0
        self._texts: list[bytes] = []

    def add(self, text: bytes) -> None:
        """Append one text, as UTF-8 bytes."""
        self.size += len(text)
        self._texts.append(text)

    def take(self) -> pa.StringArray:
        """Return the column and start a new one."""
        texts, self._texts, self.size = self._texts, [], 0
        ends = array("i", accumulate(map(len, texts), initial=0))
        buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
        return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def text_array(texts: Iterable[str]) -> pa.StringArray:
    """Return a text column."""
    column = TextColumn()
    for text in texts:
        column.add(text.encode())
    return column.take()


def stamp_array(runs: Iterable[tuple[datetime, int]]) -> pa.TimestampArray:
    """Return a column of aware UTC stamps, each repeated as often as it says."""
    micros = array("q")
    for moment, count in runs:
        micros.extend(array("q", [(moment - _EPOCH) // _MICROSECOND]) * count)
    return pa.Array.from_buffers(STAMP, len(micros), [None, pa.py_buffer(micros)])


def record_table(
    keys: Sequence[str],
    versions: Sequence[datetime],
    payloads: Sequence[str] | None,
    fetched_at: datetime,
) -> pa.Table:
    """Return the rows of a batch; stamps are aware UTC, no `payloads` makes tombstones."""
    rows = pa.nulls(len(keys), pa.string()) if payloads is None else text_array(payloads)
    return _landed(
        text_array(keys),
        stamp_array((version, 1) for version in versions),
        rows,
        fetched_at,
        is_deleted=payloads is None,
    )


def landed_table(waiting: Iterable[pa.Table], fetched_at: datetime) -> pa.Table:
    """Return tables of the schema WAITING as one batch of live records."""
    rows = pa.concat_tables([WAITING.empty_table(), *waiting])
    return _landed(rows.column("key"), rows.column("version"), rows.column("payload"), fetched_at)


def _landed(
    keys: pa.Array, versions: pa.Array, payloads: pa.Array, fetched_at: datetime, *,
    is_deleted: bool = False,
) -> pa.Table:  # fmt: skip
    count, naive = len(keys), pa.timestamp("us")
    bits = (b"\xff" if is_deleted else b"\x00") * (count // 8 + 1)
    columns = [
        keys,
        versions.cast(naive),
        pa.Array.from_buffers(pa.bool_(), count, [None, pa.py_buffer(bits)]),
        payloads,
        stamp_array([(fetched_at, count)]).cast(naive),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)
