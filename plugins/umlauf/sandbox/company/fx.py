"""Daily exchange rates on bank business days, as units of a currency per euro.

Rates are whole millionths, so that every conversion is exact integer arithmetic in cents.
"""

from __future__ import annotations

from collections.abc import Callable

from umlauf.sandbox.company.world import Record, Transaction, World
from umlauf.sandbox.stamps import at, day_text

MILLION = 1_000_000
OPENING = {"EUR": MILLION, "USD": 1_084_000, "CHF": 947_000}
DAILY_MOVE = {"USD": 0.0042, "CHF": 0.0026}


def rounded(numerator: int, denominator: int) -> int:
    """Return the quotient to the nearest whole number, halves away from zero."""
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    numerator, denominator = abs(numerator), abs(denominator)
    return sign * ((2 * numerator + denominator) // (2 * denominator))


class Rates:
    """The rates in force, and their way into Odoo."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dice = world.dice("fx")
        self.per_euro = dict(OPENING)
        self.history: dict[int, dict[str, int]] = {}

    def convert(self, cents: int, currency: str, company_currency: str, day: int) -> int:
        """Return the cents in the company's currency at the last rate published by the day."""
        if currency == company_currency:
            return cents
        return rounded(cents * MILLION, self.company_rate(currency, company_currency, day))

    def company_rate(self, currency: str, company_currency: str, day: int) -> int:
        """Return millionths of the currency per one unit of the company's."""
        while day not in self.history and day >= self.world.first_day:
            day -= 1
        per_euro = self.history.get(day, OPENING)
        if company_currency == "EUR":
            return per_euro[currency]
        return rounded(per_euro[currency] * MILLION, per_euro[company_currency])

    def publish(
        self, day: int, companies: dict[str, Record], currencies: Callable[[str], Record]
    ) -> None:
        """Move the rates on by a day and write them for every company."""
        for currency, move in DAILY_MOVE.items():
            pull = (OPENING[currency] - self.per_euro[currency]) / OPENING[currency] * 0.01
            step = self.dice.gauss(pull, move)
            self.per_euro[currency] = round(self.per_euro[currency] * (1 + step))
        self.history[day] = dict(self.per_euro)
        with self.world.transaction(at(day, 5.5)) as tx:
            for currency, per_euro in self.per_euro.items():
                tx.fact("fx_rate", day, currency, per_euro)
            for company_currency, company in companies.items():
                for currency in OPENING:
                    if currency != company_currency:
                        self._write(tx, day, company, currencies(currency), company_currency)

    def _write(
        self, tx: Transaction, day: int, company: Record, currency: Record, company_currency: str
    ) -> None:
        rate = self.company_rate(currency["name"], company_currency, day)
        tx.create(
            "res.currency.rate",
            {
                "name": day_text(day),
                "currency_id": [currency["id"], currency["name"]],
                "company_id": [company["id"], company["name"]],
                "company_rate": rate / MILLION,
                "inverse_company_rate": round(MILLION / rate, 12),
                "rate": rate / MILLION,
            },
        )
