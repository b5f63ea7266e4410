"""Typed Arrow columns from the journal's plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from umlauf.sandbox.stamps import EPOCH

TEXT, COUNT, FLAG, DAY, STAMP = "text", "count", "flag", "day", "stamp"
MONEY, HUNDREDTHS = "money", "hundredths"
Column = tuple[str, str]
_CENT = pa.scalar(Decimal("0.01"), pa.decimal128(3, 2))


def table(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Return rows as a table; columns are (name, kind) in the order of the values.

    Kinds: text, count (int64), flag, day (from an ordinal), stamp (from ms UTC, naive), money
    or hundredths (decimal(18, 2) from whole ones).
    """
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table(
        {name: _column(kind, list(v)) for (name, kind), v in zip(columns, values, strict=True)}
    )


def _column(kind: str, values: list[Any]) -> pa.Array:
    if kind in (MONEY, HUNDREDTHS):
        cents = pa.array(values, pa.int64()).cast(pa.decimal128(19, 0))
        return pc.multiply(cents, _CENT).cast(pa.decimal128(18, 2))
    if kind == DAY:
        days = [None if value is None else value - EPOCH for value in values]
        return pa.array(days, pa.int32()).cast(pa.date32())
    if kind == STAMP:
        return pa.array(values, pa.int64()).cast(pa.timestamp("ms")).cast(pa.timestamp("us"))
    types = {TEXT: pa.string(), COUNT: pa.int64(), FLAG: pa.bool_()}
    return pa.array(values, types[kind])
