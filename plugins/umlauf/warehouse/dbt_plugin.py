"""Tells dbt's DuckDB where things are, as profiles.yml asks for.

Not in the profile itself: dbt parses the whole project anew when its profile says something else,
and a credential stands in no file.

https://github.com/duckdb/dbt-duckdb#writing-your-own-plugins
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin

from umlauf.storage.bucket_path import CONNECTION, SCHEME, BucketPath
from umlauf.storage.parquet import let_read
from umlauf.warehouse.places import tell_places

_WAREHOUSE = "warehouse.duckdb"


class Plugin(BasePlugin):
    """dbt-duckdb finds it by its name."""

    def update_connection_config(self, creds: DuckDBCredentials, config: dict[str, Any]) -> None:
        """Say where the warehouse lies, and what DuckDB may hold before it writes beside it."""
        warehouse = os.environ.get("UMLAUF_WAREHOUSE", _WAREHOUSE)
        for attachment in creds.attach or ():
            attachment.path = warehouse
        config["memory_limit"] = os.environ.get("UMLAUF_MEMORY", "3GB")
        config["temp_directory"] = f"{warehouse}.tmp"

    def configure_cursor(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Say where landing lies, and what it and its news consist of: the sources read these."""
        tell_places(cursor, os.environ)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Do nothing where landing is a folder, as where dbt is run by hand."""
        landing = os.environ.get("UMLAUF_LANDING", "")
        if landing.startswith(SCHEME):
            connection = os.environ.get("UMLAUF_LANDING_CONNECTION", CONNECTION)
            let_read(conn, BucketPath.parse(landing, Path(), connection))
