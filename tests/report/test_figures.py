from datetime import date
from decimal import Decimal

import pytest

from tests.report.tiny_marts import write_marts
from umlauf.errors import ConfigError
from umlauf.report.figures import read_figures
from umlauf.report.totals import headline

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    return read_figures(write_marts(tmp_path_factory.mktemp("marts") / "marts.duckdb"))


def values(rows, *columns):
    return [tuple(row[column] for column in columns) for row in rows]


def test_stages_come_in_their_own_order_with_open_and_weighted_amount(figures):
    found = values(figures["pipeline_by_stage"], "stage", "deals", "amount", "weighted")

    assert found == [("Qualified", 2, 350, 175), ("Offer", 1, 1000, 500)]


def test_every_movement_of_the_day_is_named_once_and_adds_up_to_the_change(figures):
    moved = [row for row in figures["pipeline_movements"] if row["deals_1"]]

    assert set(values(moved, "movement", "change_1", "biggest_1")) == {
        ("won", -400, "Harbour"),
        ("lost", -800, "School"),
        ("opened", 1000, "Museum"),
        ("raised", 50, "Town hall"),
        ("pushed out", 0, "Library"),
    }
    assert sum(row["change_1"] for row in moved) == 1350 - 1500


def test_movements_of_30_days_add_up_to_what_was_open_then_and_now(figures):
    assert sum(row["change_30"] for row in figures["pipeline_movements"]) == 1350


def test_a_day_without_open_deals_is_zero_and_not_left_out(figures):
    days = figures["pipeline_by_day"]

    assert len(days) == 90
    assert days[0] == {"day": date(2026, 1, 1), "amount": 0, "weighted": 0}


def test_an_account_shows_its_balance_and_what_moved_in_30_days_but_not_before(figures):
    columns = ("account_id", "closing", "inflow_30", "outflow_30", "gaps")

    assert values(figures["cash_by_account"], *columns) == [
        ("DE1", Decimal("1050.25"), Decimal("60.25"), 10, 0),
        ("DE2", 40, 0, 30, 1),
    ]


def test_entries_of_the_day_are_counted_by_category_parts_and_not_batches(figures):
    found = values(figures["cash_movements"], "category", "entries", "amount", "biggest")

    assert found == [
        ("customer_payment", 1, Decimal("50.25"), "INV/8"),
        ("rent", 1, -30, None),
    ]


def test_a_kind_of_stock_movement_names_the_document_that_moved_most(figures):
    found = values(figures["stock_movements"], "movement", "lines", "amount", "biggest")

    assert found == [("delivery", 1, -100, "delivery/10.0"), ("receipt", 1, 6, "receipt/3.0")]


def test_what_must_be_ordered_within_seven_days_comes_most_urgent_first(figures):
    found = values(figures["orders_due"], "product_code", "order_by_date", "supplier_name")

    assert found == [
        ("CMP-3", date(2026, 3, 31), None),
        ("CMP-1", date(2026, 3, 31), "Acme"),
        ("CMP-2", date(2026, 4, 7), "Acme"),
    ]


def test_what_cannot_be_promised_says_how_likely_it_is_and_what_closes_the_gap(figures):
    found = values(figures["promise_gaps"], "product_code", "probability", "order_units")

    assert found == [("CMP-3", 0, 3), ("CMP-1", Decimal("0.4321"), 12)]
    assert figures["promise"] == [{"promises": 3, "kept": 1, "amount": 120}]


def test_a_late_payer_owes_what_is_overdue_today_less_its_credits(figures):
    found = values(figures["late_payers"], "customer", "amount", "days_overdue", "oldest")

    assert found == [("Town", 25, 4, "INV/3")]
    assert values(figures["late_payers"], "items", "usual_days_late") == [(2, 2)]


def test_open_deals_that_wait_or_slipped_a_month_come_largest_first(figures):
    found = values(figures["deals_at_risk"], "deal_name", "is_stale", "slipped_days", "owner_name")

    assert found == [("Library", False, 31, "Kim"), ("Town hall", True, 0, "Kim")]


def test_a_week_of_cash_adds_its_tiers_and_has_one_balance(figures):
    assert values(figures["cash_ahead"], "day", "inflow", "outflow", "p10", "p50") == [
        (date(2026, 4, 7), 50, 25, 1100, 1110),
        (date(2026, 4, 14), 0, 905, 195, 205),
    ]
    assert sum(row["amount"] for row in figures["cash_ahead_by_tier"]) == 50 - 25 - 905


def test_a_source_is_as_fresh_as_its_stream_that_reaches_least_far(figures):
    row = figures["freshness"][0]

    assert (row["covered_until"].day, row["streams"], row["streams_behind"]) == (30, 2, 1)


def test_checks_are_those_of_the_published_build_alone(figures):
    assert values(figures["checks"], "tool", "checks", "failed") == [
        ("contract", 1, 0),
        ("dbt", 1, 0),
        ("gx", 2, 1),
    ]
    assert values(figures["warnings"], "check_name") == [("in_range(amount)",)]


def test_the_ledger_is_added_up_over_all_streams(figures):
    assert figures["ledger"] == [
        {"landed": 30, "staged": 25, "superseded": 3, "deleted": 1, "quarantined": 1}
        | {"unbalanced": 1}
    ]


def test_figures_are_compared_where_the_source_gives_one_and_every_reason_is_named(figures):
    assert figures["parity"] == [
        {"compared": 2, "differing": 1, "reasons": "in quarantine, no report"}
    ]


def test_the_headline_is_the_sum_of_what_stands_below_it(figures):
    assert headline(figures) == {
        "deals": 3,
        "open": 1350,
        "open_change": -150,
        "weighted": 675,
        "weighted_change": -75,
        "cash": Decimal("1090.25"),
        "cash_change": Decimal("20.25"),
        "inflow": Decimal("60.25"),
        "outflow": 40,
        "orders_due": 130,
        "stock": 400,
        "stock_change": 0,
        "receivables": 325,
        "overdue": 25,
        "payables_due": 11,
    }


def test_a_snapshot_that_does_not_say_which_build_it_is_is_refused(tmp_path):
    file = write_marts(tmp_path / "marts.duckdb", "delete from trust.build")

    with pytest.raises(ConfigError, match="names 0 builds, expected 1"):
        read_figures(file)
