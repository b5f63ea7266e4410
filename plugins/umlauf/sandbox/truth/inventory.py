"""Goods: every move, the stock of every day, every purchase line.

Stock is worth units times the standard price in force at the end of the day. A move's value is what
the ERP put on it: the purchase price for goods that come in from makers, the standard price for
goods that leave, nothing between our own rooms.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from umlauf.sandbox.journal import Diary, Fact
from umlauf.sandbox.stamps import business_day
from umlauf.sandbox.truth.columns import COUNT, DAY, MONEY, TEXT, table

STOCK_MOVE = (
    ("move_line_id", TEXT),
    ("product_code", TEXT),
    ("from_warehouse_code", TEXT),
    ("to_warehouse_code", TEXT),
    ("units", COUNT),
    ("day", DAY),
    ("value", MONEY),
)
STOCK_DAILY = (
    ("day", DAY),
    ("product_code", TEXT),
    ("warehouse_code", TEXT),
    ("on_hand_units", COUNT),
    ("value", MONEY),
)
DEMAND = (
    ("day", DAY),
    ("product_code", TEXT),
    ("warehouse_code", TEXT),
    ("demanded_units", COUNT),
    ("deal_units", COUNT),
)
PURCHASE_LINE = (
    ("line_id", TEXT),
    ("product_code", TEXT),
    ("supplier_ref", TEXT),
    ("ordered_date", DAY),
    ("promised_date", DAY),
    ("received_date", DAY),
    ("ordered_units", COUNT),
    ("received_units", COUNT),
    ("price", MONEY),
    ("currency_code", TEXT),
)


def inventory_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return stock_move, stock_daily, demand and purchase_line."""
    moves = diary.facts("stock_move")
    return {
        "stock_move": table(STOCK_MOVE, [(str(line), *rest) for line, *rest in moves]),
        "stock_daily": table(STOCK_DAILY, list(stock_days(diary, moves, last_day))),
        "demand": table(DEMAND, list(demand_days(diary, last_day))),
        "purchase_line": table(PURCHASE_LINE, list(_purchases(diary))),
    }


def stock_days(diary: Diary, moves: list[Fact], last_day: int) -> Iterator[tuple[Any, ...]]:
    """Yield a row for every day from the first move of a product and warehouse on."""
    changes: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for _, product, source, target, units, day, _ in moves:
        if source == target:
            continue
        if source is not None:
            changes[product, source][day] -= units
        if target is not None:
            changes[product, target][day] += units
    costs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for product, at, cost in diary.facts("unit_cost"):
        costs[product].append((business_day(at), cost))
    for (product, warehouse), by_day in sorted(changes.items()):
        days, prices = zip(*costs[product], strict=True)
        level = 0
        for day in range(min(by_day), last_day + 1):
            level += by_day.get(day, 0)
            cost = prices[bisect_right(days, day) - 1]
            yield day, product, warehouse, level, level * cost


def demand_days(diary: Diary, last_day: int) -> Iterator[tuple[Any, ...]]:
    """Yield what was ordered, per day it was ordered on; cancelled orders wanted nothing."""
    cancelled = {order for (order,) in diary.facts("order_cancelled")}
    asked: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for order, product, warehouse, day, units, has_deal in diary.facts("demand"):
        if order not in cancelled and day <= last_day:
            asked[day, product, warehouse][0] += units
            asked[day, product, warehouse][1] += units if has_deal else 0
    for place, sums in sorted(asked.items()):
        yield *place, *sums


def _purchases(diary: Diary) -> Iterator[tuple[Any, ...]]:
    """Yield lines of confirmed orders.

    `received_date` is the day of the last receipt so far; what went back to the maker is taken off
    `received_units`.
    """
    receipts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for line, day, units in diary.facts("purchase_receipt"):
        receipts[line].append((day, units))
    for line, product, supplier, ordered, promised, units, price, currency in diary.facts(
        "purchase_line"
    ):
        came = receipts[line]
        yield (
            str(line),
            product,
            supplier,
            ordered,
            promised,
            max((day for day, got in came if got > 0), default=None),
            units,
            sum(got for _, got in came),
            price,
            currency,
        )
