"""Publishing to PostgreSQL beside plain COPY of the same rows.

    python -m bench postgres                   1 million rows
    ROWS=10000000 python -m bench postgres     10 million

Publishing reads the snapshot, checks the key, builds the indexes, gathers statistics and shows the
build to readers. Plain COPY has its rows ready as CSV and puts them into a bare table.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
from tests.publish.postgres_server import Server, running_postgres

from bench.result import Result
from umlauf.publish.postgres.publish import publish_postgres
from umlauf.settings import Settings, load_settings

ROWS = int(os.environ.get("ROWS", "1000000"))
MOST_TIMES = 1.5
BUILD_ID = "20261121T030000Z-0123456789"
# A mart as they are: a key of three columns, a day, texts, money, quantities, flags.
_STOCK = f"""
    select
        'product ' || (i % 2000)::varchar as product_id, (i // 2000) % 5 as warehouse_id,
        date '2000-01-01' + (i // 10000)::integer as day, (i % 977)::decimal(18, 4) as quantity,
        (i % 97911 / 7)::decimal(18, 2) as value_reporting, 'EUR' as reporting_currency,
        i % 3 = 0 as is_reserved, i % 11 as days_of_supply,
        timestamp '2026-11-20 22:30:00' as changed_at, '{BUILD_ID}' as build_id
    from range({ROWS}) as t(i)
"""
_KEY = {
    "resource_type": "test",
    "attached_node": "stock",
    "test_metadata": {
        "name": "unique_combination", "kwargs": {"columns": ["product_id", "warehouse_id", "day"]}
    },
}  # fmt: skip
_MODEL = {"resource_type": "model", "schema": "inventory", "name": "fct_stock_daily"}


def measure(folder: Path) -> Iterator[Result]:
    """Yield rows per second of both, and their ratio."""
    home = folder / "postgres"
    shutil.rmtree(home, ignore_errors=True)
    settings = load_settings(home=home)
    _make_snapshot(settings)
    with running_postgres() as server:
        plain = _copy_plainly(settings, server, home / "rows.csv")
        done = publish_postgres(settings, server.connection)
    shutil.rmtree(home)
    yield Result(name="postgres_rows", value=done.rows, unit="")
    yield Result(name="postgres_plain_copy", value=ROWS / plain, unit="rows/s")
    yield Result(name="postgres_publishing", value=done.rows / done.seconds, unit="rows/s")
    times = done.seconds / plain
    yield Result(
        name="postgres_publishing_beside_copy", value=times, unit="times", goal=f"<= {MOST_TIMES}"
    )


def _make_snapshot(settings: Settings) -> None:
    manifest = settings.warehouse / "dbt" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"nodes": {"stock": _MODEL, "test": _KEY}}))
    settings.marts_file.parent.mkdir(parents=True)
    with duckdb.connect(settings.marts_file) as marts:
        marts.execute("create schema core; create schema inventory; create schema trust")
        marts.execute(f"create table core.dim_date as select '{BUILD_ID}' as build_id")
        marts.execute(
            "create table trust.build as "
            f"select '{BUILD_ID}' as build_id, date '2026-11-20' as as_of_date"
        )
        marts.execute(f"create table inventory.fct_stock_daily as {_STOCK}")


def _copy_plainly(settings: Settings, server: Server, file: Path) -> float:
    with duckdb.connect(settings.marts_file, read_only=True) as marts:
        marts.execute(f"copy inventory.fct_stock_daily to '{file}' (format csv, header false)")
    with closing(server.session()) as session, session.cursor() as cursor, file.open() as rows:
        cursor.execute(
            "create table plain (product_id text, warehouse_id bigint, day date, "
            "quantity numeric(18, 4), value_reporting numeric(18, 2), reporting_currency text, "
            "is_reserved boolean, days_of_supply bigint, changed_at timestamptz, build_id text)"
        )
        begun = time.monotonic()
        cursor.copy_expert("copy plain from stdin (format csv)", rows)
        seconds = time.monotonic() - begun
        cursor.execute("drop table plain")
    return seconds
