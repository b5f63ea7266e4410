"""What customers owe and what is owed to makers, open at the end of every day.

Open amounts have the ledger's sign for customers (an invoice is positive, a credit or a payment not
yet matched negative) and the opposite for makers (a bill we owe is positive).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.truth.columns import DAY, MONEY, TEXT, table

OPEN = (
    ("day", DAY),
    ("company_id", TEXT),
    ("move_id", TEXT),
    ("document", TEXT),
    ("partner_ref", TEXT),
    ("due_date", DAY),
    ("currency_code", TEXT),
    ("open_amount", MONEY),
    ("open_amount_company", MONEY),
)
Steps = dict[int, list[tuple[int, int, int]]]


def ledger_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return receivable_daily and payable_daily, one row per open item and day."""
    steps = settlements(diary)
    items = diary.facts("open_item")
    return {
        f"{ledger}_daily": table(
            OPEN,
            [
                row
                for item in items
                if item[1] == ledger
                for row in open_days(item, steps[item[0]], sign, last_day)
            ],
        )
        for ledger, sign in (("receivable", 1), ("payable", -1))
    }


def settlements(diary: Diary) -> Steps:
    """Return per ledger line what each match takes off it: (day, currency, company), signed."""
    undone = {key for (key,) in diary.facts("match_gone")}
    steps: Steps = defaultdict(list)
    for key, debit, credit, amount, debit_amount, credit_amount, day in diary.facts("match"):
        if key not in undone:
            steps[debit].append((day, -debit_amount, -amount))
            steps[credit].append((day, credit_amount, amount))
    return steps


def open_days(
    item: tuple[Any, ...], steps: list[tuple[int, int, int]], sign: int, last_day: int
) -> Iterator[tuple[Any, ...]]:
    """Yield a row of OPEN for every day at whose end an item is open."""
    _, _, company, move, document, partner, currency, first, due, amount, balance = item
    by_day: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for day, part, company_part in steps:
        before = by_day[day]
        by_day[day] = (before[0] + part, before[1] + company_part)
    edges = sorted({first, *by_day})
    for start, end in zip(edges, [*edges[1:], last_day + 1], strict=True):
        taken = by_day[start]
        amount, balance = amount + taken[0], balance + taken[1]
        if amount == 0 and balance == 0:
            continue
        for day in range(start, min(end, last_day + 1)):
            yield (
                day,
                str(company),
                str(move),
                document,
                partner,
                due,
                currency,
                sign * amount,
                sign * balance,
            )
