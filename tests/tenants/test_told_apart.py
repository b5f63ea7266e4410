"""What leaves a tenant's home says whose it is, or does not leave it."""

import sys
from datetime import UTC, datetime

import pytest

from umlauf.alert.message import write_message
from umlauf.alert.news import News
from umlauf.errors import CheckFailed, ConfigError
from umlauf.events.naming import at_source, job, run_id
from umlauf.health.trouble import Trouble
from umlauf.landing.lease import hold_lease
from umlauf.settings import load_settings
from umlauf.sources.registry import find_source
from umlauf.warehouse.dbt import run_dbt
from umlauf.warehouse.engine import Engine
from umlauf.warehouse.spark import spark_engine

NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)


@pytest.fixture
def both(tenants):
    return [load_settings(tenant=tenant) for tenant in ("acme", "globex")]


def test_the_same_trouble_of_two_is_told_twice(both):
    # Mail servers drop a second message of one id.
    trouble = Trouble(
        key="marts", what="marts: late", marts="all", to_do="wait", entry="late", since=NOW
    )
    news = News(begun=(trouble,), over=())

    told = [write_message(news, "mail", 0, NOW, settings) for settings in both]

    assert told[0].id != told[1].id
    assert [one.subject.split(":")[0] for one in told] == ["Umlauf acme", "Umlauf globex"]
    assert [one.data["tenant"] for one in told] == ["acme", "globex"]


def test_lineage_of_two_in_one_catalogue_is_two(both):
    source = find_source("odoo")

    for named in (
        lambda one: job(one, "publish").namespace,
        lambda one: run_id(one, "publish", "the same build"),
        lambda one: at_source(one, source, "products").namespace,
    ):
        assert len({named(settings) for settings in both}) == 2


def test_dbt_is_given_no_connection_but_its_landing_s(both, tmp_path, monkeypatch):
    for tenant in ("acme", "globex"):
        monkeypatch.setenv(f"AIRFLOW_CONN_{tenant.upper()}__LANDING_S3", f"key-of-{tenant}")
        monkeypatch.setenv(f"AIRFLOW_CONN_{tenant.upper()}__ODOO_DEFAULT", f"key-of-{tenant}")
    told = tmp_path / "told"
    dbt = tmp_path / "dbt"
    dbt.write_text(
        f"#!{sys.executable}\nimport os\nopen({str(told)!r}, 'w').write('\\n'.join(os.environ))"
    )
    dbt.chmod(0o755)
    engine = Engine(target="duckdb", dbt=dbt, versions=(), clear=lambda _: None)
    night = {"known_on": "2026-11-18", "as_of": "2026-11-17"}

    acme, _ = both
    with (
        hold_lease(acme.leases, "warehouse", 0) as lease,
        pytest.raises(CheckFailed, match="without results"),
    ):
        run_dbt(acme, night, engine, lease=lease)

    given = told.read_text().splitlines()
    assert [name for name in given if name.startswith("AIRFLOW_CONN_")] == [
        "AIRFLOW_CONN_ACME__LANDING_S3"
    ]
    assert "UMLAUF_LANDING_CONNECTION" in given


def test_a_spark_cluster_is_refused(tenants):
    (tenants / "acme.toml").write_text('[spark]\nconnection = "thrift"')

    with pytest.raises(ConfigError, match="acme is one of several companies"):
        spark_engine(load_settings(tenant="acme"))
