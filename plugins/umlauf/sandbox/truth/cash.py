"""Bank entries, and the balance of every account on every calendar day.

A day counts as known once its statement has arrived; on days without one the balance stands still.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from umlauf.sandbox.journal import Diary, Fact
from umlauf.sandbox.truth.columns import COUNT, DAY, FLAG, MONEY, TEXT, table

BANK_ENTRY = (
    ("account", TEXT),
    ("booking_date", DAY),
    ("value_date", DAY),
    ("amount", MONEY),
    ("currency_code", TEXT),
    ("end_to_end_id", TEXT),
    ("kind", TEXT),
    ("entry", COUNT),
    ("part", COUNT),
    ("counterparty_name", TEXT),
)
CASH_DAILY = (
    ("account", TEXT),
    ("currency_code", TEXT),
    ("day", DAY),
    ("opening", MONEY),
    ("inflow", MONEY),
    ("outflow", MONEY),
    ("closing", MONEY),
    ("is_statement_day", FLAG),
)


def cash_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return bank_entry and cash_daily.

    `part` is 0 for an entry as booked and 1..n for the parts of a batch booking, whose amounts are
    in the entry already. `end_to_end_id` is null where the bank says NOTPROVIDED.
    """
    entries = diary.facts("bank_entry")
    rows = [
        (iban, booked, valued, amount, currency, reference, kind, number, part, party or None)
        for iban, booked, number, part, currency, valued, amount, reference, kind, party in entries
    ]
    return {
        "bank_entry": table(BANK_ENTRY, rows),
        "cash_daily": table(CASH_DAILY, list(_balances(diary, entries, last_day))),
    }


def _balances(diary: Diary, entries: list[Fact], last_day: int) -> Iterator[tuple[Any, ...]]:
    inflow: dict[tuple[str, int], int] = defaultdict(int)
    outflow: dict[tuple[str, int], int] = defaultdict(int)
    for account, booked, _, part, _, _, amount, *_ in entries:
        if part == 0:
            (inflow if amount > 0 else outflow)[account, booked] += abs(amount)
    told: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for account, currency, day, opening, _ in diary.facts("statement"):
        told[account, currency][day] = opening
    for (account, currency), days in told.items():
        first = min(days)
        balance = days[first]
        for day in range(first, last_day + 1):
            came, went = inflow[account, day], outflow[account, day]
            closing = balance + came - went
            yield account, currency, day, balance, came, went, closing, day in days
            balance = closing
