"""Statements whose balances do not meet."""

import json
from datetime import UTC, date, datetime

import pytest

from umlauf.health.chain import chain_breaks
from umlauf.landing.batch import BatchAbout, commit_batch
from umlauf.landing.columns import record_table

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


def said(day, opening, closing, number=None, **more):
    return {
        "account": "DE1", "account_currency": "EUR", "kind": "053", "page": None,
        "opening_date": f"2026-11-{day:02}", "closing_date": f"2026-11-{day:02}",
        "opening_balance": opening, "closing_balance": closing,
        "sequence": number, "legal_sequence": None, "quarantine_reason": None,
    } | more  # fmt: skip


@pytest.fixture
def breaks(tmp_path):
    def of(*statements):
        keys = [str(number) for number in range(len(statements))]
        payloads = [json.dumps(statement) for statement in statements]
        rows = record_table(keys, [NOW] * len(keys), payloads, NOW)
        about = BatchAbout(
            source="bank", stream="statements", day=date(2026, 11, 22), fetched_at=NOW
        )
        commit_batch(tmp_path, about, rows)
        return chain_breaks(tmp_path, ["bank"])

    return of


def test_a_chain_that_holds_is_not_spoken_of_in_whichever_order_it_came(breaks):
    assert breaks(said(3, "9.00", "4"), said(1, "1", "6"), said(2, "6.00", "9.00")) == []


def test_a_missing_statement_is_told_with_both_neighbours(breaks):
    assert breaks(said(1, "1", "1006.5", 17), said(3, "9", "4", 19)) == [
        "bank account DE1 EUR: statement 17 closes on 2026-11-01 at 1,006.50, the next, 19, opens "
        "on 2026-11-03 at 9.00: a statement between them never came, or was corrected"
    ]


def test_a_statement_that_came_twice_and_one_of_another_account_break_nothing(breaks):
    other = said(2, "500", "600", account="DE2")

    assert breaks(said(1, "1", "6"), said(1, "1", "6.00"), other, said(2, "6", "9")) == []


def test_intraday_views_and_quarantined_statements_are_no_links(breaks):
    view = said(2, "70", "80", kind="052")
    unusable = said(2, "70", "80", quarantine_reason="does not add up")

    assert breaks(said(1, "1", "6"), view, unusable, said(3, "6", "9")) == []
