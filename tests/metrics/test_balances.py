"""A balance is that of the last day: never a sum over days, and no account is lost."""

import json
from datetime import date
from decimal import Decimal

import pytest

from umlauf.metrics.definitions import Definitions

pytestmark = pytest.mark.integration

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def cash(snapshot):
    """DE2 says nothing after 10 March; in dollars the same account goes on."""
    snapshot.execute("""
        create table cash_flow.fct_cash_daily as
        select day, account_id, currency_code, cast(closing as decimal(18, 2)) as closing_reporting
        from (values
            (date '2026-02-27', 'DE1', 'EUR', 100.01), (date '2026-02-28', 'DE1', 'EUR', 110.01),
            (date '2026-02-28', 'DE2', 'EUR', 40), (date '2026-03-10', 'DE2', 'EUR', 50.50),
            (date '2026-03-31', 'DE1', 'EUR', 120.02), (date '2026-03-31', 'DE2', 'USD', 7)
        ) as t(day, account_id, currency_code, closing)
    """)


@pytest.fixture
def pipeline(snapshot):
    """d2 was closed on 15 March; d3 came to stay."""
    snapshot.execute("""
        create table pipeline.fct_pipeline_daily as
        select day, deal_id, stage_id, cast(a as decimal(18, 2)) as weighted_amount_reporting
        from (values
            (date '2026-02-28', 'd1', 's1', 10), (date '2026-02-28', 'd2', 's2', 200),
            (date '2026-03-14', 'd1', 's1', 10), (date '2026-03-14', 'd2', 's2', 200),
            (date '2026-03-31', 'd1', 's2', 11), (date '2026-03-31', 'd3', 's1', 0.5)
        ) as t(day, deal_id, stage_id, a)
    """)


def without(manifest, key):
    """Return the definitions with one key of every semi-additive measure taken away."""
    stated = json.loads(manifest)
    for model in stated["semantic_models"]:
        for measure in model["measures"]:
            if key == "non_additive_dimension":
                measure[key] = None
            elif measure["non_additive_dimension"]:
                measure["non_additive_dimension"][key] = []
    return Definitions(json.dumps(stated))


def test_a_month_has_the_balance_of_each_accounts_last_day(cash, ask):
    assert ask("cash_balance", grain="month") == [
        (FEBRUARY, Decimal("150.01")),
        (MARCH, Decimal("177.52")),
    ]


def test_without_a_period_the_last_day_of_all_speaks(cash, ask):
    assert ask("cash_balance") == [(Decimal("177.52"),)]
    assert ask("cash_balance", last=date(2026, 2, 28)) == [(Decimal("150.01"),)]
    assert ask("cash_balance", by=("currency_code",)) == [
        ("EUR", Decimal("170.52")),
        ("USD", Decimal("7.00")),
    ]


def test_without_window_groupings_an_account_would_be_lost(cash, ask, manifest):
    worse = without(manifest, "window_groupings")

    assert ask("cash_balance", grain="month", definitions=worse)[1] == (MARCH, Decimal("127.02"))


def test_without_a_non_additive_dimension_days_would_be_added_up(cash, ask, manifest):
    worse = without(manifest, "non_additive_dimension")

    assert ask("cash_balance", grain="month", definitions=worse)[0] == (FEBRUARY, Decimal("250.02"))


def test_a_deal_closed_within_a_month_is_not_in_its_pipeline(pipeline, ask):
    assert ask("weighted_pipeline", "open_deals", grain="month") == [
        (FEBRUARY, Decimal("210.00"), 2),
        (MARCH, Decimal("11.50"), 2),
    ]


def test_stock_that_did_not_move_is_still_there(snapshot, ask):
    snapshot.execute("""
        create table inventory.fct_stock_daily as
        select day, product_id, warehouse_id, cast(v as decimal(18, 2)) as value_reporting
        from (values
            (date '2026-03-01', 'p1', 'w1', 10), (date '2026-03-02', 'p1', 'w2', 20),
            (date '2026-03-03', 'p2', 'w1', 5.05), (date '2026-03-31', 'p1', 'w1', 9)
        ) as t(day, product_id, warehouse_id, v)
    """)

    assert ask("stock_value", grain="month") == [(MARCH, Decimal("34.05"))]


def test_what_was_paid_within_a_month_is_not_receivable_at_its_end(snapshot, ask):
    snapshot.execute("""
        create table cash_flow.fct_receivable_daily as
        select
            day, partner_id, late as days_overdue,
            cast(a as decimal(18, 2)) as open_amount_reporting
        from (values
            (date '2026-03-30', 'c1', 3, 700), (date '2026-03-31', 'c1', -5, 20.02),
            (date '2026-03-31', 'c2', 0, 1), (date '2026-03-31', 'c2', 1, 3)
        ) as t(day, partner_id, late, a)
    """)

    assert ask("receivables", "overdue_receivables", grain="quarter") == [
        (date(2026, 1, 1), Decimal("24.02"), Decimal("3.00"))
    ]
