"""Which bank entry pays which invoice or bill, and which document led to which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from umlauf.sandbox.journal import Diary, Fact
from umlauf.sandbox.stamps import day_text
from umlauf.sandbox.truth.columns import COUNT, DAY, MONEY, TEXT, table

PAYMENT_MATCH = (
    ("account", TEXT),
    ("booking_date", DAY),
    ("entry", COUNT),
    ("part", COUNT),
    ("company_id", TEXT),
    ("move_id", TEXT),
    ("document", TEXT),
    ("amount", MONEY),
    ("discount", MONEY),
    ("charges", MONEY),
)
DOCUMENT_FLOW = (
    ("source", TEXT),
    ("source_id", TEXT),
    ("target", TEXT),
    ("target_id", TEXT),
)


def document_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return payment_match and document_flow."""
    allocations = diary.facts("allocation")
    matches = [
        (account, day, entry, part, str(company), str(move), *rest)
        for account, day, entry, part, company, move, *rest in allocations
    ]
    return {
        "payment_match": table(PAYMENT_MATCH, matches),
        "document_flow": table(DOCUMENT_FLOW, list(_links(diary, allocations))),
    }


def _links(diary: Diary, allocations: list[Fact]) -> Iterator[tuple[Any, ...]]:
    gone = {("sale.order", order) for (order,) in diary.facts("order_gone")}
    for source, source_id, target, target_id in diary.facts("link"):
        if (target, target_id) not in gone:
            yield source, str(source_id), target, str(target_id)
    for account, day, entry, part, _, move, *_ in allocations:
        yield "account.move", str(move), "bank_entry", f"{account}/{day_text(day)}/{entry}/{part}"
