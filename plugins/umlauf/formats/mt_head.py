"""The head of an MT940/MT942 statement: account, numbers and balances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from umlauf.errors import DataRejected
from umlauf.formats.draft import Balance, Head
from umlauf.formats.mt_fields import Field
from umlauf.formats.values import number_of, show

# Some banks leave the currency out of their closing balance.
_BALANCE = re.compile(r"([DC])([0-9]{6})([A-Z]{3})?\s?([0-9][0-9.]*(?:,[0-9]*)?|,[0-9]+)", re.I)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CREATED = re.compile(r"(\d{10})([+-]\d{4})?")
OPENING = ("60F", "60M")
CLOSING = ("62F", "62M")


def head_of(heads: Mapping[str, Field], line: int, unread: list[DataRejected]) -> Head:
    """Return the statement's head; balances that cannot be read are added to `unread`."""
    opening = _balance(heads, OPENING, None, unread)
    currency = opening.currency if opening else None
    closing = _balance(heads, CLOSING, currency, unread)
    currency = currency or (closing.currency if closing else None) or _stated_currency(heads)
    is_intraday = heads.keys().isdisjoint(OPENING + CLOSING) and any(
        tag in heads for tag in ("13D", "13", "34F")
    )
    account = _text(heads, "25") or _text(heads, "25P")
    number = _text(heads, "28C") or _text(heads, "28")
    return Head(
        kind="942" if is_intraday else "940",
        account=_account(account, currency),
        account_currency=currency,
        message_id=_text(heads, "20"),
        statement_id=number or _text(heads, "20"),
        sequence=number_of(number.split("/")[0]) if number else None,
        from_date=opening.day if opening else None,
        to_date=closing.day if closing else None,
        created_at=_created(_text(heads, "13D") or _text(heads, "13")),
        opening=opening,
        closing=closing,
        line=line,
    )


def missing_balances(heads: Mapping[str, Field]) -> list[str]:
    """Return what is to be said of balances that a booked statement does not have at all."""
    return [
        f"no balance :{tags[0]}:; is the file cut off?"
        for tags in (OPENING, CLOSING)
        if heads.keys().isdisjoint(tags)
    ]


def balance_of(field: Field, currency: str | None = None) -> Balance:
    """Read a balance; `currency` is used where the field has none.

    Raises:
        DataRejected: with the field and its line.
    """
    text = field.text.replace("\n", "")
    match = _BALANCE.match(text)
    if match is None:
        raise DataRejected(f":{field.tag}: {show(text)} is not a balance", f"line {field.line}")
    if "." in match[4]:
        raise DataRejected(
            f":{field.tag}: amount {show(match[4])} has a point", f"line {field.line}"
        )
    value = Decimal(match[4].replace(",", "."))
    return Balance(
        amount=-value if match[1].upper() == "D" and value else value,
        currency=match[3].upper() if match[3] else currency,
        day=day_of(match[2], field),
        is_intermediate=field.tag.endswith("M"),
    )


def day_of(digits: str, field: Field) -> str:
    """Return YYMMDD as an ISO date; years from 80 on are in the last century."""
    year = int(digits[:2])
    try:
        day = date(year + (1900 if year >= 80 else 2000), int(digits[2:4]), int(digits[4:6]))
    except ValueError as error:
        reason = f":{field.tag}: {digits} is not a day of the calendar"
        raise DataRejected(reason, f"line {field.line}") from error
    return day.isoformat()


def _balance(
    heads: Mapping[str, Field],
    tags: tuple[str, str],
    currency: str | None,
    unread: list[DataRejected],
) -> Balance | None:
    field = heads.get(tags[0]) or heads.get(tags[1])
    try:
        return balance_of(field, currency) if field else None
    except DataRejected as error:
        unread.append(error)
        return None


def _text(heads: Mapping[str, Field], tag: str) -> str | None:
    return heads[tag].text or None if tag in heads else None


def _account(text: str | None, currency: str | None) -> str | None:
    """Return the account without the currency some banks append; an IBAN without blanks."""
    if text is None:
        return None
    account = " ".join(text.split())
    if currency and account.endswith(currency):
        account = account.removesuffix(currency).rstrip(" /") or account
    squeezed = account.replace(" ", "")
    return squeezed if _IBAN.fullmatch(squeezed) else account


def _stated_currency(heads: Mapping[str, Field]) -> str | None:
    """Return the currency of an intraday report: from its floor limit or its totals."""
    for tag in ("34F", "90C", "90D"):
        match = _CURRENCY.search(_text(heads, tag) or "")
        if match:
            return match[0]
    return None


def _created(text: str | None) -> str | None:
    match = _CREATED.match(text or "")
    if match is None:
        return None
    digits, offset = match[1], match[2]
    moment = f"20{digits[:2]}-{digits[2:4]}-{digits[4:6]}T{digits[6:8]}:{digits[8:]}:00"
    return moment + (f"{offset[:3]}:{offset[3:]}" if offset else "")
