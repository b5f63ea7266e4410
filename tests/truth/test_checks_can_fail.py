"""A check that cannot fail checks nothing: every one finds something in data that was spoilt."""

from collections.abc import Iterator

import duckdb
import pytest

from umlauf.chaos.replay import read_replay
from umlauf.settings import load_settings
from umlauf.warehouse.dbt import read_manifest

pytestmark = pytest.mark.integration

# What a column's values become; any other kind is a number.
SPOILT = {
    "VARCHAR": ["'no such thing'"],
    "BOOLEAN": ["not coalesce({0}, false)"],
    "DATE": ["coalesce({0}, date '2020-01-01') + 400"],
    "TIMESTAMP": ["coalesce({0}, timestamp '2020-01-01') + interval 400 day"],
}
NUMBER = ["coalesce({0}, 0) + 1000", "-1", "1"]
SOME_ROW = {"VARCHAR": "'x'", "BOOLEAN": "true", "DATE": "date '2026-01-01'",
            "TIMESTAMP": "timestamp '2026-01-01'"}  # fmt: skip
ONE, ALL = "where rowid = (select max(rowid) from {0})", ""


@pytest.fixture(scope="module")
def manifest(company):
    return read_manifest(load_settings(home=company.home))["nodes"]


@pytest.fixture(scope="module")
def database(company):
    settings = load_settings(home=company.home)
    with read_replay(settings).built(settings) as connection:
        yield connection


def tables_read(manifest, name):
    """Return the tables a check reads, directly or through views, the nearest first."""
    found = []
    waiting = list(manifest[name]["depends_on"]["nodes"])
    while waiting:
        node = manifest.get(waiting.pop(0))
        if node is None:
            continue
        if node["config"]["materialized"] == "view":
            waiting += node["depends_on"]["nodes"]
        else:
            found.append(f"{node['schema']}.{node['name']}")
    return list(dict.fromkeys(found))


def spoilt(database, table, first) -> Iterator[str]:
    """Yield statements that spoil a table: values of one row or all, rows too many or too few."""
    columns = database.execute(f"describe {table}").fetchall()
    columns.sort(key=lambda column: column[0] not in first)
    for rows in (ONE, ALL):
        where = rows.format(table)
        for column, kind, *_ in columns:
            for value in ("null", *SPOILT.get(kind, NUMBER)):
                yield f"update {table} set {column} = {value.format(column)} {where}"
        yield f"insert into {table} select * from {table} {where}"
        yield f"delete from {table} {where}"
    row = ", ".join(SOME_ROW.get(kind, "1") for _, kind, *_ in columns)
    yield f"insert into {table} values ({row}), ({row})"


def finds_something(database, check, statement):
    database.execute("begin")
    try:
        database.execute(statement)
        return bool(database.execute(f"select 1 from ({check}) limit 1").fetchall())
    except duckdb.Error:  # the statement breaks a contract, or the check's own casts
        return False
    finally:
        database.execute("rollback")


def test_every_check_finds_something_in_spoilt_data(manifest, database):
    checks = {
        name: node
        for name, node in manifest.items()
        if node["resource_type"] == "test" and node["config"]["severity"].lower() == "error"
    }
    assert len(checks) > 250

    blind = []
    for name, node in checks.items():
        first = str(node.get("test_metadata") or "")
        statements = (
            statement
            for table in tables_read(manifest, name)
            for statement in spoilt(database, table, first)
        )
        sql = node["compiled_code"]
        if not any(finds_something(database, sql, statement) for statement in statements):
            blind.append(node["name"])

    assert blind == []
