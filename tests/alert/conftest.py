"""A good morning, a mail server, a webhook, and settings that name both."""

from datetime import UTC, date, datetime

import pytest

from tests.alert.mail_server import MailServer
from tests.report.tiny_marts import land_all, write_marts
from tests.transport.misbehaving_server import MisbehavingServer, Reply
from umlauf.nested_settings import AlertSettings

DAY = date(2026, 3, 31)
MORNING = datetime(2026, 4, 1, 5, 30, tzinfo=UTC)  # half past seven in Berlin


@pytest.fixture
def mail_server(monkeypatch):
    with MailServer() as server:
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", server.connection)
        yield server


@pytest.fixture
def webhook(monkeypatch):
    with MisbehavingServer(Reply(body=b"ok")) as server:
        monkeypatch.setenv("AIRFLOW_CONN_ALERTS", f"{server.url}/services/secret")
        yield server


@pytest.fixture
def well(settings):
    """Return settings of a morning on which all is well and both ways are set."""
    alerts = AlertSettings(mail_to="ops@example.com, cfo@example.com", webhook_connection="alerts")
    settings = settings.model_copy(update={"alerts": alerts})
    land_all(settings, DAY)
    write_marts(settings.marts_file, "delete from trust.quality_result")
    return settings
