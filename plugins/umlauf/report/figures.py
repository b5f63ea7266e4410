"""What the morning page shows, asked of the published marts: one file in `queries/` per figure.

Money is in the reporting currency unless a column names another. `$as_of` is the business date
the snapshot speaks about, `$build_id` its build. Rows come back as dicts; dates and decimals keep
their types.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from umlauf.errors import ConfigError

Rows = list[dict[str, Any]]

_QUERIES = Path(__file__).parent / "queries"


def read_figures(marts_file: Path) -> dict[str, Rows]:
    """Return every figure by the name of its query; `build` has exactly one row.

    Raises:
        ConfigError: the snapshot does not say which build it is.
    """
    with duckdb.connect(marts_file, read_only=True) as connection:
        build = _rows(connection, (_QUERIES / "build.sql").read_text(), {})
        if len(build) != 1:
            raise ConfigError(
                f"report: {marts_file} names {len(build)} builds, expected 1; publish again"
            )
        known: dict[str, str | date] = {
            "as_of": build[0]["as_of_date"],
            "build_id": build[0]["build_id"],
        }
        return {
            file.stem: _rows(connection, file.read_text(), known)
            for file in sorted(_QUERIES.glob("*.sql"))
        }


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, known: dict[str, Any]) -> Rows:
    asked = {name: value for name, value in known.items() if f"${name}" in sql}
    found = connection.execute(sql, asked)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
