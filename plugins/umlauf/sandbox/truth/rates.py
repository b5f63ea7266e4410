"""Euros for cents of any currency, at the last rate published by a day (the first also before)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable

from umlauf.sandbox.company.fx import MILLION, rounded
from umlauf.sandbox.journal import Diary

COMPANY_CURRENCY = {1: "EUR", 2: "CHF"}
ToEuros = Callable[[int, str, int], int]


def euro_converter(diary: Diary) -> ToEuros:
    """Return a function of cents, currency and day that gives cents of euros."""
    rates: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for day, currency, per_euro in diary.facts("fx_rate"):
        rates[currency][0].append(day)
        rates[currency][1].append(per_euro)

    def to_euros(cents: int, currency: str, day: int) -> int:
        days, per_euro = rates[currency]
        return rounded(cents * MILLION, per_euro[max(0, bisect_right(days, day) - 1)])

    return to_euros
