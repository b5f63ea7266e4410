"""Write rows as an Excel workbook: numbers and days as such, text as text and never a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from umlauf.errors import ConfigError

# Excel's own bounds: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
_MOST_ROWS, _MOST_COLUMNS, _LONGEST = 1_048_576, 16_384, 32_767
_FIRST_DAY = date(1900, 3, 1)  # before it a sheet counts a day that never was


def write_workbook(
    target: BinaryIO, names: Sequence[str], chunks: Iterable[Sequence[Sequence[Any]]]
) -> None:
    """Write a head and rows, given in chunks, to one sheet; nothing is written if it fails.

    A decimal or whole number that a sheet would round and a day it cannot count are written as
    text. Stamps with a zone are written in UTC.

    Raises:
        ConfigError: a sheet cannot hold it: too many rows or columns, a text that is too long.
    """
    if len(names) > _MOST_COLUMNS:
        raise ConfigError(f"xlsx: {len(names):,} columns, a sheet has {_MOST_COLUMNS:,}")
    made = io.BytesIO()
    book = Workbook(made, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("answer")
    bold = book.add_format({"bold": True, "bottom": 1})
    looks = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    for column, name in enumerate(names):
        sheet.write_string(0, column, _fitting(name, 0, name), bold)
    number = 0
    for number, row in enumerate((row for chunk in chunks for row in chunk), 1):
        if number == _MOST_ROWS:
            raise ConfigError(
                f"xlsx: more than {_MOST_ROWS - 1:,} rows, which a sheet cannot hold; "
                "ask for fewer, or for parquet or csv"
            )
        for column, value in enumerate(row):
            _write(sheet, number, column, names[column], _told(value), looks)
    if names:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, number, len(names) - 1)
    book.close()
    target.write(made.getbuffer())


def _told(value: Any) -> bool | float | date | str | None:
    """Return a value as a sheet can say it, else as text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, int | Decimal):
        is_kept = value == Decimal(f"{float(value):.16G}")  # what is written has 16 digits
        return float(value) if is_kept else str(value)
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return value if day >= _FIRST_DAY else str(value)
    return str(value)


def _write(
    sheet: Worksheet, row: int, column: int, name: str, value: Any, looks: dict[type, Any]
) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, float):
        sheet.write_number(row, column, value)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, looks[type(value)])
    elif value is not None:
        sheet.write_string(row, column, _fitting(value, row, name))


def _fitting(text: str, row: int, column: str) -> str:
    if len(text) > _LONGEST:
        raise ConfigError(
            f"xlsx: row {row}, column {column[:80]!r}: {len(text):,} characters, a cell holds "
            f"{_LONGEST:,}; ask for parquet or csv"
        )
    return text
