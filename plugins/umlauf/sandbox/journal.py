"""The simulator's own diary of business facts, from which the truth is told.

Each fact is a row with `known_at` (ms UTC: when an outsider could first see it) and its own
effective day. It is written where the fact happens, never read back from a system's records.
Days are ordinals, instants ms UTC, money whole cents.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

FACTS: dict[str, tuple[str, ...]] = {
    "deal": ("deal", "at", "segment", "currency"),
    "deal_change": ("deal", "at", "what", "value"),
    "deal_gone": ("deal",),
    "stock_move": ("line", "product", "source", "target", "units", "day", "value"),
    "unit_cost": ("product", "at", "cost"),
    "purchase_line": (
        "line", "product", "supplier", "ordered", "promised", "units", "price", "currency"
    ),
    "purchase_receipt": ("line", "day", "units"),
    "product": ("product", "family", "supplier"),
    "customer": ("customer", "segment"),
    "sale_order": ("order", "customer"),
    "sale": ("company", "order", "product", "day", "amount"),
    "demand": ("order", "product", "warehouse", "day", "units", "has_deal"),
    "order_cancelled": ("order",),
    "link": ("source", "source_id", "target", "target_id"),
    "order_gone": ("order",),
    "allocation": (
        "account", "day", "entry", "part", "company", "move", "document", "amount",
        "discount", "charges",
    ),
    "open_item": (
        "line", "ledger", "company", "move", "document", "partner", "currency",
        "day", "due", "amount", "balance",
    ),
    "match": ("match", "debit", "credit", "amount", "debit_amount", "credit_amount", "day"),
    "match_gone": ("match",),
    "posting": ("company", "move", "day", "account", "balance"),
    "fx_rate": ("day", "currency", "per_euro"),
    "statement": ("account", "currency", "day", "opening", "closing"),
    "bank_entry": (
        "account", "day", "entry", "part", "currency", "valued", "amount", "end_to_end", "kind",
        "party",
    ),
}  # fmt: skip
Fact = tuple[Any, ...]


class Journal:
    """Facts by kind, in the order they happened."""

    def __init__(self) -> None:
        self.facts: dict[str, list[Fact]] = {kind: [] for kind in FACTS}

    def note(self, kind: str, known_at: int, fact: Fact) -> None:
        """Add one fact."""
        self.facts[kind].append((known_at, *fact))

    def count(self, kind: str, known_until: int) -> int:
        """Return how many facts of a kind are known by an instant."""
        return sum(fact[0] <= known_until for fact in self.facts[kind])

    def save(self, home: Path) -> None:
        """Write the diary as one JSON file; it appears whole or not at all."""
        path = journal_file(home)
        partial = path.with_suffix(".partial")
        partial.write_bytes(orjson.dumps(self.facts))
        partial.replace(path)


def journal_file(home: Path) -> Path:
    """Return where the diary of the company below this home lies."""
    return home / "sandbox" / "journal.json"


class Diary:
    """The saved facts that were known by an instant (ms UTC)."""

    def __init__(self, home: Path, known_until: int) -> None:
        self.known_until = known_until
        self.saved: dict[str, list[list[Any]]] = orjson.loads(journal_file(home).read_bytes())

    def facts(self, kind: str) -> list[Fact]:
        """Return the known facts of a kind, in the order they happened, without `known_at`."""
        return [tuple(fact[1:]) for fact in self.saved[kind] if fact[0] <= self.known_until]
