"""Orders that come without a deal: customers who know what they want, again and again."""

from __future__ import annotations

from itertools import accumulate

from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import ACCESSORIES
from umlauf.sandbox.company.orders import Orders, Wanted
from umlauf.sandbox.company.people import Customer
from umlauf.sandbox.company.sales import PRICE_IN
from umlauf.sandbox.company.seasons import season
from umlauf.sandbox.stamps import at, is_work_day

ORDERS_PER_DAY, LINES, SOFTWARE_PER_DAY = 15.0, (1, 2, 3, 3, 4, 5, 6, 8), 2.5
MEAN_UNITS = 5.3


class Reorders:
    """The telephone and the web shop."""

    def __init__(self, business: Business, orders: Orders) -> None:
        self.business = business
        self.world = business.world
        self.orders = orders
        self.dice = self.world.dice("reorders")
        self.goods_buyers = [c for c in business.people.customers if c.currency != "CHF"]
        self.weights = list(accumulate(c.weight for c in self.goods_buyers))

    @property
    def units_per_day(self) -> float:
        """What purchasing expects to sell on a working day, all goods together."""
        lines = sum(LINES) / len(LINES)
        return ORDERS_PER_DAY * self.world.scale * lines * MEAN_UNITS * 5 / 7 * 1.3

    def plan_days(self) -> None:
        """Let orders come on working days: software from the start, goods once there are any."""
        owed = {"goods": 0.0, "software": 0.0}
        for day in range(self.world.first_day + 20, self.world.last_day + 1):
            if not is_work_day(day):
                continue
            busy = self.dice.uniform(0.6, 1.4) * season(day)
            owed["software"] += SOFTWARE_PER_DAY * self.world.scale * busy
            age = day - self.business.stock_day - 7
            if age > 0:
                owed["goods"] += (
                    ORDERS_PER_DAY * self.world.scale * busy * min(1.2, 0.7 + age / 900)
                )
            for kind, action in (("goods", self._goods), ("software", self._software)):
                while owed[kind] >= 1:
                    owed[kind] -= 1
                    when = at(day, 8, self.dice.randrange(32_000)) + self.dice.randrange(1000)
                    self.world.later(when, action)

    def _goods(self, instant: int) -> None:
        customer = self.dice.choices(self.goods_buyers, cum_weights=self.weights)[0]
        goods = self.business.catalogue.stocked
        weights = [product.popularity for product in goods]
        chosen = self.dice.choices(goods, weights, k=self.dice.choice(LINES))
        wanted = []
        for product in dict.fromkeys(p.code for p in chosen):
            item = next(p for p in chosen if p.code == product)
            many = item.family == ACCESSORIES
            units = self.dice.randint(2, 14) if many else self.dice.choice([1, 1, 2, 2, 3, 5])
            price = item.price * PRICE_IN[customer.currency] // 100
            wanted.append(Wanted(item, units, price, self.dice.choice([0, 0, 0, 0, 3, 5])))
        self._place(instant, customer, wanted)

    def _software(self, instant: int) -> None:
        customer = self.dice.choice(self.business.people.customers)
        product = self.dice.choice(self.business.catalogue.software)
        price = product.price * PRICE_IN[customer.currency] // 100
        self._place(instant, customer, [Wanted(product, self.dice.randint(1, 3), price)])

    def _place(self, instant: int, customer: Customer, wanted: list[Wanted]) -> None:
        number = self.world.new_id("customer reference")
        known = self.dice.random() < 0.6
        self.orders.place(instant, customer, wanted, f"PO-{number:05}" if known else False)
