"""The goods-in gate: goods come in one or more parts, often late, at times typed in days later."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from umlauf.sandbox.company import stock
from umlauf.sandbox.company.billing import Billing, Receipt
from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Supplier
from umlauf.sandbox.company.places import Warehouse
from umlauf.sandbox.company.purchasing import ORDER, Purchase, PurchaseLine
from umlauf.sandbox.company.stock import Links, Move
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import at, bank_day_after, bank_day_on_or_after, business_day

PARTIAL_RATE, NEVER_RATE, BACK_DATED_RATE = 0.15, 0.09, 0.02


@dataclass(slots=True)
class Expected:
    """Goods on their way for one purchase line."""

    line: PurchaseLine
    move: Move
    links: Links


class Receiving:
    """Whoever unloads the lorries; `on_order` counts the units on their way per product code."""

    def __init__(self, business: Business, billing: Billing) -> None:
        self.business = business
        self.world = business.world
        self.billing = billing
        self.dice = self.world.dice("receiving")
        self.on_order: dict[str, int] = defaultdict(int)

    def expect(self, tx: Transaction, purchase: Purchase) -> None:
        """Plan the arrival of a confirmed order, at about the promised day."""
        day = business_day(tx.at)
        house = self._gate(day + purchase.supplier.lead_days)
        picking = self.business.stock.picking(house, "IN")
        expected = []
        for line in purchase.lines:
            links = Links(
                str(picking[1]), picking, str(purchase.record["name"]), purchase_line=line.ref
            )
            expected.append(self._plan(tx, line, line.units, house, links))
        arrival = purchase.promised + self._slip(purchase.supplier)
        when = bank_day_on_or_after(max(arrival, day + 1, house.opens))
        self._arrive_on(when, purchase, house, expected)

    def _plan(
        self, tx: Transaction, line: PurchaseLine, units: int, house: Warehouse, links: Links
    ) -> Expected:
        way = (self.business.outside["suppliers"], house.stock)
        price = line.price * line.pack / 100
        move = self.business.stock.plan(
            tx, line.product, units, way, links, line.promised_at, pack=line.pack, price=price
        )
        return Expected(line, move, links)

    def _gate(self, day: int) -> Warehouse:
        """Return where goods come in: the first warehouse mostly, the others directly at times."""
        ready = [house for house in self.business.stock.warehouses if house.opens <= day]
        if len(ready) > 1 and self.dice.random() < 0.25:
            return self.dice.choice(ready[1:])
        return self.business.stock.warehouses[0]

    def _slip(self, supplier: Supplier) -> int:
        days = self.dice.gauss(-0.5, 1.5)
        if self.dice.random() < supplier.slip_rate:
            days += self.dice.expovariate(1 / 8)
        return round(days)

    def _arrive_on(
        self, day: int, purchase: Purchase, house: Warehouse, expected: list[Expected]
    ) -> None:
        when = at(day, 9, self.dice.randrange(10_000))
        self.world.later(when, self._receive, purchase, house, expected)

    def _receive(
        self, instant: int, purchase: Purchase, house: Warehouse, expected: list[Expected]
    ) -> None:
        typed = instant
        if self.dice.random() < BACK_DATED_RATE:
            # Unloaded on time, typed in days later with the day it really came.
            later = bank_day_after(business_day(instant), self.dice.randrange(1, 6))
            typed = at(later, 8, self.dice.randrange(3600))
        self.world.later(typed, self._enter, purchase, house, expected, instant)

    def _enter(
        self,
        instant: int,
        purchase: Purchase,
        house: Warehouse,
        expected: list[Expected],
        effective: int,
    ) -> None:
        received, missing = [], []
        with self.world.transaction(instant, may_be_late=True) as tx:
            for item in expected:
                rest = self._shorten(tx, item)
                received.append(self._take_in(tx, purchase, item, effective))
                if rest and self.dice.random() < NEVER_RATE:
                    self.on_order[item.line.product.code] -= rest
                elif rest:
                    missing.append(self._plan(tx, item.line, rest, house, item.links))
        day = business_day(instant)
        if missing:
            when = bank_day_after(day, self.dice.randrange(3, 15))
            self._arrive_on(when, purchase, house, missing)
        self.billing.expect(day, purchase, house, received)

    def _shorten(self, tx: Transaction, item: Expected) -> int:
        """Let a part of the goods be missing at times; return how many units."""
        move, pack = item.move, item.line.pack
        if move.units < 4 * pack or self.dice.random() >= PARTIAL_RATE:
            return 0
        return self.business.stock.shorten(tx, move, move.units * 6 // 10 // pack * pack)

    def _take_in(
        self, tx: Transaction, purchase: Purchase, item: Expected, effective: int
    ) -> Receipt:
        line, move, day = item.line, item.move, business_day(effective)
        price = move.units * line.price
        worth = self.business.rates.convert(price, purchase.currency, "EUR", day)
        done = self.business.stock.finish(tx, move, effective, value=worth)
        self.on_order[line.product.code] -= move.units
        line.receive(tx, move.units, day)
        tx.link((ORDER, purchase.record["id"]), (stock.LINE, done))
        return Receipt(line, move.units, done)
