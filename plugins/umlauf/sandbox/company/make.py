"""Make the whole company: found it, put its departments to work, let time pass, write it down."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from umlauf.sandbox.clock import DAYS_AHEAD, MORNING
from umlauf.sandbox.company.bank import Bank
from umlauf.sandbox.company.billing import Billing
from umlauf.sandbox.company.business import Business
from umlauf.sandbox.company.catalogue import fill_catalogue, plan_archiving, plan_price_reviews
from umlauf.sandbox.company.collecting import Collecting
from umlauf.sandbox.company.deals import write_pipeline
from umlauf.sandbox.company.edits import Edits
from umlauf.sandbox.company.funds import Funds
from umlauf.sandbox.company.fx import Rates
from umlauf.sandbox.company.investing import Investing
from umlauf.sandbox.company.invoicing import Invoicing
from umlauf.sandbox.company.ledger import Ledger
from umlauf.sandbox.company.orders import Orders
from umlauf.sandbox.company.paying import Paying
from umlauf.sandbox.company.people import gather_people, plan_departures
from umlauf.sandbox.company.places import build_places, open_warehouse
from umlauf.sandbox.company.receiving import Receiving
from umlauf.sandbox.company.reorders import Reorders
from umlauf.sandbox.company.running import Running
from umlauf.sandbox.company.sales import Sales
from umlauf.sandbox.company.setup import lay_foundation
from umlauf.sandbox.company.stock import Stock
from umlauf.sandbox.company.storekeeping import Storekeeping
from umlauf.sandbox.company.supply import Supply
from umlauf.sandbox.company.taxes import Taxes
from umlauf.sandbox.company.world import World
from umlauf.sandbox.inbox import clear_inbox, drop_bank_files
from umlauf.sandbox.stamps import at, is_bank_day, month_start
from umlauf.sandbox.store import Writer

DEFAULT_END = date(2026, 11, 20)
MONTHS, DEALS_PER_MONTH = 24, 250
COUNTED = {
    "deals": "deal", "stock moves": "stock_move", "purchase lines": "purchase_line",
    "bank entries": "bank_entry",
}  # fmt: skip
WAREHOUSES = (("BER", "Berlin", 0), ("MUC", "München", 30), ("RTM", "Rotterdam", 75))


def make(
    home: Path,
    scale: float = 1.0,
    seed: int = 7,
    end: date = DEFAULT_END,
    seen: Callable[[float], None] = lambda _: None,
    *,
    months: int = MONTHS,
) -> Mapping[str, int]:
    """Make the company below `home` and set its clock to 04:30 Berlin after `end`.

    It lives from the first of the month `months` before `end` until 90 days after, and holds goods
    after the first quarter of that; the same arguments give the same store, byte for byte. `seen`
    hears the share done, 0 to 1. Returns the rows up to the clock, by kind.

    Raises:
        ValueError: the scale or the months are not above zero.
    """
    if scale <= 0 or months <= 0:
        raise ValueError(f"scale and months must be above 0, got {scale} and {months}")
    last = end.toordinal()
    first = month_start(last, -months)
    writer = Writer(home)
    world = World(writer, seed, scale, first, last + DAYS_AHEAD)
    business = _found(world, month_start(first, months // 4))
    _employ(business, last, world.scaled(DEALS_PER_MONTH * months, 40))
    span = (world.last_day - first) * 86_400_000
    begin = at(first, 0)
    # Nothing here makes cycles worth collecting, and a million live records are slow to search.
    gc.disable()
    try:
        world.run(lambda instant: seen((instant - begin) / span))
    finally:
        gc.enable()
    clock = at(last + 1, MORNING)
    world.journal.save(home)
    writer.close(
        {
            "seed": seed,
            "scale": scale,
            "start": date.fromordinal(first).isoformat(),
            "end": end.isoformat(),
            "clock": clock,
        }
    )
    clear_inbox(home)
    drop_bank_files(home)
    known = {name: world.journal.count(kind, clock) for name, kind in COUNTED.items()}
    return {**known, "versions": writer.versions}


def _found(world: World, stock_day: int) -> Business:
    """Write what is there on the first day; goods come from `stock_day` on."""
    day = at(world.first_day, 7)
    write_pipeline(world, day)
    with world.transaction(day) as tx:
        base = lay_foundation(tx)
    stock = Stock(world, base)
    with world.transaction(day + 1000) as tx:
        catalogue = fill_catalogue(world, tx, base)
        outside = build_places(tx, stock.company)
        # The plans for all warehouses are in the ERP early; goods come when each one opens.
        for code, name, wait in WAREHOUSES:
            house = open_warehouse(tx, stock.company, code, name, stock_day + wait)
            stock.warehouses.append(house)
    rates = Rates(world)
    return Business(
        world,
        base,
        gather_people(world, base),
        catalogue,
        rates,
        Ledger(world, base, rates),
        Bank(world, base),
        stock,
        outside,
        stock_day,
    )


def _employ(business: Business, last: int, deals: int) -> None:
    """Give every department its plan and tell them of each other; `deals` begin until `last`."""
    world = business.world
    orders, invoicing, collecting = Orders(business), Invoicing(business), Collecting(business)
    funds = Funds(business)
    paying = Paying(business, funds)
    supply = Supply(business, orders, Receiving(business, Billing(business, paying)))
    sales, reorders = Sales(business, orders), Reorders(business, orders)
    orders.on_delivered, orders.on_shipped = invoicing.delivered, invoicing.shipped
    invoicing.expect, invoicing.credited = collecting.expect, collecting.refund
    _plan_rates(business)
    Investing(business, paying).plan_purchases()
    running = Running(business, funds)
    running.plan_months()
    Taxes(business, running).plan_months()
    business.bank.plan_statements()
    paying.plan_runs()
    plan_price_reviews(world, business.base, business.catalogue)
    plan_archiving(world, business.catalogue)
    plan_departures(world, business.people, sales.hand_over)
    Edits(world, business.people).plan_days()
    sales.plan_days(deals, last)
    reorders.plan_days()
    supply.plan_reviews(reorders.units_per_day)
    orders.plan_assignments()
    Storekeeping(business, supply).plan_days()
    invoicing.plan_drafts(lambda: orders.newest)


def _plan_rates(business: Business) -> None:
    base, world = business.base, business.world
    companies = {code: company.record for code, company in base.companies.items()}
    for day in range(world.first_day, world.last_day + 1):
        if is_bank_day(day):
            world.later(
                at(day, 5),
                lambda _, day=day: business.rates.publish(
                    day, companies, lambda code: base.currencies[code]
                ),
            )
