"""What happens inside the warehouses: transfers between them, counts, scrap, empty quants."""

from __future__ import annotations

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Product
from umlauf.sandbox.company.places import Warehouse
from umlauf.sandbox.company.stock import Links
from umlauf.sandbox.company.supply import Supply
from umlauf.sandbox.company.world import Transaction
from umlauf.sandbox.stamps import DAY, at, business_day, is_work_day

COUNT_RATE, SCRAP_RATE, BACK_DATED_RATE = 0.035, 0.018, 0.03
TRANSFER_DAYS = 22


class Storekeeping:
    """The people with the forklifts."""

    def __init__(self, business: Business, supply: Supply) -> None:
        self.business = business
        self.world = business.world
        self.supply = supply
        self.dice = self.world.dice("storekeeping")

    def plan_days(self) -> None:
        """Move goods at 05:30, count and scrap at 16:00, on working days."""
        for day in range(self.business.stock_day + 3, self.world.last_day + 1):
            if is_work_day(day):
                self.world.later(at(day, 5.5), self._transfer)
                self.world.later(at(day, 16, self.dice.randrange(1800)), self._count)
            if day % 7 == 6:
                self.world.later(at(day, 22), self._sweep)

    def _transfer(self, instant: int) -> None:
        """Refill the outer warehouses from the first: one transaction, one stamp for all."""
        stock, day = self.business.stock, business_day(instant)
        source = stock.warehouses[0]
        others = [house for house in stock.warehouses[1:] if house.opens <= day]
        with self.world.transaction(instant) as tx:
            for place, house in enumerate(others):
                picking = stock.picking(house, "INT")
                for number, product in enumerate(self.business.catalogue.stocked):
                    if (number + day) % 5 == place * 2:
                        self._refill(tx, product, source, house, picking)

    def _refill(
        self,
        tx: Transaction,
        product: Product,
        source: Warehouse,
        house: Warehouse,
        picking: list[int | str],
    ) -> None:
        stock = self.business.stock
        daily = self.supply.demand[product.code] / len(stock.warehouses)
        short = round(daily * TRANSFER_DAYS) - stock.free(product, house.stock)
        for item in self.supply.orders.waiting[product.code, house.code]:
            short += item.move.units
        spare = stock.free(product, source.stock) * 2 // 3
        units = min(short, spare)
        if units < max(1, round(daily * 3)):
            return
        links = Links(str(picking[1]), picking)
        move = stock.plan(tx, product, units, (source.stock, house.stock), links, tx.at)
        stock.finish(tx, move, tx.at)

    def _count(self, instant: int) -> None:
        """Count some shelves and scrap what is broken; a few counts are typed in days later."""
        stock, day = self.business.stock, business_day(instant)
        with self.world.transaction(instant, may_be_late=True) as tx:
            for house in stock.warehouses:
                for product in self.business.catalogue.stocked:
                    chance = self.dice.random()
                    if house.opens > day or not stock.on_hand[product.code, house.stock.id]:
                        continue
                    if chance < COUNT_RATE:
                        self._correct(tx, product, house, day)
                    elif chance < COUNT_RATE + SCRAP_RATE:
                        self._scrap(tx, product, house)

    def _correct(self, tx: Transaction, product: Product, house: Warehouse, day: int) -> None:
        stock, room, loss = self.business.stock, house.stock, self.business.outside["loss"]
        found = self.dice.choice([-3, -2, -1, -1, 1, 1, 2])
        effective = tx.at
        if self.dice.random() < BACK_DATED_RATE:
            effective = max(
                at(self.business.stock_day + 1, 12), tx.at - self.dice.randrange(1, 6) * DAY
            )
        lowest = stock.lowest_since(product, room, business_day(effective) - 1, day)
        if found < 0 and min(lowest, stock.free(product, room)) < -found:
            return
        way = (room, loss) if found < 0 else (loss, room)
        links = Links("Product Quantity Updated")
        move = stock.plan(tx, product, abs(found), way, links, effective)
        stock.finish(tx, move, effective)

    def _scrap(self, tx: Transaction, product: Product, house: Warehouse) -> None:
        stock = self.business.stock
        if stock.free(product, house.stock) < 1:
            return
        number = self.world.new_id("stock.scrap")
        way = (house.stock, self.business.outside["scrap"])
        move = stock.plan(tx, product, 1, way, Links(f"SP/{number:05}"), tx.at)
        stock.finish(tx, move, tx.at)

    def _sweep(self, instant: int) -> None:
        with self.world.transaction(instant) as tx:
            self.business.stock.sweep(tx)
