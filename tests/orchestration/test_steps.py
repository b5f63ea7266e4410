"""The steps' own small decisions; the rooms they call have tests of their own."""

import json
import logging
from datetime import date

import pytest
from tests.alert.mail_server import MailServer
from tests.report.tiny_marts import land_all, write_marts

from umlauf.errors import ConfigError, LeaseLost

pytestmark = pytest.mark.integration


@pytest.fixture
def steps():
    from umlauf.orchestration import steps

    return steps


def test_a_partition_names_a_day(steps):
    assert steps.partition_day("2026-11-22") == date(2026, 11, 22)
    assert steps.partition_day(None) is None


@pytest.mark.parametrize("key", ["22.11.2026", "../etc", "2026-13-01", "{{ ds }}"])
def test_a_partition_that_is_no_day_is_refused(steps, key):
    with pytest.raises(ConfigError, match="expected a day"):
        steps.partition_day(key)


def test_the_build_waits_until_no_landing_is_under_way(steps):
    counts = [2, 1, 0]

    steps.wait_for_landings(lambda: counts.pop(0), most_seconds=30)

    assert counts == []


def test_a_landing_that_hangs_does_not_hold_the_marts_up(steps):
    asked = []

    steps.wait_for_landings(lambda: asked.append(1) or 1, most_seconds=0)

    assert asked == [1]


def test_a_build_that_was_overtaken_skips(steps):
    from airflow.sdk.exceptions import AirflowSkipException

    with pytest.raises(AirflowSkipException, match="newer"), steps._one_build():
        raise LeaseLost("a newer run publishes")


def test_a_build_with_nothing_new_tells_who_is_late_over_airflow_s_own_connection(
    steps, settings, monkeypatch
):
    from airflow.sdk.exceptions import AirflowSkipException

    land_all(settings, date(2026, 3, 31))
    write_marts(settings.marts_file)
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    monkeypatch.setenv("UMLAUF_ALERTS__MAIL_TO", "ops@example.com")
    monkeypatch.setattr("umlauf.warehouse.build.build_new", lambda *_: None)

    with MailServer() as server:
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", server.connection)
        for _ in range(2):  # as `marts` and then `marts_deadline`
            with pytest.raises(AirflowSkipException):
                steps.build()

    ((_, mail),) = server.inbox.mails
    assert mail["Subject"].startswith("Umlauf: WRONG: bank is late")


def test_libraries_are_quiet_and_their_warnings_are_heard(steps):
    steps.quiet_loggers()

    for name in ("great_expectations.core", "paramiko.transport"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
        assert logging.getLogger(name).isEnabledFor(logging.WARNING)


def test_a_connection_reads_the_same_inside_and_outside_of_airflow(monkeypatch):
    from umlauf.orchestration.connections import airflow_connection
    from umlauf.transport.auth import load_connection

    about = {
        "conn_type": "http",
        "host": "http://127.0.0.1:8781/odoo",
        "password": "sandbox-key",
        "extra": {"database": "sandbox"},
    }
    monkeypatch.setenv("AIRFLOW_CONN_ODOO_DEFAULT", json.dumps(about))

    assert airflow_connection("odoo_default") == load_connection("odoo_default")


def test_a_connection_that_airflow_lacks_is_named(monkeypatch):
    from umlauf.orchestration.connections import airflow_connection

    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "sqlite://")
    with pytest.raises(ConfigError, match=r"'nowhere'.*AIRFLOW_CONN_NOWHERE"):
        airflow_connection("nowhere")
