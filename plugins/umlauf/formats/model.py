"""What a bank file says, in our words: statements, entries, and the file they came in.

Encoded to JSON these are the payloads of the streams `bank.statements` and `bank.entries`.
Amounts are Decimal read from text (JSON strings when encoded); positive is cash in. Dates are
ISO texts as the bank wrote them, in the bank's own time zone; `created_at` may carry an offset.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

PARSER_VERSION = (
    3  # raised when the same bytes are understood differently: kept files are read anew
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One booking (`part` 0), or one part of a batch booking (`part` 1..n, with `parent_key`).

    `parts` of a part 0 tells how many parts follow; they add up to it. Money counts once: sum
    part 0 only, or parts instead of their parent. `amount` is null only when it could not be
    read: `quarantine_reason` says so, and the whole statement is in quarantine too.
    `warning` is kept beside usable entries (a batch whose parts do not add up stays closed).
    """

    entry_key: str
    statement_key: str
    file_sha256: str
    account: str | None
    account_currency: str | None
    ordinal: int
    part: int = 0
    parts: int = 0
    parent_key: str | None = None
    amount: Decimal | None
    currency: str | None
    status: str
    booking_date: str | None
    value_date: str | None
    is_reversal: bool = False
    bank_code: str | None = None
    counterparty_name: str | None = None
    counterparty_account: str | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    structured_reference: str | None = None
    remittance: str | None = None
    bank_reference: str | None = None
    original_amount: Decimal | None = None
    original_currency: str | None = None
    charges: Decimal | None = None
    charges_currency: str | None = None
    line: int = 0
    warning: str | None = None
    quarantine_reason: str | None = None


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of one account, with what its entries add up to.

    `kind`: 053 and 940 are booked days, 052 and 942 intraday views, 054 advices of single
    bookings. `entry_count` counts part 0 of any status; `entry_sum` adds up the booked ones.
    """

    statement_key: str
    file_sha256: str
    message_id: str | None
    account: str | None
    account_currency: str | None
    statement_id: str | None
    sequence: int | None
    legal_sequence: int | None
    page: int | None = None
    is_last_page: bool | None = None
    from_date: str | None
    to_date: str | None
    created_at: str | None
    kind: str
    opening_balance: Decimal | None
    opening_date: str | None
    closing_balance: Decimal | None
    closing_date: str | None
    is_opening_intermediate: bool
    is_closing_intermediate: bool
    entry_count: int
    entry_sum: Decimal
    ordinal: int
    line: int = 0
    warning: str | None = None
    quarantine_reason: str | None = None


class BankFile(msgspec.Struct, frozen=True, kw_only=True):
    """One understood file: its format (`camt.053.001.08`, `mt940`, `mt942`) and statements."""

    format: str
    statements: list[Statement]

    @property
    def entry_count(self) -> int:
        """Entries of all statements, parts not counted."""
        return sum(statement.entry_count for statement in self.statements)
