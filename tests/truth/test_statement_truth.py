"""Cash flow statement, working capital and payment behaviour against the company's own diary."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import pytest

pytestmark = pytest.mark.integration

CATEGORY_OF_KIND = {
    "card": "card_payment",
    "correction": "bank_correction",
    "customer_payment": "customer_receipt",
    "direct_debit": "customer_receipt",
    "equipment": "equipment_purchase",
    "equity": "equity",
    "fee": "bank_fee",
    "loan": "loan",
    "refund": "customer_refund",
    "rent": "rent",
    "return": "returned_payment",
    "salary": "payroll",
    "supplier_payment": "supplier_payment",
    "supplier_refund": "supplier_refund",
    "tax": "tax",
    "transfer": "own_transfer",
    "utilities": "utilities",
}
ACCOUNT_CODES = {
    "sales_goods": "4400",
    "sales_software": "4410",
    "discount_given": "4730",
    "exchange_gain": "4840",
}
STATEMENT_LINES = """
select month_start_date, account_id, currency_code, category, amount
from intermediate.int_cash_flow_lines
where category not in ('opening_balance', 'closing_balance', 'exchange_effect')
    and (amount <> 0 or entry_count > 0)
"""
BALANCES = """
select month_start_date, receivables_reporting, payables_reporting, stock_value_reporting,
    revenue_90_days_reporting, invoiced_90_days_reporting, billed_90_days_reporting,
    cost_of_sales_90_days_reporting
from cash_flow.fct_working_capital
"""
LATENESS = """
select ledger_side, move_id, due_date, settled_date, days_late
from intermediate.int_payment_lateness
"""


def difference(found, known):
    """Return what only one side has, at most three rows of each."""
    found, known = set(found), set(known)
    return sorted(found - known)[:3], sorted(known - found)[:3]


def test_every_line_of_every_account_and_month_is_what_moved(company):
    known = defaultdict(Decimal)
    for *key, kind, amount in company.rows(
        "select month, account, currency_code, kind, amount from truth.cash_statement as told"
    ):
        known[*key, CATEGORY_OF_KIND[kind]] += amount
    # A first balance of zero is a line only to the bank; none of these accounts began with money.
    found = [row for row in company.rows(STATEMENT_LINES) if row[3] != "first_balance"]

    assert len(found) >= 300
    assert difference(found, [(*key, amount) for key, amount in known.items()]) == ([], [])


def test_equipment_is_an_investment_and_nothing_is_left_unmapped(company):
    activities = company.rows(
        "select activity, count(*) from cash_flow.fct_cash_flow_statement group by 1 order by 1"
    )

    found = {name for name, _ in activities}

    assert {"operating", "investing", "financing"} <= found
    assert "unmapped" not in found


def test_revenue_of_every_month_and_account_is_what_was_posted(company):
    known = [
        (month, company_id, ACCOUNT_CODES[account], amount)
        for month, company_id, account, amount in company.rows(
            "select month, company_id, account, amount from truth.revenue_monthly as told"
        )
    ]
    found = company.rows(
        "select month_start_date, company_id, account_code, amount from intermediate.int_revenue"
    )

    assert len(found) >= 50
    assert difference(found, known) == ([], [])


def test_working_capital_of_every_month_is_what_the_company_knows(company):
    known = company.rows(
        "select month, receivables, payables, stock, revenue, invoiced, billed, cost_of_sales "
        "from truth.working_capital as told"
    )
    found = company.rows(BALANCES)

    assert len(found) >= 20
    assert difference(found, known) == ([], [])


def test_days_are_worked_out_from_what_the_company_knows(company):
    found = company.rows(
        "select month_start_date, dso_days, dio_days, dpo_days, cash_conversion_cycle_days "
        "from cash_flow.fct_working_capital where dso_days + dio_days + dpo_days is not null"
    )
    known = {
        month: days(*amounts)
        for month, *amounts in company.rows(
            "select month, receivables, invoiced, stock, cost_of_sales, payables, billed "
            "from truth.working_capital as told"
        )
    }

    assert len(found) >= 12
    assert [row for row in found if known[row[0]] != row[1:]] == []


def days(receivables, invoiced, stock, cost_of_sales, payables, billed):
    dso, dio, dpo = (
        (90 * balance / flow).quantize(Decimal("0.01"), ROUND_HALF_UP) if flow else None
        for balance, flow in ((receivables, invoiced), (stock, cost_of_sales), (payables, billed))
    )
    return dso, dio, dpo, None if None in (dso, dio, dpo) else dso + dio - dpo


def test_every_paid_invoice_and_bill_was_as_late_as_the_company_knows(company):
    known = company.rows(
        "select ledger, move_id, due_date, settled_date, days_late "
        "from truth.payment_lateness as told"
    )
    found = company.rows(LATENESS)

    assert len(found) >= 500
    assert difference(found, known) == ([], [])


def test_payment_behaviour_is_the_nearest_rank_of_each_customers_invoices(company):
    late = defaultdict(list)
    for partner, days_late in company.rows(
        "select partner_ref, days_late from truth.payment_lateness as told "
        "where ledger = 'receivable' and settled_date > date '2026-11-20' - 365"
    ):
        late[partner].append(days_late)
    known = [
        (partner, nearest_rank(found, 50), nearest_rank(found, 90), len(found))
        for partner, found in late.items()
    ]
    found = company.rows(
        "select customer_id, days_late_p50, days_late_p90, invoice_count "
        "from cash_flow.agg_payment_behaviour"
    )

    assert len(found) >= 10
    assert difference(found, known) == ([], [])


def nearest_rank(values, percent):
    place = -(-percent * len(values) // 100)
    return sorted(values)[place - 1]
