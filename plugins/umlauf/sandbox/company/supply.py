"""Buying: review stock and order what will run short, a little at a time."""

from __future__ import annotations

from collections import defaultdict

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Product, Supplier
from umlauf.sandbox.company.orders import Orders
from umlauf.sandbox.company.purchasing import Purchase, delete_request, write_purchase
from umlauf.sandbox.company.receiving import Receiving
from umlauf.sandbox.stamps import DAY, at, business_day, is_work_day

DROPPED_RATE, COVER_DAYS = 0.02, 4


class Supply:
    """The purchasing department."""

    def __init__(self, business: Business, orders: Orders, receiving: Receiving) -> None:
        self.business = business
        self.world = business.world
        self.orders = orders
        self.receiving = receiving
        self.dice = self.world.dice("supply")
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
        position = self.receiving.on_order[product.code] + sum(
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
            self.receiving.on_order[line.product.code] += line.units
        self.world.later(instant + 10_800_000, self._approve, purchase)

    def _drop(self, instant: int, purchase: Purchase) -> None:
        delete_request(self.business, instant, purchase)

    def _approve(self, instant: int, purchase: Purchase) -> None:
        """Confirm the order: the goods are now expected at the gate."""
        with self.world.transaction(instant, may_be_late=True) as tx:
            purchase.approve(tx, business_day(instant))
            self.receiving.expect(tx, purchase)
