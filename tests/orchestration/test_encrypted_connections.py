"""Connections as Airflow's database keeps them: encrypted with a key that may be lost or replaced.

The table, the encryption and the way a task asks are Airflow's own; only the database is small.
"""

import pytest

from umlauf.errors import ConfigError

pytestmark = pytest.mark.integration

SECRET = "pat-eu1-5f0c"
KEY = "AIRFLOW__CORE__FERNET_KEY"


@pytest.fixture
def use_key(monkeypatch):
    """Return a function that gives Airflow another Fernet key, as a restart with it does."""
    from airflow.models.crypto import get_fernet

    def use(key):
        monkeypatch.setenv(KEY, key)
        get_fernet.cache_clear()

    yield use
    monkeypatch.undo()
    get_fernet.cache_clear()


@pytest.fixture
def old(use_key, monkeypatch):
    """Keep two connections in Airflow's database; return the key they were encrypted with."""
    from airflow import settings as airflow_settings
    from airflow.models.connection import Connection
    from cryptography.fernet import Fernet
    from sqlalchemy import create_engine
    from sqlalchemy.orm import scoped_session, sessionmaker
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", poolclass=StaticPool)
    monkeypatch.setattr(airflow_settings, "Session", scoped_session(sessionmaker(bind=engine)))
    # Airflow's servers look into the database, on behalf of a task.
    monkeypatch.setenv("_AIRFLOW_PROCESS_CONTEXT", "server")
    for name in ("HUBSPOT_DEFAULT", "ODOO_DEFAULT"):
        monkeypatch.delenv(f"AIRFLOW_CONN_{name}", raising=False)
    Connection.__table__.create(engine)
    key = Fernet.generate_key().decode()
    use_key(key)
    with airflow_settings.Session() as session:
        extra = '{"refresh_token": "' + SECRET + '"}'
        session.add(Connection("hubspot_default", "hubspot", password=SECRET, extra=extra))
        session.add(Connection("odoo_default", "odoo", host="erp.example.com", password=SECRET))
        session.commit()
        stored = session.connection().exec_driver_sql("select password from connection").fetchall()
    assert all(SECRET not in password for (password,) in stored)
    return key


def another():
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def test_with_the_key_it_was_encrypted_with_a_connection_is_read(old):
    from umlauf.orchestration.connections import airflow_connection

    assert airflow_connection("hubspot_default").password == SECRET


def test_while_keys_are_rotated_the_old_one_still_reads(old, use_key):
    from umlauf.orchestration.connections import airflow_connection

    use_key(f"{another()},{old}")

    assert airflow_connection("hubspot_default").password == SECRET


@pytest.mark.parametrize("lost", ["replaced", "", "no Fernet key at all"])
@pytest.mark.parametrize("source", ["hubspot", "odoo"])
def test_a_lost_key_ends_a_landing_before_it_asks_anything(
    old, use_key, monkeypatch, settings, source, lost
):
    from umlauf.orchestration.failures import failure_line
    from umlauf.orchestration.steps import land

    use_key(another() if lost == "replaced" else lost)
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    monkeypatch.setattr("requests.Session.send", lambda *_, **__: pytest.fail("it was asked"))

    with pytest.raises(ConfigError) as caught:
        land(source, "2026-11-22")

    told = failure_line(f"land_{source}.land", "2026-11-22", caught.value)
    assert f"connection '{source}_default'" in told
    assert KEY in told
    assert "TO DO: correct the setting or connection it names" in told
    for value in (SECRET, old, lost):
        assert not value or value not in told
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__  # no traceback quotes a value either
    assert not settings.landing_root.exists()


@pytest.mark.parametrize("source", ["hubspot", "odoo"])
def test_a_connection_without_its_secret_ends_a_landing_before_it_asks_anything(
    old, monkeypatch, settings, source
):
    from umlauf.orchestration.steps import land

    monkeypatch.setenv(f"AIRFLOW_CONN_{source.upper()}_DEFAULT", f"{source}://erp.example.com")
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    monkeypatch.setattr("requests.Session.send", lambda *_, **__: pytest.fail("it was asked"))

    with pytest.raises(ConfigError, match=f"connection '{source}_default': expected"):
        land(source, "2026-11-22")

    assert not list(settings.landing_root.rglob("*.parquet"))
