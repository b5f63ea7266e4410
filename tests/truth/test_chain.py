"""One change of one deal, and one of one supplier, followed from the CRM to the bank account."""

import json
import shutil
from datetime import date, datetime, timedelta

import duckdb
import pytest

from umlauf.chaos.replay import read_replay
from umlauf.landing.batch import BatchAbout, batch_files, commit_batch
from umlauf.landing.columns import record_table
from umlauf.landing.ledger import read_landed
from umlauf.settings import load_settings
from umlauf.sources.registry import all_sources

pytestmark = pytest.mark.integration

# The open deal that asks most of a product, as a share of its demand, well before its order.
DEAL = """
with demand as (
    select product_id, sum(daily_units) as daily_units
    from inventory.fct_replenishment
    group by product_id
)

select outlook.deal_id, plans.product_id
from intermediate.int_deal_outlook as outlook
inner join intermediate.int_deal_units as units using (deal_id)
inner join inventory.fct_replenishment as plans using (product_id)
inner join demand using (product_id)
where outlook.is_current and outlook.fifth = 1
    and plans.order_by_date > outlook.close_date + 14 and plans.daily_units > 0
order by units.deal_units * outlook.win_ratio / demand.daily_units desc, outlook.deal_id
limit 1
"""
# The supplier with a product whose order is still ahead, measured on enough receipts to be moved.
SUPPLIER = """
select plans.supplier_id, plans.product_id
from inventory.fct_replenishment as plans
inner join intermediate.int_lead_times as times using (product_id)
where times.is_current and times.lead_time_basis <> 'promised'
    and plans.order_by_date > times.forecast_date + 14 and plans.daily_units > 0
order by plans.daily_units desc, plans.product_id
limit 1
"""
ORDERS = """
select distinct purchase_order_id from inventory.fct_purchase_line
where supplier_id = $supplier
"""
LEGS = {
    "the deal's dates": """
        select fifth, close_date from intermediate.int_deal_outlook
        where is_current and deal_id = $deal order by fifth
    """,
    "demand of its product": """
        select warehouse_id, week_number, deal_units from inventory.fct_demand_forecast
        where product_id = $product order by all
    """,
    "when to order it": """
        select warehouse_id, order_by_date from inventory.fct_replenishment
        where product_id = $product order by all
    """,
    "when it is paid": """
        select order_date, receipt_date, amount_reporting from intermediate.int_planned_orders
        where is_current and product_id = $product order by all
    """,
    "13 weeks of cash": """
        select * from cash_flow.fct_cash_forecast order by all
    """,
}


@pytest.fixture
def home(company, tmp_path):
    """A copy of the company's landing, to land changes in."""
    shutil.copytree(company.home / "landing", tmp_path / "var" / "landing")
    return load_settings(home=tmp_path / "var")


@pytest.fixture(scope="module")
def replay(company):
    """The company's models as dbt compiled them, proven to say again what dbt has built."""
    settings = load_settings(home=company.home)
    replay = read_replay(settings)
    assert replay.marts(settings) == replay.hashes(company.warehouse)
    return replay


def ask(warehouse, query, **parameters):
    return warehouse.execute(query, parameters or None).fetchall()


def follow(warehouse, deal, product):
    wanted = {"deal": deal, "product": product}
    return {
        leg: ask(warehouse, query, **{key: wanted[key] for key in wanted if f"${key}" in query})
        for leg, query in LEGS.items()
    }


def change(settings, source, stream, key, edit):
    """Land a new version of the newest record called `key`, a minute after all that has landed."""
    files = [str(file) for file in batch_files(settings.landing_root, source, stream)]
    (payload,) = duckdb.execute(
        "select payload from read_parquet($files) where record_key = $key "
        "order by fetched_at desc, record_version desc limit 1",
        {"files": files, "key": key},
    ).fetchone()
    record = json.loads(payload)
    edit(record)
    landed = read_landed(settings.landing_root, all_sources())
    at = landed.known_on + timedelta(minutes=1)
    about = BatchAbout(
        source=source, stream=stream, day=landed.as_of(settings), fetched_at=at, rows_fetched=1
    )
    rows = record_table([key], [at], [json.dumps(record)], at)
    commit_batch(settings.landing_root, about, rows)


def test_a_deal_that_moves_moves_its_dates_demand_order_payment_and_cash(company, home, replay):
    ((deal, product),) = ask(company.warehouse, DEAL)
    before = follow(company.warehouse, deal, product)
    ((as_of, expected),) = ask(
        company.warehouse,
        "select forecast_date, expected_close_date from intermediate.int_deal_outlook "
        "where is_current and fifth = 1 and deal_id = $deal",
        deal=deal,
    )

    def push(record):
        later = f"{max(expected, as_of) + timedelta(days=70)}T16:00:00.000Z"
        record["properties"]["closedate"] = later
        said = {"value": later, "timestamp": f"{as_of}T12:00:00.000Z", "sourceType": "CRM_UI"}
        record["propertiesWithHistory"]["closedate"].insert(0, said)

    change(home, "hubspot", "deals", deal, push)
    with replay.built(home) as warehouse:
        after = follow(warehouse, deal, product)

    assert [leg for leg in LEGS if before[leg] == after[leg]] == []
    dates = [moved - stood for (_, stood), (_, moved) in zip(*dates_of(before, after), strict=True)]
    assert all(moved >= timedelta(0) for moved in dates)
    ordered = orders(after)
    assert all(ordered[place] >= day for place, day in orders(before).items())


def test_a_supplier_that_gets_slower_moves_its_order_and_the_cash(company, home, replay):
    ((supplier, product),) = ask(company.warehouse, SUPPLIER)
    before = follow(company.warehouse, "", product)

    def approve_earlier(record):
        if record["date_approve"]:
            approved = datetime.fromisoformat(record["date_approve"]) - timedelta(days=30)
            record["date_approve"] = f"{approved:%Y-%m-%d %H:%M:%S}"

    for (order,) in ask(company.warehouse, ORDERS, supplier=supplier):
        change(home, "odoo", "purchase_order", order, approve_earlier)
    with replay.built(home) as warehouse:
        after = follow(warehouse, "", product)

    moved = ("when to order it", "when it is paid", "13 weeks of cash")
    assert [leg for leg in moved if before[leg] == after[leg]] == []
    ordered = orders(after)
    assert all(ordered[place] <= day for place, day in orders(before).items())
    assert before["demand of its product"] == after["demand of its product"]


def dates_of(*told):
    return [each["the deal's dates"] for each in told]


def orders(told):
    """Return the day to order by, per warehouse; what needs no order in 13 weeks comes last."""
    return {place: day or date.max for place, day in told["when to order it"]}
