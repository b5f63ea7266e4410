"""What goes to the tax office is the tax of the documents, each once."""

from collections import defaultdict
from decimal import Decimal

import pytest

from tests.sandbox.conftest import AFTER_ALL

pytestmark = pytest.mark.integration

TAX_ACCOUNTS = ("1406 Input VAT", "3806 Output VAT")


def test_a_return_pays_all_tax_dated_before_it_that_no_earlier_one_paid(tiny):
    moves = tiny.records("account.move", AFTER_ALL)
    owed, returns = defaultdict(list), defaultdict(list)
    for line in tiny.records("account.move.line", AFTER_ALL).values():
        move, balance = moves[line["move_id"][0]], Decimal(str(line["balance"]))
        if line["account_id"][1] not in TAX_ACCOUNTS:
            continue
        if line["display_type"] == "tax" and move["state"] == "posted":
            owed[line["company_id"][0]].append((line["create_date"], line["date"], balance))
        elif line["display_type"] != "tax":
            returns[line["company_id"][0], line["date"], line["ref"]].append(balance)
    paid = defaultdict(Decimal)
    for (company, day, text), balances in sorted(returns.items(), key=lambda item: item[0][:2]):
        # A month's return says the month, a quarter's its last day.
        until = f"{text.split()[-1]}-99"[:10]
        paid[company] += sum(balances)
        expected = sum(
            balance for made, dated, balance in owed[company]
            if dated <= until and made < f"{day} 06:30:00"
        )  # fmt: skip
        assert paid[company] == -expected

    companies = [company for company, _, _ in returns]
    assert companies.count(1) >= 24
    assert companies.count(2) >= 2
    assert any(sum(balances) < 0 for balances in returns.values()), "no month with a refund"
