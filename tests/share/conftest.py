"""Two suppliers' rows in one small snapshot, each with canaries that the other must never see."""

import json
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import duckdb
import pytest

from tests.report.tiny_marts import write_marts
from umlauf.share.deliver import deliver

MORNING = datetime(2026, 4, 1, 5, 30, tzinfo=UTC)  # half past seven in Berlin
# Text, number and day that stand in this supplier's rows alone.
CANARIES = {"kabel": ("KABEL-7Q", "7771.25", "2026-04-07"),
            "nord": ("NORD-8Z", "8882.50", "2026-04-08")}  # fmt: skip
IDS = {"kabel": "17", "nord": "18"}

_TABLES = """
create or replace table inventory.fct_purchase_line as from (values
    ('l1', 'KABEL-7Q-1', '17', 'p1', date '2026-04-07', null, 7771.25::decimal(18, 4)),
    ('l2', 'KABEL-7Q-2', '17', 'p1', date '2026-03-07', date '2026-03-08', -1.50),
    ('l3', 'NORD-8Z-1', '18', 'p2', date '2026-04-08', null, 8882.50),
    ('l4', 'OTHER', null, 'p3', date '2026-04-09', null, 1),
    ('l5', 'OTHER', '1', 'p3', date '2026-04-09', null, 1)
) as t(purchase_line_id, order_name, supplier_id, product_id, promised_date, completed_date,
    open_units);
comment on table inventory.fct_purchase_line is 'One row per product line.
Second line.';
comment on column inventory.fct_purchase_line.open_units is '=Base units still to come.';
create or replace table inventory.fct_demand_forecast as from (values
    ('p1', date '2026-04-07', 7771.25::decimal(18, 4)), ('p2', date '2026-04-08', 8882.50),
    ('p3', date '2026-04-09', 1)
) as t(product_id, week_from_date, p50_units);
alter table core.dim_product add column main_supplier_id varchar;
update core.dim_product set main_supplier_id = '17' where product_id = 'p1';
update core.dim_product set main_supplier_id = '18' where product_id = 'p2';
create or replace view inventory.fct_demand_daily as
    select week_from_date as day, product_id from inventory.fct_demand_forecast;
"""


def declared(partner, /, **changes):
    """Return a declaration of all that is open, and to come, of a partner."""
    supplier = {"supplier_id": IDS.get(partner, "404")}
    mine = {"in": "core.dim_product.product_id", "where": {"main_supplier_id": IDS.get(partner)}}
    return {
        "partner": f"{partner} GmbH",
        "until": "2026-12-31",
        "deliver_to": partner,
        "most_rows": 10,
        "most_mb": 1,
        "tables": [
            {
                "mart": "inventory.fct_purchase_line",
                "name": "open_orders",
                "columns": ["order_name", "product_id", "promised_date", "open_units"],
                "rows": {**supplier, "completed_date": None},
            },
            {
                "mart": "inventory.fct_demand_forecast",
                "columns": ["product_id", "week_from_date", "p50_units"],
                "rows": {"product_id": mine},
            },
        ],
    } | changes


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory):
    return write_marts(tmp_path_factory.mktemp("share") / "marts.duckdb", _TABLES)


@pytest.fixture
def house(settings, tmp_path, monkeypatch, snapshot):
    """A published snapshot, and two partners whose folders are `places`."""
    settings = settings.model_copy(update={"shares": tmp_path / "shares"})
    settings.shares.mkdir()
    monkeypatch.setenv("UMLAUF_HOME", str(settings.home))
    monkeypatch.setenv("UMLAUF_SHARES", str(settings.shares))
    settings.marts_file.parent.mkdir(parents=True)
    shutil.copy(snapshot, settings.marts_file)

    def declare(partner, /, **changes):
        file = settings.shares / f"{partner}.yml"
        file.write_text(json.dumps(declared(partner, **changes)))  # JSON is YAML
        places[partner] = tmp_path / "places" / partner
        places[partner].mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(f"AIRFLOW_CONN_{partner.upper()}", places[partner].as_uri())
        return file

    def change(sql):
        """Change what is published; as `build_id` it is another build."""
        with duckdb.connect(settings.marts_file) as marts:
            marts.execute(sql)

    def publish(build_id, sql="select 1"):
        """Publish another build, which the change `sql` tells apart."""
        change(f"update core.dim_date set build_id = '{build_id}'")
        change(f"insert into trust.build by name select '{build_id}' as build_id, "
               "date '2026-04-01' as as_of_date")  # fmt: skip
        change(sql)

    places = {}
    for partner in CANARIES:
        declare(partner)
    return SimpleNamespace(
        settings=settings, places=places, declare=declare, change=change, publish=publish,
        deliver=lambda partner, at=MORNING, **how: deliver(
            settings, partner, clock=lambda: at, **how
        ),
    )  # fmt: skip
