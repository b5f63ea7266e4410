"""The languages of the page: English as the template says it, others from `languages/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton

_TEXTS = Path(__file__).parent / "languages"
ENGLISH = "en"


@dataclass(frozen=True, kw_only=True)
class Language:
    """How a reader says things; `texts` is empty for English."""

    code: str
    texts: dict[str, str]

    @property
    def file_name(self) -> str:
        """The page in this language; English is the one that is opened first."""
        return "index.html" if self.code == ENGLISH else f"index.{self.code}.html"

    @property
    def name(self) -> str:
        """What its speakers call it."""
        return str(Locale(self.code).get_display_name()).capitalize()

    def say(self, text: str, **values: Any) -> str:
        """Return the text with its `{values}` put in.

        Raises:
            KeyError: nobody has said yet what that is in this language.
        """
        return (self.texts[text] if self.texts else text).format(**values)

    def term(self, word: str) -> str:
        """Return a word of the marts in this language, or as it is if nobody has said yet."""
        return self.texts.get(word, word)

    def number(self, value: Decimal | float | None, digits: int = 0) -> str:
        """Write a number with thin spaces between its thousands."""
        return "-" if value is None else self._typeset(f"{value:,.{digits}f}")

    def signed(self, value: Decimal | float | None) -> str:
        """Write a change with its sign; what rounds to nothing is 0 without one."""
        if value is None:
            return "-"
        return self._typeset(f"{value:+,.0f}") if round(value) else "0"

    def share(self, value: Decimal | float | None) -> str:
        """Write a ratio of one as a percentage."""
        return "-" if value is None else f"{self.number(value * 100)}\u202f%"

    def day(self, day: date | None, *, is_long: bool = False) -> str:
        """Write a date: in full, or its day and month."""
        if day is None:
            return "-"
        if is_long:
            return format_date(day, "full", locale=_written(self.code))
        return format_skeleton("MMMd", day, locale=_written(self.code))

    def moment(self, stamp: datetime | None, zone: ZoneInfo) -> str:
        """Write a naive UTC stamp as the company's clocks showed it."""
        if stamp is None:
            return self.say("never")
        there = stamp.replace(tzinfo=UTC).astimezone(zone)
        return f"{self.day(there.date())} {there:%H:%M}"

    def drawn(self) -> dict[str, Any]:
        """Return how the charts write numbers and dates, as Vega's configuration."""
        locale = Locale(self.code)
        months, days = locale.months["format"], locale.days["format"]
        week = [6, *range(6)]  # Vega's begins on Sunday
        return {
            "number": {
                "decimal": self._decimal, "thousands": "\u202f", "grouping": [3],
                "currency": ["", ""],
            },
            "time": {
                "dateTime": "%x, %X", "date": "%d.%m.%Y", "time": "%H:%M:%S",
                "periods": ["AM", "PM"],
                "days": [days["wide"][day] for day in week],
                "shortDays": [days["abbreviated"][day] for day in week],
                "months": [months["wide"][month] for month in range(1, 13)],
                "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
            },
        }  # fmt: skip

    @property
    def _decimal(self) -> str:
        return str(Locale(self.code).number_symbols["latn"]["decimal"])

    def _typeset(self, number: str) -> str:
        return number.translate({44: "\u202f", 45: "\u2212", 46: self._decimal})


def _written(code: str) -> str:
    return "en_GB" if code == ENGLISH else code  # the day before the month


def languages() -> list[Language]:
    """Return English and every language that has a file, English first."""
    others = [
        Language(code=file.stem, texts=tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted(_TEXTS.glob("*.toml"))
    ]
    return [Language(code=ENGLISH, texts={}), *others]
