"""The ledger balances, residuals follow from reconciles, and the ERP's bank is the bank's."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from tests.sandbox.conftest import AFTER_ALL
from tests.sandbox.test_statements import statements

pytestmark = pytest.mark.integration


def exact(number):
    return Decimal(str(number))


def test_every_account_move_sums_to_zero(tiny):
    sums = defaultdict(Decimal)
    for line in tiny.records("account.move.line").values():
        sums[line["move_id"][0]] += exact(line["balance"])
        assert exact(line["debit"]) - exact(line["credit"]) == exact(line["balance"])

    assert set(sums) == set(tiny.records("account.move"))
    assert not {move: total for move, total in sums.items() if total}


def test_what_is_open_is_the_balance_less_what_was_reconciled(tiny):
    taken = defaultdict(Decimal)
    for partial in tiny.records("account.partial.reconcile").values():
        assert partial["amount"] > 0
        taken[partial["debit_move_id"][0]] += exact(partial["amount"])
        taken[partial["credit_move_id"][0]] -= exact(partial["amount"])

    lines = tiny.records("account.move.line")
    codes = {a["id"]: a["account_type"] for a in tiny.records("account.account").values()}
    for line in lines.values():
        if codes[line["account_id"][0]] in ("asset_receivable", "liability_payable"):
            left = exact(line["balance"]) - taken[line["id"]]
            assert exact(line["amount_residual"]) == left
            assert line["reconciled"] == (left == 0) == (line["amount_residual_currency"] == 0)
    assert set(taken) <= set(lines)


def test_an_invoice_is_open_by_what_its_line_is_open(tiny):
    lines = defaultdict(Decimal)
    for line in tiny.records("account.move.line").values():
        if line["display_type"] == "payment_term":
            lines[line["move_id"][0]] += exact(line["amount_residual"])
    states = set()
    for move in tiny.records("account.move").values():
        if move["move_type"] != "entry" and move["state"] == "posted":
            states.add(move["payment_state"])
            assert exact(move["amount_residual_signed"]) == lines[move["id"]]
            assert exact(move["amount_untaxed"]) + exact(move["amount_tax"]) == exact(
                move["amount_total"]
            )

    assert states == {"paid", "partial", "not_paid"}


def test_the_erps_bank_account_is_the_banks_once_all_is_posted(tiny):
    # The longest posting waits a week; three weeks before the end everything is in.
    until = date(2027, 1, 29)
    booked = defaultdict(Decimal)
    for line in tiny.records("account.move.line", AFTER_ALL).values():
        is_bank = line["account_id"][1] in ("1800 Bank", "1810 Bank USD")
        if is_bank and line["date"] <= until.isoformat():
            booked[line["currency_id"][1]] += exact(line["amount_currency"])

    closing = {
        account: balance
        for account, day, *_, balance in statements(tiny)
        if day <= until.isoformat()
    }

    assert sorted(booked.values()) == sorted(closing.values())


def test_an_order_says_what_its_moves_and_bills_say(tiny):
    received, billed = defaultdict(float), defaultdict(float)
    for move in tiny.records("stock.move").values():
        if move["purchase_line_id"] and move["state"] == "done":
            sign = -1 if move["is_out"] else 1
            received[move["purchase_line_id"][0]] += sign * move["quantity"]
    kinds = {move["id"]: move["move_type"] for move in tiny.records("account.move").values()}
    for line in tiny.records("account.move.line").values():
        if line["purchase_line_id"]:
            sign = 1 if kinds[line["move_id"][0]] == "in_invoice" else -1
            billed[line["purchase_line_id"][0]] += sign * line["quantity"]

    for line in tiny.records("purchase.order.line").values():
        assert line["qty_received"] == received[line["id"]]
        assert line["qty_invoiced"] == billed[line["id"]]
    assert "in_refund" in kinds.values()


def test_foreign_money_leaves_exchange_differences(tiny):
    partials = tiny.records("account.partial.reconcile", AFTER_ALL).values()
    moves = tiny.records("account.move", AFTER_ALL)

    named = [moves[p["exchange_move_id"][0]] for p in partials if p["exchange_move_id"]]

    assert named
    assert all(move["journal_id"][1] == "Exchange Difference" for move in named)
