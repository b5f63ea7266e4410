"""Write the answer to a query in the form that is wanted: for eyes, a spreadsheet or a program."""

from __future__ import annotations

import codecs
import csv
import json
import sys
from collections.abc import Callable
from typing import IO, BinaryIO, cast

import duckdb
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from umlauf.errors import ConfigError, visible
from umlauf.publish.workbook import write_workbook

Write = Callable[[duckdb.DuckDBPyConnection, BinaryIO], None]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FETCHED = 10_000
_WIDEST = 1_000_000  # characters; wider than any answer
_UTF8 = codecs.getwriter("utf-8")


def write_table(answer: duckdb.DuckDBPyConnection, target: BinaryIO) -> None:
    """Write a table for a terminal; one that is wider than it becomes a table per row.

    Into a file or a pipe it is as wide as it has to be.
    """
    names = [Text(visible(name)) for name in column_names(answer)]
    rows = [
        [Text("" if value is None else visible(str(value))) for value in row]
        for row in answer.fetchall()
    ]
    table = Table(*map(Column, names))
    for row in rows:
        table.add_row(*row)
    console = Console(file=cast(IO[str], _UTF8(target)))
    needed = console.measure(table, options=console.options.update(max_width=_WIDEST)).maximum
    if needed <= console.width or not sys.stdout.isatty():
        console.width = max(needed, 1)
        console.print(table)
        return
    for number, row in enumerate(rows, 1):
        one = Table(f"row {number} of {len(rows)}", "")
        for name, value in zip(names, row, strict=True):
            one.add_row(name, value)
        console.print(one)


def write_csv(answer: duckdb.DuckDBPyConnection, target: BinaryIO) -> None:
    """Write CSV (RFC 4180) with a head, which a spreadsheet can open without harm."""
    writer = csv.writer(_UTF8(target))
    writer.writerow([harmless(name) for name in column_names(answer)])
    while rows := answer.fetchmany(_FETCHED):
        writer.writerows([harmless(value) for value in row] for row in rows)


def write_json(answer: duckdb.DuckDBPyConnection, target: BinaryIO) -> None:
    """Write a list of objects; decimals and days are text, so that no cent is lost."""
    names = column_names(answer)
    named = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    target.write(json.dumps(named, default=str, indent=1).encode() + b"\n")


def write_parquet(answer: duckdb.DuckDBPyConnection, target: BinaryIO) -> None:
    """Write Parquet; types are as they are in the marts."""
    found = answer.to_arrow_reader(_FETCHED)
    with pq.ParquetWriter(target, found.schema, compression="zstd") as writer:
        for batch in found:
            writer.write_batch(batch)


def write_xlsx(answer: duckdb.DuckDBPyConnection, target: BinaryIO) -> None:
    """Write a workbook of one sheet.

    Raises:
        ConfigError: a sheet cannot hold all of it.
    """
    names = column_names(answer)
    write_workbook(target, names, iter(lambda: answer.fetchmany(_FETCHED), []))


FORMS: dict[str, Write] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
    "parquet": write_parquet,
    "xlsx": write_xlsx,
}
_FOR_FILES = (write_parquet, write_xlsx)


def print_answer(answer: duckdb.DuckDBPyConnection, form: str) -> None:
    """Write an answer in one of `FORMS` to stdout.

    Raises:
        ConfigError: the form is none for a terminal, or cannot hold the answer.
    """
    write = FORMS[form]
    if write in _FOR_FILES and sys.stdout.isatty():
        raise ConfigError(f"query: {form} is for a file: add `> answer.{form}`")
    write(answer, sys.stdout.buffer)


def column_names(answer: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of the answer's columns."""
    return [column[0] for column in answer.description or []]


def harmless(value: object) -> object:
    """Keep a spreadsheet from running text as a formula; numbers stay as they are.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
