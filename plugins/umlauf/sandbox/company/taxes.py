"""Dealings with the tax offices: wage tax and income tax, and VAT on what was invoiced and billed.

VAT is declared by document date; what is posted later with an earlier date goes into the next
return. A cash discount leaves the tax as it was invoiced.
"""

from __future__ import annotations

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.running import Running
from umlauf.sandbox.stamps import business_day, day_text, month_start

QUARTER_ENDS, SWISS_RETURNS = ("03", "06", "09", "12"), ("02", "05", "08", "11")


class Taxes:
    """Whoever files the returns."""

    def __init__(self, business: Business, running: Running) -> None:
        self.business = business
        self.running = running

    def plan_months(self) -> None:
        """File on the 10th of every month, in Switzerland two months after each quarter."""
        self.running.monthly(10, self._payroll)
        self.running.monthly(10, self._german_vat)
        self.running.monthly(20, self._swiss_vat)

    def _payroll(self, instant: int) -> None:
        """Pay wage tax every month and income tax every quarter."""
        payroll = sum(pay for _, _, pay in self.running.staff(instant))
        contributions = [("social", payroll * 31 // 100)]
        self.running.pay(instant, "tax", contributions, "Finanzamt", "Lohnsteuer und Sozialabgaben")
        if day_text(business_day(instant))[5:7] in QUARTER_ENDS:
            income = [("income_tax", self.business.world.sized(3_000_000))]
            self.running.pay(instant, "tax", income, "Finanzamt", "Koerperschaftsteuer")

    def _german_vat(self, instant: int) -> None:
        day = business_day(instant)
        month = day_text(month_start(day, -1))[:7]
        self._declare(instant, "EUR", month_start(day), "Finanzamt", f"Umsatzsteuer {month}")

    def _swiss_vat(self, instant: int) -> None:
        day = business_day(instant)
        if day_text(day)[5:7] in SWISS_RETURNS:
            end = month_start(day, -1)
            text = f"Mehrwertsteuer bis {day_text(end - 1)}"
            self._declare(instant, "CHF", end, "Eidg. Steuerverwaltung", text)

    def _declare(self, instant: int, currency: str, end: int, office: str, text: str) -> None:
        """Pay output tax less input tax of the documents dated before `end`, or get it back."""
        company = self.business.base.companies[currency]
        tax = self.business.ledger.take_tax(company, end)
        parts = [(account, -balance) for account, balance in sorted(tax.items()) if balance]
        if sum(amount for _, amount in parts):
            self.running.pay(instant, "tax", parts, office, text, account=currency)
