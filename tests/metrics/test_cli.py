"""`umlauf metrics` reads the snapshot, and says in one line what is wrong."""

import csv
import io
import json
import subprocess
import sys

import duckdb
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from umlauf.cli import umlauf

pytestmark = pytest.mark.integration

READER = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print("open", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def marts_file(settings, manifest, monkeypatch):
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    settings.marts_file.parent.mkdir(parents=True)
    with duckdb.connect(settings.marts_file) as connection:
        connection.execute("create schema trust; create schema cash_flow")
        connection.execute(
            "create table trust.semantic_manifest as select $1 as manifest", [manifest]
        )
        connection.execute("""
            create table cash_flow.fct_cash_daily as
            select
                date '2026-03-31' as day, 'DE1' as account_id, 'EUR' as currency_code,
                10.10::decimal(18, 2) as inflow_reporting, 3::decimal(18, 2) as outflow_reporting,
                -0.05::decimal(18, 2) as closing_reporting
        """)
    return settings.marts_file


@pytest.fixture
def run(marts_file):
    return lambda *words: CliRunner().invoke(umlauf, ["metrics", *words])


def test_several_metrics_stand_side_by_side_to_the_cent(run):
    result = run(
        "cash_balance", "inflow", "--by", "account_id", "--grain", "day", "--format", "csv"
    )

    assert list(csv.reader(io.StringIO(result.stdout))) == [
        ["day", "account_id", "cash_balance", "inflow"],
        ["2026-03-31", "DE1", "-0.05", "10.10"],
    ]


def test_parquet_holds_decimals(run):
    result = run("inflow", "--format", "parquet")
    found = pq.read_table(io.BytesIO(result.stdout_bytes))

    assert str(found.schema.field("inflow").type) == "decimal128(38, 2)"


def test_all_are_listed_with_what_they_say(run):
    listed = json.loads(run("--format", "json").stdout)
    inflow = next(one for one in listed if one["metric"] == "inflow")

    assert len(listed) > 40
    assert inflow["unit"] == "EUR"
    assert inflow["says"].startswith("Cash inflow: Credits booked")
    assert inflow["known_by"] == "day, account_country, account_id, currency_code"


def test_sql_is_printed_and_says_the_same(run, marts_file):
    sql = run("cash_balance", "--sql").stdout

    with duckdb.connect(marts_file, read_only=True) as connection:
        ((value,),) = connection.execute(sql).fetchall()
    assert str(value) == "-0.05"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("cash_balanc",), "no metric 'cash_balanc'; nearest: cash_balance; `umlauf metrics`"),
        (
            ("inflow", "--by", "account"),
            "inflow by 'account': known by account_country, account_id",
        ),
        (("--by", "account_id"), "name a metric"),
        (("inflow", "--grain", "month", "--to", "2026-03-30"), "lies inside a month"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_2(run, words, message):
    result = run(*words)

    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_snapshot_from_before_metrics_says_what_to_do(run, marts_file):
    with duckdb.connect(marts_file) as connection:
        connection.execute("drop table trust.semantic_manifest")

    result = run("inflow")

    assert result.exit_code == 2
    assert "umlauf build --force" in result.stderr


def test_no_snapshot_says_what_to_do(run, marts_file):
    marts_file.unlink()

    assert "nothing is published" in run("inflow").stderr


def test_readers_are_not_in_each_others_way(run, marts_file):
    with subprocess.Popen(
        [sys.executable, "-c", READER, marts_file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout.readline() == "open\n"
        result = run("inflow", "--format", "csv")
        reader.communicate("close\n")

    assert result.exit_code == 0
    assert reader.returncode == 0


def test_the_command_line_starts_without_metricflow():
    code = "import sys, umlauf.cli, umlauf.metrics.cli; sys.exit('metricflow' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
