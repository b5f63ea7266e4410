"""Which document led to which, against the company's own diary."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.integration

KIND = {
    "deals": "deal",
    "sale.order": "sale_order",
    "purchase.order": "purchase_order",
    "stock.move.line": "goods",
    "account.move": "document",
}
MODELS = Path(__file__).parents[2] / "dbt_project" / "models"
MART = MODELS / "marts" / "cash_flow" / "fct_document_flow.yml"
GOODS, DOCUMENTS = ("delivery", "receipt"), ("invoice", "bill")


def kind_of(kind):
    """Return a kind as the diary tells them apart: it knows deliveries by the side they are on."""
    return "goods" if kind in GOODS else "document" if kind in DOCUMENTS else kind


def links_found(company):
    rows = company.rows(
        "select from_kind, from_id, to_kind, to_id from cash_flow.fct_document_flow "
        "where residue is null and to_kind <> 'bank_entry'"
    )
    return [(kind_of(kind), key, kind_of(to), to_key) for kind, key, to, to_key in rows]


def links_known(company):
    rows = company.rows(
        "select source, source_id, target, target_id from truth.document_flow as links "
        "where target <> 'bank_entry'"
    )
    known = {(KIND[source], source_id, KIND[to], to_id) for source, source_id, to, to_id in rows}
    receipts = {goods: order for kind, order, _, goods in known if kind == "purchase_order"}
    # A bill is over receipts, and so from their order.
    return known | {
        ("purchase_order", receipts[goods], "document", bill)
        for kind, goods, _, bill in known
        if kind == "goods" and goods in receipts
    }


def as_told(company, links):
    """Count links, with receipts of one order alike in product and units under one name.

    Nothing outside the company tells which of two bills is over which (docs/decisions/0036).
    """
    alike = dict(
        company.rows(
            """
            select moves.move_line_id,
                concat_ws('/', links.source_id, product_code, units, from_warehouse_code)
            from truth.document_flow as links
            inner join truth.stock_move as moves on links.target_id = moves.move_line_id
            where links.source = 'purchase.order' and links.target = 'stock.move.line'
            """
        )
    )
    return Counter(
        (kind, alike.get(key, key), to, to_key) if kind == "goods" else (kind, key, to, to_key)
        for kind, key, to, to_key in links
    )


def test_the_mart_links_what_the_company_knows_to_belong_together(company):
    found, known = links_found(company), links_known(company)

    assert len(known) > 2_500
    assert {(kind, to) for kind, _, to, _ in known} == {
        ("deal", "sale_order"), ("sale_order", "goods"), ("sale_order", "document"),
        ("purchase_order", "goods"), ("purchase_order", "document"), ("goods", "document"),
    }  # fmt: skip
    assert len(found) == len(set(found))
    found, known = as_told(company, found), as_told(company, known)
    assert found - known == Counter()
    assert known - found == Counter()


def test_bills_without_an_order_are_those_for_equipment(company):
    found = company.rows(
        "select distinct to_id from cash_flow.fct_document_flow "
        "where residue is not null and to_kind in ('invoice', 'bill')"
    )
    ordered = {to_id for _, _, kind, to_id in links_known(company) if kind == "document"}
    billed = {move for (move,) in company.rows("select move_id from truth.payable_daily as items")}

    assert found
    assert {move for (move,) in found} <= billed - ordered


def test_cash_is_linked_to_the_documents_that_the_company_knows_it_paid(company):
    """By look, as the bank's entries have no id of their own; a person looks at the rest."""
    differing = company.rows(
        """
        with found as (
            select flow.from_id as move_id, entries.account_id, entries.booking_date, flow.amount,
                count(*) as times
            from cash_flow.fct_document_flow as flow
            inner join cash_flow.fct_bank_entry as entries on flow.to_id = entries.entry_id
            where flow.to_kind = 'bank_entry' and flow.residue is null
            group by all
        ),

        known as (
            select move_id, account as account_id, booking_date, amount, count(*) as times
            from truth.payment_match as matches
            group by all
        )

        select found, known
        from found
        left join known using (move_id, account_id, booking_date, amount)
        where found.times is distinct from known.times
        """
    )
    ((linked, paid),) = company.rows(
        """
        select
            (
                select sum(abs(amount)) from cash_flow.fct_document_flow
                where to_kind = 'bank_entry' and residue is null
            ),
            (select sum(abs(amount)) from truth.payment_match as matches)
        """
    )

    assert not differing
    assert linked >= paid * Decimal("0.97")


def test_the_documented_query_walks_a_won_deal_to_its_cash(company):
    ((deal,),) = company.rows(
        """
        select links.source_id
        from truth.document_flow as links
        inner join truth.document_flow as deliveries
            on deliveries.source_id = links.target_id and deliveries.target = 'stock.move.line'
                and deliveries.source = 'sale.order'
        inner join cash_flow.fct_document_flow as invoices
            on invoices.from_id = links.target_id and invoices.from_kind = 'sale_order'
        inner join cash_flow.fct_document_flow as payments
            on payments.from_id = invoices.to_id and payments.from_kind = 'invoice'
        where links.source = 'deals'
        order by links.target_id
        limit 1
        """
    )

    chain = company.rows(documented_query().replace("31000063009", deal))

    assert {(row[0], row[2]) for row in chain} == {
        ("deal", "sale_order"), ("sale_order", "delivery"), ("sale_order", "invoice"),
        ("delivery", "invoice"), ("invoice", "bank_entry"),
    }  # fmt: skip
    invoiced = sum(row[6] for row in chain if (row[0], row[2]) == ("sale_order", "invoice"))
    ordered = sum(row[6] for row in chain if row[2] == "sale_order")
    assert 0 < invoiced < ordered + 1  # each invoice rounds its own tax


def documented_query():
    (model,) = yaml.safe_load(MART.read_text())["models"]
    return model["description"][model["description"].index("with recursive") :]
