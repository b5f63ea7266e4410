"""Time as the sandbox counts it: milliseconds since 1970 UTC, days as ordinals.

A business day is a calendar day in Europe/Berlin; banks work on TARGET days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

COMPANY_ZONE = ZoneInfo("Europe/Berlin")
EPOCH = date(1970, 1, 1).toordinal()
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
_UNIX, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_TARGET = holidays.financial_holidays("XECB", years=range(2015, 2051))


@cache
def day_text(day: int) -> str:
    """Return YYYY-MM-DD of an ordinal day."""
    return date.fromordinal(day).isoformat()


@cache
def midnight(day: int) -> int:
    """Return the first instant of a company business day."""
    start = datetime.combine(date.fromordinal(day), datetime.min.time(), COMPANY_ZONE)
    return int(start.timestamp()) * SECOND


@cache
def _noon(day: int) -> int:
    noon = datetime.combine(date.fromordinal(day), datetime.min.time(), COMPANY_ZONE)
    return int((noon + timedelta(hours=12)).timestamp()) * SECOND


def at(day: int, hour: float, seconds: float = 0) -> int:
    """Return the instant of a wall-clock hour in Berlin, exact from 03:00 on."""
    return _noon(day) + int((hour - 12) * 3600 + seconds) * SECOND


@cache
def utc_offset(day: int) -> str:
    """Return Berlin's offset at noon of a day, as `+01:00`."""
    hours = 12 - (_noon(day) % DAY) // HOUR
    return f"+{hours:02}:00"


def business_day(instant: int) -> int:
    """Return the company business day an instant falls on."""
    day = EPOCH + (instant + HOUR) // DAY
    return day + 1 if instant >= midnight(day + 1) else day


@cache
def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@lru_cache(maxsize=1024)
def iso(instant: int) -> str:
    """Return `YYYY-MM-DDTHH:MM:SS.mmmZ`."""
    days, rest = divmod(instant, DAY)
    return f"{day_text(EPOCH + days)}T{_clock(rest // 1000)}.{rest % 1000:03}Z"


@lru_cache(maxsize=1024)
def odoo_stamp(instant: int) -> str:
    """Return `YYYY-MM-DD HH:MM:SS`, UTC: Odoo keeps whole seconds."""
    days, rest = divmod(instant, DAY)
    return f"{day_text(EPOCH + days)} {_clock(rest // 1000)}"


def parse_iso(text: str) -> int:
    """Return the instant of an ISO 8601 stamp, cut to ms; without an offset it is UTC.

    Raises:
        ValueError: this is no such stamp.
    """
    moment = datetime.fromisoformat(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _UNIX) // _MS


@cache
def is_bank_day(day: int) -> bool:
    """Say whether TARGET settles on this day."""
    when = date.fromordinal(day)
    return when.weekday() < 5 and when not in _TARGET


@cache
def is_work_day(day: int) -> bool:
    """Say whether the company works: bank days are close enough."""
    return is_bank_day(day)


@cache
def bank_day_on_or_after(day: int) -> int:
    """Return the next day on which banks book, this one included."""
    while not is_bank_day(day):
        day += 1
    return day


def bank_day_after(day: int, steps: int = 1) -> int:
    """Return the bank day `steps` bank days later."""
    for _ in range(steps):
        day = bank_day_on_or_after(day + 1)
    return day


def month_start(day: int, months: int = 0) -> int:
    """Return the first day of the month `months` after this day's."""
    when = date.fromordinal(day)
    index = when.year * 12 + when.month - 1 + months
    return date(index // 12, index % 12 + 1, 1).toordinal()
