"""A bank statement before it has a format."""

from __future__ import annotations

from dataclasses import dataclass, field

from umlauf.sandbox.company.documents import Item

CREDIT_TRANSFER, RECEIVED = ("PMNT", "ICDT", "ESCT"), ("PMNT", "RCDT", "ESCT")


@dataclass(slots=True, frozen=True)
class Allocation:
    """What of an entry belongs to a document, cents with the entry's sign.

    Discount and charges settle the document on top; they are negative when a payment comes back.
    """

    item: Item
    amount: int
    discount: int = 0
    charges: int = 0


@dataclass(slots=True)
class BankEntry:
    """One booked entry, or one part of a batch booking; cents, positive = cash in.

    `code` is (domain, family, sub-family) of ISO 20022; `nature` the three letters of MT940.
    """

    amount: int
    kind: str
    party: str = ""
    party_iban: str = ""
    end_to_end: str | None = None
    text: str = ""
    code: tuple[str, str, str] = RECEIVED
    nature: str = "TRF"
    value_day: int = 0
    structured: str = ""
    mandate: str = ""
    return_reason: str = ""
    is_reversal: bool = False
    original: int = 0
    charges: int = 0
    reference: str = ""
    parts: list[BankEntry] = field(default_factory=list)
    pays: list[Allocation] = field(default_factory=list)


@dataclass(slots=True)
class Statement:
    """One account and one bank day."""

    iban: str
    bic: str
    currency: str
    owner: str
    day: int
    number: int
    opening: int
    closing: int
    entries: list[BankEntry]


def money(cents: int, point: str = ".") -> str:
    """Return an amount without its sign, two decimals."""
    return f"{abs(cents) // 100}{point}{abs(cents) % 100:02}"
