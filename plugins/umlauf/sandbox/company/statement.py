"""A bank statement before it has a format."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    code: tuple[str, str, str] = ("PMNT", "RCDT", "ESCT")
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
