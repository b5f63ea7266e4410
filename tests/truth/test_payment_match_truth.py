"""Which bank entry paid which document: nearly all money matched right, and nothing wrong."""

import pytest

pytestmark = pytest.mark.integration

# A customer who pays one invoice twice on a day makes two entries that nothing tells apart: either
# may be the one too much. So an entry is known by account, day, payer and amount, and times counts.
MATCHES = """
with entries as (
    select entry_key as entry_id, account_id, part_number, ordinal,
        coalesce(counterparty_account, counterparty_name) as payer, amount as entry_amount
    from staging.stg_bank__entries
),

found as (
    select matches.account_id, matches.booking_date, payer, entry_amount, move_id,
        sum(matches.amount) as amount, count(*) as times
    from cash_flow.fct_payment_match as matches
    join entries using (entry_id)
    where is_automatic
    group by all
),

known as (
    select account as account_id, cast(allocations.booking_date as date) as booking_date, payer,
        entry_amount, move_id, sum(cast(allocations.amount as decimal(18, 2))) as amount,
        count(*) as times
    from truth.payment_match as allocations
    join cash_flow.fct_bank_entry as booked
        on account = booked.account_id
        and cast(allocations.booking_date as date) = booked.booking_date
        and part = booked.part_number
    join entries on booked.entry_id = entries.entry_id and entry = entries.ordinal
    group by all
)

select found.amount, known.amount, found.times, known.times, found, known
from found
full outer join known using (account_id, booking_date, payer, entry_amount, move_id)
"""


@pytest.fixture(scope="module")
def matches(company):
    return company.rows(MATCHES)


def test_at_least_97_percent_of_the_money_is_matched_right_without_a_person(matches):
    known = sum(abs(row[1]) for row in matches if row[1] is not None)
    right = sum(abs(row[1]) for row in matches if row[0] == row[1] and row[2] == row[3])

    assert known > 1_000_000
    assert right / known >= 0.97, f"{right} of {known}"


def test_no_match_without_a_person_is_wrong(matches):
    wrong = [row[4:] for row in matches if row[0] is not None and row[0] != row[1]]

    assert not wrong, f"{len(wrong)} of {len(matches)}: {wrong[:3]}"


def test_all_of_the_truth_is_compared(company, matches):
    (known,) = company.rows("select sum(amount) from truth.payment_match as allocations")[0]

    assert sum(row[1] for row in matches if row[1] is not None) == known


@pytest.mark.parametrize(
    ("case", "condition"),
    [
        ("a reference with check digits", "rule_code = 'structured_reference'"),
        ("a whole number", "rule_code = 'number_and_name'"),
        ("half a number", "rule_code = 'short_number_and_amount'"),
        ("a name and an amount", "rule_code = 'name_and_amount'"),
        ("a cash discount", "is_automatic and discount_amount <> 0"),
        ("bank charges", "is_automatic and charges_amount <> 0"),
        ("a return", "rule_code = 'return'"),
        ("money back to a customer", "document_type = 'out_refund'"),
        ("a second company", "company_id <> '1'"),
        ("several documents", "is_automatic qualify count(*) over (partition by entry_id) > 1"),
        ("part payments", "is_automatic qualify count(*) over (partition by move_id) > 1"),
    ],
)
def test_the_company_pays_in_the_ways_that_are_hard(company, case, condition):
    found = company.rows(f"select match_id from cash_flow.fct_payment_match where {condition}")

    assert found, f"no {case}: the comparison proves less"
