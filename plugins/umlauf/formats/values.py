"""Texts of a bank file to values: strict, exact, never float."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache

# ISO 20022: at most 18 digits, 5 of them behind the point, no sign, no exponent.
_AMOUNT = re.compile(r"[0-9]{1,18}(\.[0-9]{0,5})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat also takes 20260105, 2026-W02-1
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_RF = re.compile(r"\bRF\d\d[A-Z0-9]{1,21}\b")


def amount_of(text: str | None) -> Decimal:
    """Return the unsigned amount; ValueError says what came instead."""
    digits = text.strip() if text else ""
    if not _AMOUNT.fullmatch(digits):
        raise ValueError(f"amount {show(text)} is not a plain decimal")
    return Decimal(digits)


@lru_cache(maxsize=1024)  # a file has few days and many entries
def date_of(text: str | None) -> str | None:
    """Return the date part of an ISO date or date-time, as the bank wrote it.

    ValueError when there is something, and it is no date.
    """
    if text is None:
        return None
    day = text.strip()[:10]
    try:
        if _DATE.fullmatch(day) and date.fromisoformat(day):
            return day
    except ValueError:
        pass
    raise ValueError(f"date {show(text)} is not a day of the calendar")


def number_of(text: str | None) -> int | None:
    """Return a statement's number; None where there is none, or zero, which banks mean as none."""
    if text is None or not text.strip().isascii() or not text.strip().isdigit():
        return None
    return int(text.strip()[:18]) or None


def show(text: str | None, most: int = 60) -> str:
    """Quote outside text for a message: one line, no control characters, not endless."""
    if text is None:
        return "(none)"
    cut = _CONTROL.sub(" ", text[: most + 1])
    return repr(cut[:most] + "..." if len(cut) > most else cut)


def creditor_reference(text: str | None) -> str | None:
    """Return the first ISO 11649 reference (RF..) whose check digits hold."""
    for match in _RF.finditer(text or ""):
        digits = "".join(str(int(char, 36)) for char in match[0][4:] + match[0][:4])
        if int(digits) % 97 == 1:
            return match[0]
    return None


def one_line(text: str | None) -> str | None:
    """Collapse white space; None for nothing."""
    return " ".join(text.split()) or None if text else None


def printable(name: str) -> str:
    """Return a file's name as valid text; bytes that are none stay visible as escapes."""
    return name.encode("utf-8", "backslashreplace").decode()
