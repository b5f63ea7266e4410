"""A PostgreSQL with an empty database, and small snapshots to publish to it."""

import json

import duckdb
import pytest

from tests.publish.postgres_server import running_postgres

DEALS = """
    select
        'd' || i as deal_id, (i / 4)::decimal(18, 2) as amount, i % 2 = 0 as is_won,
        date '2026-03-31' - i::integer as day,
        case when i = 1 then '' when i > 1 then e'a"b\\n,ü' end as deal_name,
        timestamp '2026-03-31 22:30:00' as changed_at, i / 3 as share, i::bigint as n
    from range({rows}) as t(i)
"""
KEY = {
    "resource_type": "test", "attached_node": "deal", "column_name": "deal_id",
    "test_metadata": {"name": "key", "kwargs": {}},
}  # fmt: skip
DEAL = {"resource_type": "model", "schema": "pipeline", "name": "fct_deal"}


@pytest.fixture(scope="module")
def running():
    with running_postgres() as server:
        yield server


@pytest.fixture
def server(running):
    """Return the server with an empty database."""
    for statement in ("drop database marts with (force)", "create database marts"):
        running.rows(statement, database="postgres")
    return running


@pytest.fixture
def show(settings):
    """Return a function that makes readers of DuckDB see a build."""
    manifest = settings.warehouse / "dbt" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"nodes": {"deal": DEAL, "test": KEY}}))
    settings.marts_file.parent.mkdir()

    def make(build_id, rows=10, deals=DEALS):
        partial = settings.marts_file.with_suffix(".new")
        with duckdb.connect(partial) as marts:
            for schema in ("core", "pipeline", "intermediate", "trust"):
                marts.execute(f"create schema {schema}")
            for name, sql in {
                "core.dim_date": "select date '2026-03-31' as day",
                "pipeline.fct_deal": deals.format(rows=rows),
                "trust.build": "select date '2026-03-31' as as_of_date",
                "intermediate.int_rates": "select 1 as rate",
            }.items():
                marts.execute(
                    f"create table {name} as select *, '{build_id}' as build_id from ({sql})"
                )
            marts.execute(
                "create view pipeline.fct_deal_daily as select deals.day, deals.deal_id, "
                "deals.build_id from pipeline.fct_deal as deals cross join intermediate.int_rates"
            )
            marts.execute("comment on table pipeline.fct_deal is 'One row per deal; it''s small.'")
            marts.execute("comment on column pipeline.fct_deal.deal_id is 'The CRM''s.'")
        partial.replace(settings.marts_file)

    return make
