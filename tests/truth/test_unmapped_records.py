"""Records that nobody mapped: a night with them goes through, and every total stays what it was."""

import json
import shutil
from datetime import UTC, datetime
from functools import partial

import duckdb
import pytest

from tests.truth.changed_records import changed
from umlauf.nightly import Night, finish_night
from umlauf.settings import load_settings

pytestmark = pytest.mark.integration

UNKNOWN = [999_999, "nobody knows"]
TOTALS = {
    "open deals": "select count(*), sum(amount) from pipeline.fct_deal where is_open",
    "cash": "select sum(closing) from cash_flow.fct_cash_daily",
    "receivables": "select count(*), sum(open_amount_company) from cash_flow.fct_receivable_span",
    "revenue": "select sum(revenue_365_days_reporting) from cash_flow.fct_cash_productivity",
    "revenue of 90 days": "select sum(revenue_90_days_reporting) "
    "from cash_flow.fct_working_capital",
    "units in stock": "select sum(on_hand_units), sum(value_amount) from inventory.fct_stock_span",
    "purchases": "select count(*), sum(amount) from inventory.fct_purchase_line",
    "statement": "select sum(amount_reporting) from cash_flow.fct_cash_flow_statement "
    "where activity = 'balance' and month_start_date < date '2026-10-01'",
}  # fmt: skip
BUCKETS = {
    "stage": "select count(*) from pipeline.fct_deal where stage_id = 'unmapped'",
    "bank category": "select count(*) from cash_flow.fct_bank_entry where category = 'unmapped'",
    "bank category's line": "select count(*) from cash_flow.fct_cash_flow_statement "
    "where activity = 'unmapped'",
    "product category": "select count(*) from core.dim_product where product_family = 'unmapped'",
    "unit": "select count(*) from core.dim_product where base_unit = 'unmapped'",
    "currency": "select count(*) from cash_flow.fct_receivable_span where currency_code = 'XXX'",
    "rate's age": "select max(rate_age_days) from core.fct_fx_rate_daily "
    "where day = date '2026-11-20' and currency_code <> 'EUR' and rate_age_days > 25",
}  # fmt: skip
# Warnings of this night: a bucket without one would fill unseen.
CHECKS = {
    "every_deal_stage_is_known",
    "every_income_line_has_a_landed_account",
    "every_open_item_has_a_known_currency",
    "every_product_belongs_to_a_family",
    "every_unit_of_measure_is_known",
}


def move_a_deal_to_a_new_stage(settings, moved_at):
    """Let a deal enter a stage that nobody knows at `moved_at` (aware UTC)."""
    edit = partial(deal_in_a_new_stage, at=moved_at)
    changed(settings, "hubspot", "deals", edit, modified_at=moved_at)


def deal_in_a_new_stage(deal, at):
    properties = deal["properties"]
    if properties["hs_is_closed"] == "true" or not properties["amount"]:
        return None
    histories = deal["propertiesWithHistory"]
    entered = {"value": "a stage of tomorrow", "timestamp": at.isoformat()}
    return deal | {
        "properties": properties | {"dealstage": entered["value"]},
        "propertiesWithHistory": histories | {"dealstage": [entered, *histories["dealstage"]]},
    }


def entry_no_rule_fits(entry):
    if entry["part"] or entry["parts"] or entry["booking_date"] < "2026-01-01":
        return None
    told = ("remittance", "counterparty_name", "end_to_end_id", "structured_reference")
    return entry | dict.fromkeys(told) | {"bank_code": "ZZZZ/ZZZZ/ZZZZ"}


def with_unknown(*names, record):
    return record | dict.fromkeys(names, UNKNOWN)


def invoice_line(record, kind, **edits):
    is_invoice = str(record["move_name"]).startswith("INV/")
    is_kind = is_invoice and record["parent_state"] == "posted" and record["display_type"] == kind
    return record | edits if is_kind else None


def rate_of_the_last_month(rate):
    """No company of the group keeps its books in dollars: their sums would be other ones."""
    is_late = rate["name"] > "2026-10-24" and rate["currency_id"][1] == "USD"
    return "deleted" if is_late else None


def spoil(settings):
    odoo = partial(changed, settings, "odoo")
    # The CRM's own count was read before, and would have to be told of the deal.
    shutil.rmtree(settings.landing_root / "hubspot" / "deals_by_stage")
    move_a_deal_to_a_new_stage(settings, datetime(2026, 11, 20, 12, tzinfo=UTC))
    changed(settings, "bank", "entries", entry_no_rule_fits)
    odoo("res_currency_rate", rate_of_the_last_month, wanted=1_000)
    odoo("product_template", lambda row: with_unknown("uom_id", "categ_id", record=row), wanted=99)
    odoo("stock_move_line", lambda row: with_unknown("product_uom_id", record=row), wanted=9)
    odoo("purchase_order_line", lambda row: with_unknown("product_uom_id", record=row))
    odoo("account_move_line", partial(invoice_line, kind="payment_term", currency_id=UNKNOWN), 2)
    odoo("account_move_line", partial(invoice_line, kind="product", account_id=UNKNOWN))
    odoo("account_move_line", partial(invoice_line, kind="tax", tax_line_id=UNKNOWN, tax_ids=[9]))


def totals(marts, queries):
    return {name: marts.execute(query).fetchone() for name, query in queries.items()}


@pytest.fixture(scope="module")
def night(company, tmp_path_factory):
    """A night over the same landing, with records in it that nobody mapped; built and published."""
    settings = load_settings(home=tmp_path_factory.mktemp("unmapped") / "var")
    shutil.copytree(company.truth.parents[1] / "landing", settings.landing_root)
    spoil(settings)
    finish_night(Night(), settings)
    return settings


@pytest.fixture
def marts(night):
    with duckdb.connect(night.marts_file, read_only=True) as published:
        yield published


def test_every_total_is_what_it_is_without_them(company, marts):
    expected = totals(company.warehouse, TOTALS)

    assert all(None not in figures for figures in expected.values())
    assert totals(marts, TOTALS) == expected


def test_every_record_is_in_a_bucket_that_says_so(marts):
    assert [name for name, (found,) in totals(marts, BUCKETS).items() if not found] == []


def test_every_bucket_is_named_by_a_warning(night):
    build = json.loads((night.warehouse / "build.json").read_text())

    warned = {result["name"] for result in build["results"] if result["status"] == "warn"}

    assert warned >= CHECKS
