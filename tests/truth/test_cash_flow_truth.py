"""Cash and open items against what the simulated company knows of itself: to the cent."""

import pytest

pytestmark = pytest.mark.integration

CASH = """
with found as (
    select account_id, day, opening, inflow, outflow, closing from cash_flow.fct_cash_daily
),

known as (
    select account as account_id, cast(day as date) as day,
        cast(opening as decimal(18, 2)) as opening, cast(inflow as decimal(18, 2)) as inflow,
        cast(outflow as decimal(18, 2)) as outflow, cast(closing as decimal(18, 2)) as closing
    from truth.cash_daily as cash
)

select found, known
from found
full outer join known using (account_id, day)
"""
CASH_DIFFERS = """
where found.opening is distinct from known.opening
    or found.inflow is distinct from known.inflow
    or found.outflow is distinct from known.outflow
    or found.closing is distinct from known.closing
"""
# Batches and their parts alike. Two payments may look the same: compare how often each look occurs.
ENTRIES = """
with found as (
    select account_id, booking_date, value_date, amount, currency_code,
        part_number > 0 as is_part, count(*) as times
    from cash_flow.fct_bank_entry
    group by all
),

known as (
    select account as account_id, cast(booking_date as date) as booking_date,
        cast(value_date as date) as value_date, cast(amount as decimal(18, 2)) as amount,
        currency_code, part > 0 as is_part, count(*) as times
    from truth.bank_entry as entries
    group by all
)

select found, known
from found
full outer join known
    using (account_id, booking_date, value_date, amount, currency_code, is_part)
"""
ENTRIES_DIFFER = "where found.times is distinct from known.times"
# Both companies number their documents alike, so one look may be two documents.
OPEN_ITEMS = """
with found as (
    select day, document_name as document, partner_ref, due_date,
        sum(open_amount) as open_amount, sum(open_amount_company) as open_amount_company
    from cash_flow.fct_{side}_daily
    left join staging.stg_odoo__res_partner using (partner_id)
    group by all
),

known as (
    select cast(day as date) as day, document, partner_ref, cast(due_date as date) as due_date,
        sum(cast(open_amount as decimal(18, 2))) as open_amount,
        sum(cast(open_amount_company as decimal(18, 2))) as open_amount_company
    from truth.{side}_daily as items
    group by all
)

select found, known
from found
full outer join known
    on found.day = known.day and found.document = known.document
    and found.partner_ref is not distinct from known.partner_ref
    and found.due_date = known.due_date
"""
OPEN_ITEMS_DIFFER = """
where found.open_amount is distinct from known.open_amount
    or found.open_amount_company is distinct from known.open_amount_company
"""


@pytest.mark.parametrize(
    ("compared", "differing", "at_least"),
    [
        pytest.param(CASH, CASH_DIFFERS, 2_000, id="every_account_and_day"),
        pytest.param(ENTRIES, ENTRIES_DIFFER, 500, id="every_bank_entry"),
        pytest.param(
            OPEN_ITEMS.format(side="receivable"), OPEN_ITEMS_DIFFER, 3_000, id="every_receivable"
        ),
        pytest.param(OPEN_ITEMS.format(side="payable"), OPEN_ITEMS_DIFFER, 300, id="every_payable"),
    ],
)
def test_the_mart_holds_what_the_company_knows(company, compared, differing, at_least):
    rows = company.rows(compared)
    different = company.rows(compared + differing)

    assert len(rows) >= at_least
    assert not different, f"{len(different)} of {len(rows)}: {different[:3]}"


@pytest.mark.parametrize(
    ("case", "query"),
    [
        ("batch bookings", "cash_flow.fct_bank_entry where part_number > 0"),
        ("reversals", "cash_flow.fct_bank_entry where is_reversal"),
        ("days without a statement", "cash_flow.fct_cash_daily where not has_statement"),
        ("credit notes", "cash_flow.fct_receivable_daily where open_amount < 0"),
        ("credit notes of suppliers", "cash_flow.fct_payable_daily where open_amount < 0"),
        ("foreign receivables", "cash_flow.fct_receivable_daily where currency_code = 'USD'"),
        ("part payments", "cash_flow.fct_receivable_span where open_amount < original_amount"),
        ("a second company", "cash_flow.fct_receivable_daily where company_id <> '1'"),
    ],
)
def test_the_company_has_the_cases_that_are_hard(company, case, query):
    found = company.rows(f"select count(*) from {query}")

    assert found[0][0] > 0, f"no {case}: the comparison proves less"


def test_nothing_known_is_in_quarantine_and_the_ledger_balances(company):
    unbalanced = company.rows("select source, stream from trust.ledger where not is_balanced")
    quarantined = company.rows("select * from trust.quarantine where source in ('bank', 'odoo')")

    assert not unbalanced
    assert not quarantined
