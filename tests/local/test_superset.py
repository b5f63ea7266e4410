"""What Superset is told of this machine, and what stands in the way of starting it."""

import os

import pytest
import yaml

from umlauf.dashboards.assets import DASHBOARDS
from umlauf.dashboards.prepare_server import of_this_company
from umlauf.errors import ConfigError
from umlauf.local.board import Board
from umlauf.local.credentials import load_credentials
from umlauf.local.ports import Ports
from umlauf.local.record import Process, Record, started_at, write_record
from umlauf.local.superset import export_dashboards, start_superset
from umlauf.local.superset_environment import (
    prepare_command,
    superset_command,
    superset_environment,
)


@pytest.fixture
def environment(settings):
    return superset_environment(settings, Ports(postgres=4711), load_credentials(settings.home))


def test_it_reads_the_marts_as_the_role_that_can_do_nothing_else(settings, environment):
    password = load_credentials(settings.home).reader_password

    assert environment["UMLAUF_MARTS_URL"] == (
        f"postgresql+psycopg2://bi_reader:{password}@127.0.0.1:4711/marts"
    )


def test_no_secret_stands_in_a_command_that_others_on_the_machine_can_read(environment):
    secret = [value for name, value in environment.items() if "PASSWORD" in name or "KEY" in name]
    words = [*prepare_command(), *superset_command(4712)]

    assert len(secret) == 2
    assert not any(one in word for one in secret for word in words)


def test_the_marts_address_and_currency_of_a_company_go_into_the_files(environment, monkeypatch):
    address = environment["UMLAUF_MARTS_URL"]
    monkeypatch.setenv("UMLAUF_MARTS_URL", address)
    monkeypatch.setenv("UMLAUF_REPORTING_CURRENCY", "CHF")
    files = sorted(DASHBOARDS.rglob("*.yaml"))

    texts = {file.stem: of_this_company(file.read_text()) for file in files}

    assert yaml.safe_load(texts["marts"])["sqlalchemy_uri"] == address
    assert sum(address in text for text in texts.values()) == 1
    assert "symbol: EUR" not in "".join(texts.values())
    symbols = {
        metric["currency"]["symbol"]
        for metric in yaml.safe_load(texts["fct_cash_daily"])["metrics"]
    }
    assert symbols == {"CHF"}


@pytest.mark.parametrize("act", [lambda where: start_superset(where, Board()), export_dashboards])
def test_without_a_platform_the_way_to_one_is_named(settings, act):
    with pytest.raises(ConfigError, match=r"no platform is up in .*; run `make up` first"):
        act(settings)


def test_without_a_running_superset_there_is_nothing_to_export(settings):
    pid = os.getppid()
    parts = {"superset": Process()}
    write_record(settings.home, Record(pid=pid, started=started_at(pid), components=parts))

    with pytest.raises(ConfigError, match="it is not running; `make superset` starts it"):
        export_dashboards(settings)
