"""Rewrite bank_holidays.csv from the `holidays` package: run it after raising that package.

DE: German public holidays of the whole country. CH: public holidays of the canton of Zurich, where
the Swiss clearing sits. US: Federal Reserve, which does not move a Saturday's holiday to Friday.
TARGET: closing days of the euro's payment system. 2010 to 2040, as the package foresees them.
"""

from __future__ import annotations

import csv
from pathlib import Path

import holidays

YEARS = range(2010, 2041)
TARGET = Path(__file__).with_name("bank_holidays.csv")


def bank_holidays() -> list[tuple[str, str, str]]:
    """Return (calendar, ISO date, English name) in the order of the file."""
    calendars = {
        "CH": holidays.country_holidays("CH", subdiv="ZH", years=YEARS, language="en_US"),
        "DE": holidays.country_holidays("DE", years=YEARS, language="en_US"),
        "TARGET": holidays.financial_holidays("TAR", years=YEARS),
        "US": holidays.financial_holidays("XFED", years=YEARS),
    }
    return [
        (calendar, day.isoformat(), name)
        for calendar, days in calendars.items()
        for day, name in sorted(days.items())
    ]


if __name__ == "__main__":
    with TARGET.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("calendar", "holiday_date", "holiday_name"))
        writer.writerows(bank_holidays())
