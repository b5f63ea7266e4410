"""Which money pays which document, and which document led to which, against the ERP's records."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import itemgetter

import pyarrow.parquet as pq
import pytest

from umlauf.sandbox.company import debiting, make
from umlauf.sandbox.company.payments import record_payment
from umlauf.sandbox.truth import write_truth

pytestmark = pytest.mark.integration

SETTLED_IN = {"out_invoice": 1, "in_refund": 1, "out_refund": -1, "in_invoice": -1}


@pytest.fixture(scope="module")
def truth(tiny):
    folder = write_truth(tiny.home)
    return lambda name: pq.read_table(folder / f"{name}.parquet").to_pylist()


@pytest.fixture(scope="module")
def moves(tiny):
    return {str(key): move for key, move in tiny.records("account.move").items()}


def exact(number):
    return Decimal(str(number))


def settled_with(tiny, moves, at=None):
    """Return per document what was reconciled with it: (kind of the other, its id, amount)."""
    lines, found = tiny.records("account.move.line", at), defaultdict(list)
    for partial in tiny.records("account.partial.reconcile", at).values():
        sides = [
            str(lines[partial[side][0]]["move_id"][0])
            for side in ("debit_move_id", "credit_move_id")
        ]
        amount = exact(partial["debit_amount_currency"])
        for document, other in (sides, sides[::-1]):
            found[document].append((moves[other]["move_type"], other, amount))
    return found


def test_a_settled_document_was_paid_what_the_erp_reconciled(tiny, truth, moves):
    told = defaultdict(Decimal)
    for match in truth("payment_match"):
        sign = SETTLED_IN[moves[match["move_id"]]["move_type"]]
        told[match["move_id"]] += sign * match["amount"] + match["discount"] + match["charges"]
    on_their_way = {
        str(payment["move_id"][0])
        for payment in tiny.records("account.payment").values()
        if payment["state"] == "in_process"
    }
    compared = set()
    for key, partners in settled_with(tiny, moves).items():
        move = moves[key]
        if move["move_type"] == "entry" or move["payment_state"] != "paid":
            continue
        if on_their_way & {other for _, other, _ in partners}:
            continue
        paid = sum(amount for kind, _, amount in partners if kind == "entry")
        if all(kind == "entry" for kind, _, _ in partners):
            assert told[key] == paid, move["name"]
        else:
            # A credit note may come while the whole amount is on its way.
            assert told[key] >= paid, move["name"]
        compared.add(move["move_type"])

    assert compared == set(SETTLED_IN)


def test_what_an_entry_pays_is_the_entry_or_a_part_of_it(truth):
    entries = {
        (row["account"], row["booking_date"], row["entry"], row["part"]): row
        for row in truth("bank_entry")
    }
    matched = defaultdict(Decimal)
    for match in truth("payment_match"):
        key = (match["account"], match["booking_date"], match["entry"], match["part"])
        matched[key] += match["amount"]

    for key, amount in matched.items():
        assert amount == entries[key]["amount"]
    kinds = Counter(entries[key]["kind"] for key in matched)
    assert set(kinds) == {"customer_payment", "direct_debit", "refund", "return",
                          "supplier_payment", "supplier_refund"}  # fmt: skip


def test_discounts_charges_parts_and_collective_payments_are_among_them(truth):
    matches = truth("payment_match")
    entries = Counter((m["account"], m["booking_date"], m["entry"], m["part"]) for m in matches)
    documents = Counter(match["move_id"] for match in matches)

    assert any(match["discount"] for match in matches)
    assert any(match["charges"] for match in matches)
    assert max(entries.values()) > 1
    assert max(documents.values()) > 1


def test_every_delivery_and_receipt_comes_from_its_order_and_leads_to_its_invoice(
    tiny, truth, moves
):
    into, out_of = defaultdict(set), defaultdict(set)
    for link in truth("document_flow"):
        into[link["target"], link["target_id"]].add((link["source"], link["source_id"]))
        out_of[link["source"], link["source_id"]].add((link["target"], link["target_id"]))
    stock_moves, lines = tiny.records("stock.move"), {}
    for name in ("sale", "purchase"):
        lines[name] = tiny.records(f"{name}.order.line")
    seen = Counter()
    for key, line in tiny.records("stock.move.line").items():
        move = stock_moves[line["move_id"][0]]
        for name in ("sale", "purchase"):
            if line["state"] == "done" and move[f"{name}_line_id"]:
                order = lines[name][move[f"{name}_line_id"][0]]["order_id"][0]
                assert into["stock.move.line", str(key)] == {(f"{name}.order", str(order))}
                invoices = out_of["stock.move.line", str(key)]
                origins = {moves[invoice]["invoice_origin"] for _, invoice in invoices}
                assert origins <= {move["origin"]}
                seen[name, bool(invoices)] += 1

    assert seen["sale", True] > 20 * seen["sale", False]
    assert seen["purchase", True] > 20 * seen["purchase", False]


def test_a_won_deals_order_names_the_deal_and_has_its_line_items(tiny, truth):
    orders, deals = tiny.records("sale.order"), tiny.records("deals")
    skus = {
        line["id"]: line["product_id"][1].split("]")[0].strip("[")
        for line in tiny.records("sale.order.line").values()
    }
    ordered = defaultdict(set)
    for line in tiny.records("sale.order.line").values():
        ordered[str(line["order_id"][0])].add((skus[line["id"]], int(line["product_uom_qty"])))
    wanted = defaultdict(set)
    items = tiny.records("line_items")
    for key, links in tiny.records("deals_to_line_items").items():
        for link in links["to"]:
            item = items[link["toObjectId"]]["properties"]
            wanted[str(key)].add((item["hs_sku"], int(item["quantity"])))

    links = [link for link in truth("document_flow") if link["source"] == "deals"]

    assert len(links) > 40
    for link in links:
        assert orders[int(link["target_id"])]["origin"] == f"HS-{link['source_id']}"
        assert deals[int(link["source_id"])]["properties"]["dealstage"] == "closedwon"
        assert ordered[link["target_id"]] == wanted[link["source_id"]]


def test_a_debit_that_comes_back_takes_back_what_it_paid_even_if_nothing_was_open_any_more(
    tmp_path, monkeypatch
):
    def settled_already(tx, ledger, account, what, *, in_bank):
        return record_payment(tx, ledger, account, replace(what, items=[]), in_bank=in_bank)

    monkeypatch.setattr(debiting, "record_payment", settled_already)
    monkeypatch.setattr(debiting, "RETURN_RATE", 1)
    make(tmp_path, 0.05, 7, date(2026, 11, 20), months=6)
    folder = write_truth(tmp_path)
    entries, matches = (
        pq.read_table(folder / f"{name}.parquet").to_pylist()
        for name in ("bank_entry", "payment_match")
    )
    key = itemgetter("account", "booking_date", "entry", "part")
    matched = {key(match): match["amount"] for match in matches}

    returns = [entry for entry in entries if entry["kind"] == "return" and entry["amount"] < 0]

    assert len(returns) > 1
    assert [entry["amount"] for entry in returns] == [matched.get(key(entry)) for entry in returns]
