"""Everything the departments share, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from umlauf.sandbox.company.bank import Account, Bank
from umlauf.sandbox.company.catalogue import Catalogue
from umlauf.sandbox.company.fx import Rates
from umlauf.sandbox.company.ledger import Ledger
from umlauf.sandbox.company.people import Customer, People
from umlauf.sandbox.company.places import Place, Warehouse
from umlauf.sandbox.company.setup import Company, Foundation
from umlauf.sandbox.company.stock import Stock
from umlauf.sandbox.company.world import World


@dataclass(slots=True)
class Business:
    """The company at work. Goods are stocked from `stock_day` on; before, only software sells."""

    world: World
    base: Foundation
    people: People
    catalogue: Catalogue
    rates: Rates
    ledger: Ledger
    bank: Bank
    stock: Stock
    outside: dict[str, Place]
    stock_day: int
    known: dict[str, int] = field(default_factory=dict)

    def company_for(self, currency: str) -> Company:
        """Return who invoices in this currency: the Swiss company in francs, else the German."""
        return self.base.companies["CHF" if currency == "CHF" else "EUR"]

    def account_for(self, currency: str) -> Account:
        """Return the bank account kept in this currency."""
        return self.bank.accounts[currency]

    def customer_number(self, customer: Customer) -> int:
        """Return the ERP's number for a customer, given on first use."""
        return self.known.setdefault(str(customer.id), len(self.known) + 10001)

    def warehouse_for(self, customer: Customer, day: int) -> Warehouse:
        """Return the open warehouse that serves a customer."""
        ready = [house for house in self.stock.warehouses if house.opens <= day]
        return ready[(customer.id // 11_003) * 7 % 10 * len(ready) // 10]
