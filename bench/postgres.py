"""Publishing to PostgreSQL beside plain COPY of the same rows.

    python -m bench postgres                   1 million rows
    ROWS=10000000 python -m bench postgres     10 million

Publishing reads the snapshot, checks the keys, builds the indexes, gathers statistics and shows the
build to readers. Plain COPY has its rows ready as CSV and puts them into bare tables, one after
another; it is timed before and after, since machines change their pace. The marts differ in size as
those of a company of ten times the demo's do, which has 14.5 million rows in 50 marts (counted in
its warehouse), 28 % of them in the largest.
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
# Hundredths of all rows in each mart, the largest first.
_SHARES = (28, 20, 12, 12, 7, 4, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 1)
# A mart as they are: a key of three columns, a day, texts, money, quantities, flags.
_ROWS = f"""
    select
        'product ' || (i % 2000)::varchar as product_id, (i // 2000) % 5 as warehouse_id,
        date '2000-01-01' + (i // 10000)::integer as day, (i % 977)::decimal(18, 4) as quantity,
        (i % 97911 / 7)::decimal(18, 2) as value_reporting, 'EUR' as reporting_currency,
        i % 3 = 0 as is_reserved, i % 11 as days_of_supply,
        timestamp '2026-11-20 22:30:00' as changed_at, '{BUILD_ID}' as build_id
"""
_KEY = {"name": "unique_combination", "kwargs": {"columns": ["product_id", "warehouse_id", "day"]}}
_PLAIN = """
    product_id text, warehouse_id bigint, day date, quantity numeric(18, 4),
    value_reporting numeric(18, 2), reporting_currency text, is_reserved boolean,
    days_of_supply bigint, changed_at timestamptz, build_id text
"""


def measure(folder: Path) -> Iterator[Result]:
    """Yield rows per second of both, and their ratio."""
    home = folder / "postgres"
    shutil.rmtree(home, ignore_errors=True)
    settings = load_settings(home=home)
    _make_snapshot(settings)
    with running_postgres() as server:
        before = _copy_plainly(settings, server, home)
        done = publish_postgres(settings, server.connection)
        plain = (before + _copy_plainly(settings, server, home)) / 2
    shutil.rmtree(home)
    yield Result(name="postgres_rows", value=done.rows, unit="")
    yield Result(name="postgres_plain_copy", value=done.rows / plain, unit="rows/s")
    yield Result(name="postgres_publishing", value=done.rows / done.seconds, unit="rows/s")
    times = done.seconds / plain
    yield Result(
        name="postgres_publishing_beside_copy", value=times, unit="times", goal=f"<= {MOST_TIMES}"
    )


def _make_snapshot(settings: Settings) -> None:
    nodes = {}
    settings.marts_file.parent.mkdir(parents=True)
    with duckdb.connect(settings.marts_file) as marts:
        marts.execute("create schema core; create schema inventory; create schema trust")
        marts.execute(f"create table core.dim_date as select '{BUILD_ID}' as build_id")
        marts.execute(
            "create table trust.build as "
            f"select '{BUILD_ID}' as build_id, date '2026-11-20' as as_of_date"
        )
        for name, share in _marts():
            rows = ROWS * share // sum(_SHARES)
            marts.execute(f"create table inventory.{name} as {_ROWS} from range({rows}) as t(i)")
            nodes[name] = {"resource_type": "model", "schema": "inventory", "name": name}
            nodes[f"key of {name}"] = {
                "resource_type": "test", "attached_node": name, "test_metadata": _KEY
            }  # fmt: skip
    manifest = settings.warehouse / "dbt" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"nodes": nodes}))


def _marts() -> list[tuple[str, int]]:
    return [(f"fct_stock_{number}", share) for number, share in enumerate(_SHARES)]


def _copy_plainly(settings: Settings, server: Server, folder: Path) -> float:
    """Return the seconds that COPY takes for all marts, from files that are there."""
    files = {name: folder / f"{name}.csv" for name, _ in _marts()}
    with duckdb.connect(settings.marts_file, read_only=True) as marts:
        for name, file in files.items():
            marts.execute(f"copy inventory.{name} to '{file}' (format csv, header false)")
    with closing(server.session()) as session, session.cursor() as cursor:
        begun = time.monotonic()
        for name, file in files.items():
            # Made and filled in one transaction, which spares the log here as in publishing.
            session.autocommit = False
            with session, file.open("rb") as rows:
                cursor.execute(f"create table {name} ({_PLAIN})")
                cursor.copy_expert(f"copy {name} from stdin (format csv)", rows)
            session.autocommit = True
        seconds = time.monotonic() - begun
        for name in files:
            cursor.execute(f"drop table {name}")
    return seconds
