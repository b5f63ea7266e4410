"""The cash flow statement of every account and month, and revenue by account and month."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import month_start
from umlauf.sandbox.truth.columns import DAY, MONEY, TEXT, table

CASH_STATEMENT = (
    ("month", DAY),
    ("account", TEXT),
    ("currency_code", TEXT),
    ("kind", TEXT),
    ("amount", MONEY),
)
REVENUE = (
    ("month", DAY),
    ("company_id", TEXT),
    ("account", TEXT),
    ("amount", MONEY),
)
INCOME = ("sales_goods", "sales_software", "discount_given", "exchange_gain")


def statement_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return cash_statement and revenue_monthly.

    A kind is what the bank entry was for; `equipment` is what pays a bill for things to keep.
    Revenue is positive, in the company's currency, taxes left out.
    """
    cash = [(*key, amount) for key, amount in sorted(_flows(diary).items())]
    revenue = [(*key, amount) for key, amount in sorted(_revenue(diary).items())]
    return {
        "cash_statement": table(CASH_STATEMENT, cash),
        "revenue_monthly": table(REVENUE, revenue),
    }


def _flows(diary: Diary) -> dict[tuple[int, str, str, str], int]:
    """Return what moved per month, account, currency and kind; a batch counts by its parts."""
    equipment = {
        move for _, move, _, account, _ in diary.facts("posting") if account == "equipment"
    }
    invested = {
        (account, day, entry, part)
        for account, day, entry, part, _, move, *_ in diary.facts("allocation")
        if move in equipment
    }
    entries = diary.facts("bank_entry")
    batches = {(account, day, number) for account, day, number, part, *_ in entries if part}
    flows: dict[tuple[int, str, str, str], int] = defaultdict(int)
    for account, day, number, part, currency, _, amount, _, kind, _ in entries:
        if part == 0 and (account, day, number) in batches:
            continue
        told = "equipment" if (account, day, number, part) in invested else kind
        flows[month_start(day), account, currency, told] += amount
    return flows


def _revenue(diary: Diary) -> dict[tuple[int, str, str], int]:
    revenue: dict[tuple[int, str, str], int] = defaultdict(int)
    for company, _, day, account, balance in diary.facts("posting"):
        if account in INCOME:
            revenue[month_start(day), str(company), account] -= balance
    return revenue
