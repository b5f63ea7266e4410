"""How late customers paid: every invoice that was settled, at least in part, by money."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.truth.columns import COUNT, DAY, TEXT, table
from umlauf.sandbox.truth.ledgers import settlements

LATENESS = (
    ("ledger", TEXT),
    ("move_id", TEXT),
    ("partner_ref", TEXT),
    ("due_date", DAY),
    ("settled_date", DAY),
    ("days_late", COUNT),
)
DOCUMENTS = {
    "receivable": ("sales_goods", "sales_software"),
    "payable": ("stock", "equipment", "purchases"),
}
BANKS = ("bank", "bank_usd")


def behaviour_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return payment_lateness, one row per invoice or bill, credit notes left out."""
    accounts: dict[int, set[str]] = defaultdict(set)
    for _, move, _, account, _ in diary.facts("posting"):
        accounts[move].add(account)
    items = {item[0]: item for item in diary.facts("open_item")}
    moved_money = {key for key, item in items.items() if accounts[item[3]] & set(BANKS)}
    undone = {key for (key,) in diary.facts("match_gone")}
    paid = set()
    for key, debit, credit, *_ in diary.facts("match"):
        if key not in undone:
            paid |= {debit} if credit in moved_money else set()
            paid |= {credit} if debit in moved_money else set()
    steps = settlements(diary)
    rows = []
    for key in sorted(paid):
        _, ledger, _, move, _, partner, _, first, due, amount, balance = items[key]
        is_charge = (amount > 0) == (ledger == "receivable")
        if not (accounts[move] & set(DOCUMENTS[ledger])) or not is_charge:
            continue
        if amount + sum(s[1] for s in steps[key]) or balance + sum(s[2] for s in steps[key]):
            continue
        settled = max([first, *(day for day, _, _ in steps[key])])
        rows.append((ledger, str(move), partner, due, settled, settled - due))
    return {"payment_lateness": table(LATENESS, rows)}
