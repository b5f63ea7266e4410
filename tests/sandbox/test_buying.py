"""Goods go back to makers now and then, and their credit is used up; demand has its seasons."""

from collections import Counter

import pytest

from tests.sandbox.conftest import AFTER_ALL
from tests.sandbox.test_documents_truth import settled_with

pytestmark = pytest.mark.integration


def test_makers_credit_comes_off_bills_or_back_as_money(tiny):
    moves = {str(key): move for key, move in tiny.records("account.move", AFTER_ALL).items()}
    used = Counter()
    for key, partners in settled_with(tiny, moves, AFTER_ALL).items():
        if moves[key]["move_type"] == "in_refund":
            used.update(kind for kind, _, _ in partners)
    old = [
        move["payment_state"] for move in moves.values()
        if move["move_type"] == "in_refund" and move["date"] < "2026-11-30"
    ]  # fmt: skip

    assert set(used) == {"in_invoice", "entry"}
    assert set(old) == {"paid"}


def test_what_goes_back_is_no_more_than_what_came(tiny):
    came, back = Counter(), Counter()
    for move in tiny.records("stock.move", AFTER_ALL).values():
        if move["purchase_line_id"] and move["state"] == "done":
            (back if move["is_out"] else came)[move["purchase_line_id"][0]] += move["quantity"]

    assert back
    assert all(units < came[line] or units == came[line] == 1 for line, units in back.items())


@pytest.mark.parametrize("kind", ["deals", "sale.order"])
def test_autumn_is_busier_than_summer(tiny, kind):
    made = Counter(
        (record.get("createdAt") or record["date_order"])[:7]
        for record in tiny.records(kind).values()
    )

    assert made["2026-09"] + made["2026-10"] > 1.15 * (made["2026-07"] + made["2026-08"])
