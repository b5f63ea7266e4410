"""Buying: review stock, order, receive in one or more parts and often late, get billed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Product, Supplier
from umlauf.sandbox.company.orders import Orders
from umlauf.sandbox.company.paying import Paying
from umlauf.sandbox.company.places import Warehouse
from umlauf.sandbox.company.purchasing import (
    Purchase,
    PurchaseLine,
    bill,
    delete_request,
    write_purchase,
)
from umlauf.sandbox.company.stock import Links, Move
from umlauf.sandbox.stamps import (
    DAY,
    at,
    bank_day_after,
    bank_day_on_or_after,
    business_day,
    is_work_day,
)

PARTIAL_RATE, SHORT_RATE, DROPPED_RATE, BACK_DATED_RATE = 0.15, 0.015, 0.02, 0.02
COVER_DAYS = 18


@dataclass(slots=True)
class Expected:
    """Goods on their way for one purchase line."""

    line: PurchaseLine
    move: Move


class Supply:
    """The purchasing department and the goods-in gate."""

    def __init__(self, business: Business, orders: Orders, paying: Paying) -> None:
        self.business = business
        self.world = business.world
        self.orders = orders
        self.paying = paying
        self.dice = self.world.dice("supply")
        self.on_order: dict[str, int] = defaultdict(int)
        self.demand: dict[str, float] = {}
        self.seen: dict[str, int] = defaultdict(int)

    def plan_reviews(self, daily_units: float) -> None:
        """Review a third of the goods every working day; the first orders come before stock."""
        goods = self.business.catalogue.stocked
        total = sum(product.popularity for product in goods)
        for product in goods:
            self.demand[product.code] = daily_units * product.popularity / total
        first = self.business.stock_day - 50
        for day in range(max(first, self.world.first_day + 5), self.world.last_day + 1):
            if is_work_day(day):
                self.world.later(at(day, 7), self._review)

    def _review(self, instant: int) -> None:
        day = business_day(instant)
        wanted: dict[str, list[tuple[Product, int]]] = defaultdict(list)
        for place, product in enumerate(self.business.catalogue.stocked):
            self._learn(product, day)
            supplier = product.supplier
            if supplier is None or (place + day) % 3 or product.popularity == 0:
                continue
            # Until the warehouse stands, order only what would arrive just after it opens.
            if day + supplier.lead_days < self.business.stock_day:
                continue
            units = self._shortage(product, supplier)
            if units:
                wanted[str(supplier.record["ref"])].append((product, units))
        for lines in wanted.values():
            self._request(instant, lines)

    def _learn(self, product: Product, day: int) -> None:
        new = self.orders.ordered[product.code] - self.seen[product.code]
        self.seen[product.code] += new
        if day > self.business.stock_day + 30:
            self.demand[product.code] += 0.04 * (new - self.demand[product.code])

    def _shortage(self, product: Product, supplier: Supplier) -> int:
        stock, daily = self.business.stock, self.demand[product.code]
        position = self.on_order[product.code] + sum(
            stock.free(product, house.stock) for house in stock.warehouses
        )
        for house in stock.warehouses:
            waiting = self.orders.waiting.get((product.code, house.code), ())
            position -= sum(item.move.units for item in waiting)
        point = daily * (supplier.lead_days + 22)
        if position > point:
            return 0
        units = max(product.minimum, round(point + daily * COVER_DAYS - position))
        return -(-units // product.pack) * product.pack

    def _request(self, instant: int, lines: list[tuple[Product, int]]) -> None:
        purchase = write_purchase(self.business, instant, lines, self.dice)
        if self.dice.random() < DROPPED_RATE:
            self.world.later(instant + 8 * DAY, self._drop, purchase)
            return
        for line in purchase.lines:
            self.on_order[line.product.code] += line.units
        self.world.later(instant + 10_800_000, self._approve, purchase)

    def _drop(self, instant: int, purchase: Purchase) -> None:
        delete_request(self.business, instant, purchase)

    def _approve(self, instant: int, purchase: Purchase) -> None:
        """Confirm the order: the goods are now expected at the gate."""
        day, stock = business_day(instant), self.business.stock
        house = self._gate(day + purchase.supplier.lead_days)
        picking = stock.picking(house, "IN")
        expected = []
        with self.world.transaction(instant, may_be_late=True) as tx:
            purchase.approve(tx, day)
            for line in purchase.lines:
                name = str(purchase.record["name"])
                links = Links(str(picking[1]), picking, name, purchase_line=line.ref)
                way = (self.business.outside["suppliers"], house.stock)
                move = stock.plan(
                    tx,
                    line.product,
                    line.units,
                    way,
                    links,
                    line.promised_at,
                    pack=line.pack,
                    price=line.price * line.pack / 100,
                )
                expected.append(Expected(line, move))
        arrival = purchase.promised + self._slip(purchase.supplier)
        when = bank_day_on_or_after(max(arrival, day + 1, house.opens))
        self.world.later(
            at(when, 9, self.dice.randrange(10_000)), self._receive, purchase, house, expected
        )

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

    def _receive(
        self, instant: int, purchase: Purchase, house: Warehouse, expected: list[Expected]
    ) -> None:
        if self.dice.random() < BACK_DATED_RATE:
            # Unloaded on time, typed in days later with the day it really came.
            typed = bank_day_after(business_day(instant), self.dice.randrange(1, 6))
            self.world.later(
                at(typed, 8, self.dice.randrange(3600)),
                self._enter,
                purchase,
                house,
                expected,
                instant,
            )
            return
        self._enter(instant, purchase, house, expected, instant)

    def _enter(
        self,
        instant: int,
        purchase: Purchase,
        house: Warehouse,
        expected: list[Expected],
        effective: int,
    ) -> None:
        stock, later, received = self.business.stock, [], []
        day = business_day(effective)
        with self.world.transaction(instant, may_be_late=True) as tx:
            for item in expected:
                line, move = item.line, item.move
                rest = 0
                if move.units >= 4 * line.pack and self.dice.random() < PARTIAL_RATE:
                    first = move.units * 6 // 10 // line.pack * line.pack
                    rest = stock.shorten(tx, move, first)
                worth = self.business.rates.convert(
                    move.units * line.price, purchase.currency, "EUR", day
                )
                stock.finish(tx, move, effective, value=worth)
                self.on_order[line.product.code] -= move.units
                line.receive(tx, move.units, day)
                received.append((line, move.units))
                if rest and self.dice.random() < SHORT_RATE * 6:
                    self.on_order[line.product.code] -= rest
                elif rest:
                    links = Links(
                        str(move.record["reference"]),
                        move.record["picking_id"],
                        str(purchase.record["name"]),
                        purchase_line=line.ref,
                    )
                    way = (move.source, move.target)
                    again = stock.plan(
                        tx,
                        line.product,
                        rest,
                        way,
                        links,
                        line.promised_at,
                        pack=line.pack,
                        price=line.price * line.pack / 100,
                    )
                    later.append(Expected(line, again))
        if later:
            when = bank_day_after(business_day(instant), self.dice.randrange(3, 15))
            self.world.later(
                at(when, 9, self.dice.randrange(10_000)), self._receive, purchase, house, later
            )
        billed = bank_day_after(business_day(instant), self.dice.randrange(1, 8))
        self.world.later(at(billed, 14, self.dice.randrange(7200)), self._bill, purchase, received)

    def _bill(
        self, instant: int, purchase: Purchase, received: list[tuple[PurchaseLine, int]]
    ) -> None:
        item = bill(self.business, instant, purchase, received, self.dice)
        self.paying.owe(purchase.supplier, item)
