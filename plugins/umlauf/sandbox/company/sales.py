"""How deals come, move and end: steps back, skips, pushes, pulls, raises, losses, reopenings.

A deal's expected close is pushed whenever it passes while the deal is open, except for deals that
are asleep. Closing sets it to the moment of closing, as HubSpot does.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate

from umlauf.sandbox.company import names
from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import Product
from umlauf.sandbox.company.deals import (
    DEAL_IDS,
    ITEM_IDS,
    LOST,
    STAGES,
    WON,
    Deal,
    LineItem,
    change,
    decimal_text,
    stage_properties,
    write_item,
    write_new,
)
from umlauf.sandbox.company.orders import Orders, Wanted
from umlauf.sandbox.company.people import Customer, Owner
from umlauf.sandbox.company.seasons import season
from umlauf.sandbox.stamps import (
    DAY,
    HOUR,
    at,
    bank_day_on_or_after,
    business_day,
    is_work_day,
    iso,
)

OPEN = [stage for stage, _, _ in STAGES[:5]]
MEAN_DAYS = (7, 12, 16, 12, 9)
PRICE_IN = {"EUR": 100, "USD": 108, "CHF": 95}
SKIP, BACK, ASLEEP, REOPEN, RAISE, PULL, ARCHIVE, NO_AMOUNT = (
    0.06,
    0.06,
    0.05,
    0.03,
    0.25,
    0.08,
    0.012,
    0.02,
)


class Sales:
    """The sales team and its CRM."""

    def __init__(self, business: Business, orders: Orders) -> None:
        self.business = business
        self.world = business.world
        self.orders = orders
        self.dice = self.world.dice("sales")
        self.open: dict[int, Deal] = {}
        customers = business.people.customers
        self.weights = list(accumulate(customer.weight for customer in customers))

    def plan_days(self, total: int, until: int) -> None:
        """Spread `total` new deals over the days until one: more in season, and as time goes by."""
        first, span = self.world.first_day, until - self.world.first_day
        shares = {
            day: season(day) * (0.6 + 0.8 * min(1.0, (day - first) / span))
            for day in range(first + 1, self.world.last_day + 1)
            if is_work_day(day)
        }
        whole = sum(share for day, share in shares.items() if day <= until)
        owed = 0.0
        for day, share in shares.items():
            owed += total * share / whole
            while owed >= 1:
                owed -= 1
                when = at(day, 8.5, self.dice.randrange(32_000)) + self.dice.randrange(1000)
                self.world.later(when, self._create)

    def _create(self, instant: int) -> None:
        people = self.business.people
        customer = self.dice.choices(people.customers, cum_weights=self.weights)[0]
        owner = self.dice.choice([owner for owner in people.owners if owner.is_active])
        key = DEAL_IDS + self.world.new_id("deal") * 7_001
        first = 1 if self.dice.random() < SKIP else 0
        path, ends = self._path(customer, first)
        total = sum(days for _, days in path)
        close = self._some_day(instant, max(10.0, total * self.dice.uniform(0.5, 1.1)))
        deal = Deal(key, customer, owner, instant, OPEN[first], close)
        self._fill(deal, business_day(instant))
        self.open[key] = deal
        with self.world.transaction(instant, may_be_late=True) as tx:
            write_new(tx, deal)
        asleep = self.dice.random() < ASLEEP
        self._plan(deal, instant, path, ends, asleep)

    def _path(self, customer: Customer, first: int) -> tuple[list[tuple[str, float]], str]:
        """Return stages with the days spent in each, and how it ends."""
        slow = 1.5 if customer.segment == "public_sector" else 1.0
        wins = self.dice.random() < 0.29
        last = 4 if wins else self.dice.choices(range(first, 5), [8, 7, 5, 3, 2][first:])[0]
        path, place = [], first
        while place <= last:
            path.append((OPEN[place], self.dice.expovariate(1 / MEAN_DAYS[place]) * slow + 0.5))
            chance = self.dice.random()
            if chance < BACK and place > first:
                place -= 1
            elif chance > 1 - SKIP and place < last - 1:
                place += 2
            else:
                place += 1
        return path, WON if wins else LOST

    def _plan(
        self, deal: Deal, instant: int, path: list[tuple[str, float]], ends: str, asleep: bool
    ) -> None:
        """Put a deal's life on the agenda."""
        now = float(instant)
        for (_, days), (following, _) in zip(path, [*path[1:], (ends, 0.0)], strict=True):
            now += days * DAY
            if following == ends and asleep:
                now += self.dice.uniform(90, 200) * DAY
            moment = self._work_time(now)
            now = max(now, moment)
            act: Callable[..., None] = self._close if following in (WON, LOST) else self._advance
            self.world.later(moment, act, deal, following)
        if not asleep:
            self.world.later(self._work_time(deal.close - DAY), self._push, deal)
        if self.dice.random() < RAISE:
            self.world.later(self._between(instant, now), self._resize, deal)
        if self.dice.random() < PULL:
            self.world.later(self._between(instant, now), self._pull, deal)
        if self.dice.random() < ARCHIVE:
            self.world.later(
                self._work_time(instant + self.dice.uniform(3, 160) * DAY), self._archive, deal
            )

    def _advance(self, instant: int, deal: Deal, stage: str) -> None:
        if deal.is_archived or deal.is_closed or deal.stage == stage:
            return
        deal.stage = stage
        self._write(instant, deal, stage_properties(stage))

    def _close(self, instant: int, deal: Deal, stage: str) -> None:
        if deal.is_archived or deal.is_closed:
            return
        deal.stage, deal.close = stage, instant
        reason = self.dice.choice(names.LOST_REASONS) if stage == LOST else None
        self._write(instant, deal, stage_properties(stage, reason) | {"closedate": iso(instant)})
        if stage == LOST and self.dice.random() < REOPEN:
            self.world.later(
                self._work_time(instant + self.dice.uniform(15, 60) * DAY), self._reopen, deal
            )
        if stage == WON and deal.items:
            wait = bank_day_on_or_after(business_day(instant) + self.dice.randrange(1, 4))
            goods = any(item.wanted.product.is_stocked for item in deal.items)
            ready = bank_day_on_or_after(self.business.stock_day + 10) if goods else 0
            when = at(max(wait, ready), 9, self.dice.randrange(20_000))
            self.world.later(when, self._order, deal)

    def _order(self, instant: int, deal: Deal) -> None:
        wanted = [item.wanted for item in deal.items]
        self.orders.place(instant, deal.customer, wanted, f"BE-{deal.id % 1_000_003}", deal.id)

    def _reopen(self, instant: int, deal: Deal) -> None:
        if deal.is_archived:
            return
        deal.stage = OPEN[1]
        deal.close = self._some_day(instant, 45)
        self._write(instant, deal, stage_properties(OPEN[1]) | {"closedate": iso(deal.close)})
        ends = WON if self.dice.random() < 0.4 else LOST
        path = [(OPEN[1], 9.0), (OPEN[3], self.dice.uniform(5, 25))]
        self._plan(deal, instant, path, ends, asleep=False)

    def _push(self, instant: int, deal: Deal) -> None:
        if deal.is_archived or deal.is_closed or instant < deal.close - 3 * DAY:
            return
        deal.close = self._some_day(max(instant, deal.close), self.dice.uniform(9, 40))
        self._write(instant, deal, {"closedate": iso(deal.close)})
        self.world.later(self._work_time(deal.close - DAY), self._push, deal)

    def _pull(self, instant: int, deal: Deal) -> None:
        if deal.is_archived or deal.is_closed or deal.close < instant + 12 * DAY:
            return
        deal.close -= self.dice.randrange(3, 9) * DAY
        self._write(instant, deal, {"closedate": iso(deal.close)})
        self.world.later(self._work_time(deal.close - DAY), self._push, deal)

    def _resize(self, instant: int, deal: Deal) -> None:
        """Raise or lower a deal through the units of one line item."""
        if deal.is_archived or deal.is_closed or not deal.items:
            return
        item = self.dice.choice(deal.items)
        factor = self.dice.choice([0.5, 0.7, 0.8, 1.2, 1.5, 2.0])
        units = max(1, round(item.wanted.units * factor))
        if units == item.wanted.units:
            units += 1
        old = item.wanted
        item.wanted = Wanted(old.product, units, old.price, old.discount)
        self._write(instant, deal, {"amount": decimal_text(deal.amount)}, item)

    def _write(
        self,
        instant: int,
        deal: Deal,
        changed: dict[str, str | None],
        item: LineItem | None = None,
    ) -> None:
        with self.world.transaction(instant, may_be_late=True) as tx:
            if item is not None:
                write_item(tx, item, deal.created, instant)
            change(tx, deal, instant, changed)
            note = (deal.id, instant)
            if "dealstage" in changed:
                tx.fact("deal_change", *note, "stage", deal.stage)
            if "closedate" in changed:
                tx.fact("deal_change", *note, "close", deal.close)
            if "amount" in changed:
                tx.fact("deal_change", *note, "amount", deal.amount)
        if deal.is_closed:
            self.open.pop(deal.id, None)
        else:
            self.open[deal.id] = deal

    def _archive(self, instant: int, deal: Deal) -> None:
        """Delete a deal as HubSpot does: it moves to the archive."""
        if deal.stage == WON or deal.is_archived:
            return
        deal.is_archived = True
        self.open.pop(deal.id, None)
        deal.payload |= {"archived": True, "archivedAt": iso(instant)}
        with self.world.transaction(instant) as tx:
            tx.show("deals", deal.id, deal.payload, instant, archived=instant)
            tx.fact("deal_gone", deal.id)

    def hand_over(self, instant: int, leaver: Owner) -> None:
        """Give a leaver's open deals to colleagues: one bulk edit, one stamp for all."""
        heirs = [owner for owner in self.business.people.owners if owner.is_active]
        with self.world.transaction(instant) as tx:
            for deal in self.open.values():
                if deal.owner is leaver:
                    deal.owner = self.dice.choice(heirs)
                    change(tx, deal, instant, {"hubspot_owner_id": str(deal.owner.id)})
                    tx.fact("deal_change", deal.id, instant, "owner", str(deal.owner.id))

    def _fill(self, deal: Deal, day: int) -> None:
        if self.dice.random() < NO_AMOUNT:
            return
        currency = deal.customer.currency
        pool = list(self.business.catalogue.software)
        if currency != "CHF" and day > self.business.stock_day - 40:
            pool += [item for item in self.business.catalogue.stocked if item.popularity > 0]
        for product in self.dice.sample(pool, min(len(pool), self.dice.choice([1, 1, 2, 2, 3, 4]))):
            units = self.dice.randint(1, 5) if not product.is_stocked else self._units(product)
            price = product.price * PRICE_IN[currency] // 100
            wanted = Wanted(product, units, price, self.dice.choice([0, 0, 0, 5, 10]))
            key = ITEM_IDS + self.world.new_id("line item") * 3_001
            deal.items.append(LineItem(key, {}, wanted))

    def _units(self, product: Product) -> int:
        return self.dice.randint(5, 40) if product.cost < 3500 else self.dice.randint(2, 15)

    def _some_day(self, instant: float, days: float) -> int:
        """Return 17:00 Berlin of the working day about so many days ahead."""
        day = business_day(int(instant + days * DAY))
        return at(bank_day_on_or_after(day), 17)

    def _work_time(self, moment: float) -> int:
        """Return a moment between 08:00 and 18:00 of a working day."""
        day = bank_day_on_or_after(business_day(int(moment)))
        seconds = self.dice.randrange(36_000)
        return max(int(moment) + 2 * HOUR, at(day, 8, seconds)) + self.dice.randrange(1000)

    def _between(self, first: float, last: float) -> int:
        return self._work_time(first + (last - first) * self.dice.uniform(0.1, 0.9))
