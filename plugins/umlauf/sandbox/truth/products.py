"""Goods one by one: what class they are in, and how healthy their stock is, looking back a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from statistics import mean, stdev
from typing import Any

import pyarrow as pa

from umlauf.sandbox.company.fx import rounded
from umlauf.sandbox.journal import Diary, Fact
from umlauf.sandbox.truth.columns import COUNT, DAY, FLAG, MONEY, TEXT, table
from umlauf.sandbox.truth.earnings import YEAR, deliveries, revenues
from umlauf.sandbox.truth.inventory import demand_days, stock_days

CLASS = (
    ("product_code", TEXT),
    ("abc_class", TEXT),
    ("xyz_class", TEXT),
    ("year_units", COUNT),
    ("consumption_value", MONEY),
    ("weeks_seen", COUNT),
)
HEALTH = (
    ("product_code", TEXT),
    ("on_hand_units", COUNT),
    ("value", MONEY),
    ("age_0_90_units", COUNT),
    ("age_91_180_units", COUNT),
    ("age_181_365_units", COUNT),
    ("age_over_365_units", COUNT),
    ("last_delivered_date", DAY),
    ("is_dead", FLAG),
    ("days_held", COUNT),
    ("mean_value", MONEY),
    ("cost_of_goods", MONEY),
    ("revenue", MONEY),
    ("margin", MONEY),
)
WEEKS, DEAD_DAYS = 26, 180
AGES = (90, 180, 365)


def product_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return product_class and stock_health, one row per product that is stocked."""
    moves = [move for move in diary.facts("stock_move") if move[5] <= last_day]
    stock: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for day, product, _, units, value in stock_days(diary, moves, last_day):
        stock[product][day][0] += units
        stock[product][day][1] += value
    first = {product: min(days) for product, days in stock.items()}
    return {
        "product_class": table(CLASS, list(_classes(diary, last_day, first))),
        "stock_health": table(HEALTH, list(_health(diary, last_day, moves, stock))),
    }


def _classes(diary: Diary, last_day: int, first: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    asked: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for day, product, _, units, _ in demand_days(diary, last_day):
        asked[product][day] += units
    costs = {product: cost for product, _, cost in diary.facts("unit_cost")}
    year = {
        product: sum(units for day, units in asked[product].items() if day > last_day - YEAR)
        for product in costs
    }
    value = {product: units * costs[product] for product, units in year.items()}
    total, above = sum(value.values()), 0
    for product in sorted(costs, key=lambda code: -value[code]):
        abc = "A" if above * 100 < total * 80 else "B" if above * 100 < total * 95 else "C"
        above += value[product]
        begun = min(
            [*asked[product], *([first[product]] if product in first else [])], default=None
        )
        weeks = _weeks(asked[product], begun, last_day)
        yield (
            product,
            abc if value[product] else "C",
            _evenness(weeks),
            year[product],
            value[product],
            len(weeks),
        )


def _weeks(asked: dict[int, int], begun: int | None, last_day: int) -> list[int]:
    """Return the units of the last whole weeks, newest first, from the first it could be had in."""
    if begun is None:
        return []
    ends = [last_day - 7 * week for week in range(WEEKS)]
    return [
        sum(units for day, units in asked.items() if end - 7 < day <= end)
        for end in ends
        if end - 6 >= begun
    ]


def _evenness(weeks: list[int]) -> str:
    if len(weeks) < 2 or not any(weeks):
        return "none"
    variation = round(stdev(weeks) / mean(weeks), 4)
    return "X" if variation < 0.5 else "Y" if variation < 1 else "Z"


def _health(
    diary: Diary, last_day: int, moves: list[Fact], stock: dict[str, dict[int, list[int]]]
) -> Iterator[tuple[Any, ...]]:
    came: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for _, product, source, target, units, day, _ in moves:
        if source is None and target is not None:
            came[product].append((day, units))
    delivered, cost = _delivered(diary, last_day)
    revenue: dict[str | None, int] = defaultdict(int)
    for sold, _, day, amount in revenues(diary):
        if last_day - YEAR < day <= last_day:
            revenue[sold] += amount
    for product, days in stock.items():
        units, value = days[last_day]
        seen = [worth for day, (_, worth) in days.items() if day > last_day - YEAR]
        last = delivered.get(product)
        quiet = len(seen) if last is None else last_day - last
        yield (
            product,
            units,
            value,
            *_ages(sorted(came[product], reverse=True), units, last_day),
            last,
            units > 0 and quiet > DEAD_DAYS,
            len(seen),
            rounded(sum(seen), len(seen)),
            cost[product],
            revenue[product],
            revenue[product] - cost[product],
        )


def _delivered(diary: Diary, last_day: int) -> tuple[dict[str, int], dict[str, int]]:
    """Return per product the last day on which some left for a customer, and a year's cost."""
    delivered: dict[str, int] = {}
    costs: dict[str, int] = defaultdict(int)
    for _, product, day, cost in deliveries(diary):
        if day <= last_day and cost > 0:
            delivered[product] = max(day, delivered.get(product, day))
        if last_day - YEAR < day <= last_day:
            costs[product] += cost
    return delivered, costs


def _ages(came: list[tuple[int, int]], left: int, last_day: int) -> list[int]:
    """Return units per age: what is left came with the newest arrivals."""
    ages = [0] * (len(AGES) + 1)
    for day, units in came:
        share = min(units, left)
        ages[sum(last_day - day > age for age in AGES)] += share
        left -= share
    return ages
