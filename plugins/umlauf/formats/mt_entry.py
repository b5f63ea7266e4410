"""One :61: with its :86: to an entry."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mt940 import Options, models, tags

from umlauf.errors import DataRejected
from umlauf.formats.draft import BOOKED, Draft
from umlauf.formats.model import Entry
from umlauf.formats.mt_details import details_of
from umlauf.formats.mt_fields import Field
from umlauf.formats.values import one_line, show

# From the strictest to the one that allows the longest reference.
_GRAMMARS = (tags.Statement(), tags.StatementGLS(), tags.StatementASNB())
_CONTEXT = models.Transactions({}, options=Options.all())
_NO_REFERENCE = {"", "NONREF", "NOREF", "KREF+", "EREF", "N"}  # or: look into :86:
_FEBRUARY = re.compile(r"(\d\d)02(29|30)")


@dataclass(slots=True)
class Booking:
    """A :61:, and the free text that followed it; one with a `reason` could not be read."""

    line: int
    reason: str | None = None
    amount: Decimal | None = None
    value_date: str | None = None
    booking_date: str | None = None
    is_reversal: bool = False
    type_code: str | None = None
    customer_reference: str | None = None
    bank_reference: str | None = None
    supplement: str | None = None
    warning: str | None = None
    details: list[str] = field(default_factory=list)
    non_swift: list[str] = field(default_factory=list)


def booking_of(item: Field) -> Booking:
    """Read one :61:.

    Raises:
        DataRejected: it does not follow the grammar, or names a day that does not exist.
    """
    text, warning = _within_february(item.text)
    found = _parsed(text, item.line)
    status = str(found["status"]).upper()
    entry_date: date | None = found.get("entry_date") if found.get("guessed_entry_date") else None
    return Booking(
        line=item.line,
        amount=found["amount"].amount,
        value_date=_century(found["date"]),
        booking_date=_century(entry_date) if entry_date else None,
        is_reversal=status.startswith("R"),
        type_code=one_line(found["id"]),
        customer_reference=_reference(found["customer_reference"]),
        bank_reference=_reference(found["bank_reference"]),
        supplement=one_line(found["extra_details"]),
        warning=warning,
    )


def entry_of(booking: Booking, draft: Draft, currency: str | None) -> Entry:
    """Return the entry and count it in its statement."""
    details = details_of(booking.details, booking.non_swift)
    # An intraday report announces; only the day's statement books.
    status = BOOKED if draft.head.kind == "940" else "PDNG"
    key = draft.book(
        status,
        booking.amount,
        currency,
        booking.booking_date,
        booking.value_date,
        booking.is_reversal,
    )
    codes = [code for code in (booking.type_code, details.business_code) if code]
    return Entry(
        entry_key=key,
        statement_key=draft.key,
        file_sha256=draft.file_sha256,
        account=draft.head.account,
        account_currency=currency,
        ordinal=draft.entries,
        amount=booking.amount,
        currency=currency,
        status=status,
        booking_date=booking.booking_date,
        value_date=booking.value_date,
        is_reversal=booking.is_reversal,
        bank_code="+".join(codes) or None,
        counterparty_name=details.name,
        counterparty_account=details.account,
        end_to_end_id=details.end_to_end_id or booking.customer_reference,
        mandate_id=details.mandate_id,
        structured_reference=details.structured_reference,
        remittance=details.remittance or booking.supplement,
        bank_reference=booking.bank_reference,
        line=booking.line,
        warning=booking.warning,
        quarantine_reason=booking.reason,
    )


def _within_february(text: str) -> tuple[str, str | None]:
    """Banks that count 30 days a month value interest on a 30 February: take the last day."""
    match = _FEBRUARY.match(text)
    if match is None:
        return text, None
    last = monthrange(2000 + int(match[1]), 2)[1]
    if int(match[2]) <= last:
        return text, None
    return f"{match[1]}02{last}{text[6:]}", f"value date {match[0]} taken as {last} February"


def _parsed(text: str, line: int) -> dict[str, Any]:
    match = next(filter(None, (grammar.re.match(text) for grammar in _GRAMMARS)), None)
    if match is None:
        raise DataRejected(f":61: {show(text)} is not a statement line", f"line {line}")
    try:
        found: dict[str, Any] = _GRAMMARS[0](_CONTEXT, match.groupdict())
    except (ValueError, InvalidOperation) as error:
        reason = f":61: {show(text)}: {show(str(error)) if str(error) else 'no such amount'}"
        raise DataRejected(reason, f"line {line}") from error
    return found


def _century(day: date) -> str:
    """The library puts every year into this century."""
    return (day.replace(year=day.year - 100) if day.year >= 2080 else day).isoformat()


def _reference(text: str | None) -> str | None:
    found = one_line(text) or ""
    return None if found.upper() in _NO_REFERENCE else found
