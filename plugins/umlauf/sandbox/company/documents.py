"""What is posted, and what stays open: entries, documents, open items, matches.

All amounts are whole cents, debit positive.
"""

from __future__ import annotations

from dataclasses import dataclass

from umlauf.sandbox.company.setup import Company
from umlauf.sandbox.company.world import Record


@dataclass(slots=True)
class Entry:
    """One line to post; `amount` in cents of the document's currency, debit positive."""

    account: str
    amount: int
    name: str = ""
    kind: str = "product"
    product: list[int | str] | bool = False
    units: float = 0.0
    price: float = 0.0
    due: int | None = None
    purchase_line: list[int | str] | bool = False
    sale_lines: tuple[int, ...] = ()
    balance: int | None = None


@dataclass(slots=True)
class Item:
    """A receivable or payable line and what of it is still open, signed."""

    move: Record
    line: Record
    company: Company
    currency: str
    day: int
    due: int
    open: int
    open_currency: int
    partner: Record | None = None


@dataclass(slots=True)
class Match:
    """A partial reconcile, kept so that it can be taken back."""

    id: int
    debit: Item
    credit: Item
    amount: int
    amount_currency: int


@dataclass(slots=True)
class Document:
    """What a move needs beside its lines."""

    kind: str
    journal: str
    day: int
    currency: str
    partner: Record | None = None
    invoice_day: int | None = None
    due: int | None = None
    label: str | bool = False
    origin: str | bool = False
    reference: str | bool = False
    reversed_move: list[int | str] | bool = False
    name: str | None = None
