"""`umlauf land`, as a person types it."""

import json
import os
import subprocess
import sys

import duckdb
import pytest
from click.testing import CliRunner

from tests.sources.hubspot.tiny_hubspot import TinyHubspot
from umlauf.chaos.cli import PLAN_NAMES
from umlauf.chaos.tasks import PLANS
from umlauf.cli import umlauf

DEALS = {"1": "2026-11-20T08:00:00.000Z", "2": "2020-01-01T00:00:00.000Z"}


def test_a_full_landing_reads_again_what_a_plain_one_leaves_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("UMLAUF_HOME", str(tmp_path / "var"))
    rows = []

    with TinyHubspot(deals=DEALS).serve() as server:
        fast = {"searches_per_second": 1e9}
        about = {"conn_type": "http", "host": server.url, "password": "key", "extra": fast}
        monkeypatch.setenv("AIRFLOW_CONN_HUBSPOT_DEFAULT", json.dumps(about))
        for words in ([], [], ["--full"]):
            done = CliRunner().invoke(umlauf, ["land", "hubspot", "deals", "--json", *words])
            assert done.exit_code == 0, done.output
            rows.append(json.loads(done.stdout)["streams"][0]["rows"])

    assert rows == [2, 0, 2]


def test_a_source_of_files_cannot_be_read_in_full(monkeypatch, tmp_path):
    monkeypatch.setenv("UMLAUF_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("AIRFLOW_CONN_BANK_DEFAULT", "file:///nowhere")

    done = CliRunner().invoke(umlauf, ["land", "bank", "--full"])

    assert done.exit_code == 2
    assert "bank: keeps all files it ever received" in done.output


def test_a_disk_that_refuses_is_one_line_that_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("UMLAUF_HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW_CONN_BANK_DEFAULT", f"file://{tmp_path}")
    (tmp_path / "landing").mkdir()
    (tmp_path / "landing" / "bank").write_text("where a folder should be")

    done = CliRunner().invoke(umlauf, ["land", "bank"])

    assert done.exit_code == 1
    assert done.stderr.startswith(f"umlauf: {tmp_path}/landing/bank")
    assert "run again" in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_imports_nothing_that_takes_seconds():
    asked = (
        "import sys; from umlauf.cli import umlauf; umlauf(['--help'], standalone_mode=False); "
        "heavy = {'great_expectations', 'pandas', 'airflow', 'dbt', 'metricflow', 'altair'}; "
        "sys.exit(str(heavy & set(sys.modules) or ''))"
    )

    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )

    assert done.stderr.strip() == ""
    assert "chaos" in done.stdout


def test_the_plans_that_chaos_offers_are_those_there_are():
    assert set(PLAN_NAMES) == set(PLANS)


@pytest.mark.integration
def test_a_reader_that_has_read_enough_is_no_error(settings):
    settings.marts_file.parent.mkdir(parents=True)
    with duckdb.connect(settings.marts_file) as marts:
        marts.execute("create table t as select repeat('x', 100) as x from range(100000)")
    command = [sys.executable, "-m", "umlauf.cli", "query", "from t", "--format", "csv"]
    there = os.environ | {"UMLAUF_HOME": str(settings.home)}

    with subprocess.Popen(
        command, env=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as asked:
        first = asked.stdout.readline()
        asked.stdout.close()
        said = asked.stderr.read()

    assert (asked.returncode, first, said) == (0, "x\n", "")
