"""Whether the marts that Spark built say what DuckDB's say, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from umlauf.errors import CheckFailed
from umlauf.landing.lease import WAREHOUSE_LEASE, hold_lease
from umlauf.publish.comments import quoted
from umlauf.publish.content_hash import content_hash
from umlauf.publish.marts import Mart, marts_of
from umlauf.settings import Settings
from umlauf.warehouse.build import standing_build_id
from umlauf.warehouse.on_spark import spark_settings
from umlauf.warehouse.spark import files_of


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Content hashes of a mart, as DuckDB and as Spark built it."""

    mart: str
    duckdb: str
    spark: str

    @property
    def is_same(self) -> bool:
        """Whether both say the same."""
        return self.duckdb == self.spark


def compare_with_spark(settings: Settings) -> list[Compared]:
    """Return the content hashes of every mart; a view's rows are hashed as a table's.

    Raises:
        CheckFailed: the two were not built from the same landing, settings and models.
    """
    beside = spark_settings(settings)
    with hold_lease(settings.leases, WAREHOUSE_LEASE, settings.lease_wait_seconds):
        builds = [standing_build_id(one) for one in (settings, beside)]
        if builds[0] != builds[1]:
            raise CheckFailed(
                f"spark: DuckDB's warehouse holds build {builds[0]}, Spark's {builds[1]}: "
                "`umlauf build` and `umlauf build --target spark` build what is missing"
            )
        return list(_compare(settings, beside))


def _compare(settings: Settings, beside: Settings) -> Iterator[Compared]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{settings.memory}'")
        connection.execute(
            f"attach {quoted(str(settings.warehouse_file))} as warehouse (read_only)"
        )
        for mart in marts_of(settings):
            if not mart.is_lookup:
                yield _hashes(connection, beside, mart)


def _hashes(connection: duckdb.DuckDBPyConnection, beside: Settings, mart: Mart) -> Compared:
    built = f"warehouse.{mart.relation}"
    columns = [row[0] for row in connection.execute(f"describe {built}").fetchall()]
    files = quoted(files_of(beside, mart.schema, mart.name, is_view=bool(mart.view_sql)))
    return Compared(
        mart=mart.relation,
        duckdb=content_hash(connection, built, columns),
        spark=content_hash(connection, f"read_parquet({files})", columns),
    )
