"""Great Expectations on one DuckDB connection.

GX closes its connection before it fetches, which on an in-memory or single-connection DuckDB
loses the result (measured on GX 1.24.1). Keeping one connection open cures it; both classes below
use only public extension points. GX finds the data source by this module being imported.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import sqlalchemy as sa
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Runs every query of GX on one connection that stays open."""

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        """Yield the one connection."""
        if not hasattr(self, "_kept"):
            # Without autocommit it would stay in its first transaction and see no view made later.
            self._kept = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        yield self._kept


class DuckDBDatasource(SQLDatasource):
    """`context.data_sources.add_duckdb(name, connection_string="duckdb:///file")`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]  # GX's own way to name a type

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """Return the engine above."""
        return DuckDBExecutionEngine
