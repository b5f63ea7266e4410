"""How dbt is started and how its end is read."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from umlauf.errors import CheckFailed
from umlauf.landing.batch import SCHEMA
from umlauf.landing.lease import hold_lease
from umlauf.settings import load_settings
from umlauf.warehouse import dbt
from umlauf.warehouse.dbt_plugin import Plugin
from umlauf.warehouse.engine import duckdb_engine


def result(name, kind="test", status="pass"):
    return dbt.NodeResult(name=name, kind=kind, status=status, failures=0, message="", seconds=0)


def test_a_quote_in_the_landing_s_path_stays_inside_the_text_of_the_sql(tmp_path, monkeypatch):
    settings = load_settings(home=tmp_path / "it's")
    settings.landing_root.mkdir(parents=True)
    pq.write_table(SCHEMA.empty_table(), settings.landing_root / "one.parquet")
    for name, value in dbt.dbt_environment(settings).items():
        monkeypatch.setenv(name, value)

    with duckdb.connect() as connection:
        Plugin("umlauf", {}).configure_cursor(connection)
        sql = "select count(*) from read_parquet(getvariable('landing') || '/*.parquet')"
        assert connection.execute(sql).fetchall() == [(0,)]


def test_a_dbt_that_was_killed_leaves_no_parse_to_other_warehouses(settings, monkeypatch, tmp_path):
    killed = tmp_path / "dbt"
    half = settings.warehouse / "dbt" / "partial_parse.msgpack"
    killed.write_text(f"#!/bin/sh\necho half > '{half}'\nkill -9 $$\n")
    killed.chmod(0o755)
    monkeypatch.setattr(dbt, "DBT_PROJECT", tmp_path)
    told = dict.fromkeys(dbt.OF_THE_NIGHT, "2026-11-22")

    with (
        hold_lease(settings.leases, "warehouse", 0) as lease,
        pytest.raises(CheckFailed, match="dbt ended without results"),
    ):
        dbt.run_dbt(settings, told, replace(duckdb_engine(), dbt=killed), lease=lease)

    assert half.exists()
    assert not (tmp_path / "target").exists()


def test_a_dbt_that_was_interrupted_is_no_finished_build():
    results = [result("unique_deal"), result("fct_deal", "model", "skipped")]

    with pytest.raises(CheckFailed, match="dbt ended with code 2"):
        dbt._raise_failures(results, exit_code=2)


def test_a_failed_test_is_named():
    with pytest.raises(CheckFailed, match="1 of 2 models and tests failed: unique_deal"):
        dbt._raise_failures([result("unique_deal", status="fail"), result("other")], exit_code=1)


def test_a_build_without_checks_does_not_pass():
    with pytest.raises(CheckFailed, match="0 tests ran"):
        dbt._raise_failures([result("fct_deal", "model", "success")], exit_code=0)


def test_another_night_does_not_make_dbt_parse_its_models_anew():
    lasting = {"reporting_currency": "EUR", "streams": {"crm": ["deals"]}}
    first, told = dbt._invocation(
        duckdb_engine(),
        Path("dbt"),
        lasting | {"known_on": "2026-11-22 03:30:00", "as_of": "2026-11-21"},
    )
    second, told_next = dbt._invocation(
        duckdb_engine(),
        Path("dbt"),
        lasting | {"known_on": "2026-11-23 03:30:00", "as_of": "2026-11-22"},
    )

    assert first == second
    assert json.loads(first[-1]) == lasting
    assert told == {"UMLAUF_KNOWN_ON": "2026-11-22 03:30:00", "UMLAUF_AS_OF": "2026-11-21"}
    assert told_next == {"UMLAUF_KNOWN_ON": "2026-11-23 03:30:00", "UMLAUF_AS_OF": "2026-11-22"}
