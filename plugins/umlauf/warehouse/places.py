"""Where landing lies and what of it is new, told to the DuckDB that runs the models.

Models read `getvariable('landing')` and so on, so that their SQL is the same for every home.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

_NAMES = ("landing", "batches", "news")


def tell_places(connection: duckdb.DuckDBPyConnection, environment: Mapping[str, str]) -> None:
    """Set each as the environment of dbt says it; what it does not say is a file of that name."""
    for name in _NAMES:
        told = environment.get(f"UMLAUF_{name.upper()}", name).replace("'", "''")
        connection.execute(f"set variable {name} = '{told}'")
