"""Lets dbt's DuckDB read landing, as profiles.yml asks for: no credential stands in its profile.

https://github.com/duckdb/dbt-duckdb#writing-your-own-plugins
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from umlauf.storage.bucket_path import SCHEME, BucketPath
from umlauf.storage.parquet import let_read


class Plugin(BasePlugin):
    """dbt-duckdb finds it by its name."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Do nothing where landing is a folder, as where dbt is run by hand."""
        landing = os.environ.get("UMLAUF_LANDING", "")
        if landing.startswith(SCHEME):
            let_read(conn, BucketPath.parse(landing, Path()))
