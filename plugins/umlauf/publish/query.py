"""Read the published marts: SQL in, a table, CSV or JSON out."""

from __future__ import annotations

import csv
import json
import sys

import duckdb
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from umlauf.errors import ConfigError, visible
from umlauf.settings import Settings

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def run_query(settings: Settings, sql: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return column names and rows of `sql`, run read-only on the published snapshot.

    Raises:
        ConfigError: nothing is published yet, or the SQL is wrong; the message says where.
    """
    if not settings.marts_file.exists():
        raise ConfigError(
            f"query: nothing is published at {settings.marts_file}; run `umlauf nightly` first"
        )
    with duckdb.connect(settings.marts_file, read_only=True) as connection:
        try:
            found = connection.execute(sql)
            return [column[0] for column in found.description or []], found.fetchall()
        except duckdb.Error as error:
            raise ConfigError(f"query: {error}") from error


def print_query(settings: Settings, sql: str, form: str) -> None:
    """Print the answer as `table`, `csv` or `json` on stdout."""
    columns, rows = run_query(settings, sql)
    if form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow([harmless(name) for name in columns])
        writer.writerows([harmless(value) for value in row] for row in rows)
    elif form == "json":
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        sys.stdout.write(json.dumps(named, default=str, indent=1) + "\n")
    else:
        table = Table(*(Column(Text(visible(name))) for name in columns))
        for row in rows:
            table.add_row(*(Text("" if value is None else visible(str(value))) for value in row))
        Console().print(table)


def harmless(value: object) -> object:
    """Keep a spreadsheet from running text as a formula; numbers stay as they are.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
