"""What the company buys to keep: racks for each warehouse before it opens."""

from __future__ import annotations

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Supplier
from umlauf.sandbox.company.documents import Document, Entry
from umlauf.sandbox.company.paying import Paying
from umlauf.sandbox.company.purchasing import input_tax
from umlauf.sandbox.company.setup import partner_values
from umlauf.sandbox.stamps import at, bank_day_on_or_after, business_day

MAKER, RACKS = "Regalbau Hansen GmbH", (72_000_000, 38_000_000, 45_000_000)
TERMS_DAYS = 14


class Investing:
    """Whoever equips the warehouses."""

    def __init__(self, business: Business, paying: Paying) -> None:
        self.business = business
        self.world = business.world
        self.paying = paying
        self.maker: Supplier | None = None

    def plan_purchases(self) -> None:
        """Get the racks, and the bill for them, three weeks before each warehouse opens."""
        for house, net in zip(self.business.stock.warehouses, RACKS, strict=True):
            day = bank_day_on_or_after(house.opens - 21)
            self.world.later(at(day, 15.25), self._buy, f"Racks {house.code}", net)

    def _buy(self, instant: int, what: str, cents: int) -> None:
        day, net = business_day(instant), self.world.sized(cents)
        maker = self._maker(instant)
        tax, due = input_tax(maker, net), day + TERMS_DAYS
        theirs = f"RH-{day}"
        entries = [
            Entry("payable", -(net + tax), kind="payment_term", due=due),
            Entry("equipment", net, what, units=1.0, price=net / 100),
            Entry("input_tax", tax, "VAT", kind="tax"),
        ]
        document = Document(
            "in_invoice", "purchases", day, "EUR", maker.record, day, due, theirs, reference=theirs
        )
        with self.world.transaction(instant) as tx:
            company = self.business.base.companies["EUR"]
            _, (owed,) = self.business.ledger.post(tx, company, document, entries)
        self.paying.owe(maker, owed)

    def _maker(self, instant: int) -> Supplier:
        """Return who makes racks, whom the ERP gets to know with the first bill."""
        if self.maker is None:
            country = self.business.base.country("DE")
            values = partner_values(MAKER, country, ref_text="S9001", kind=(0, 1))
            with self.world.transaction(instant - 60_000) as tx:
                record = tx.create("res.partner", values, active=True)
            iban = "DE41200500001234567890"
            self.maker = Supplier(record, "EUR", 0, 0.0, TERMS_DAYS, 0.0, iban)
        return self.maker
