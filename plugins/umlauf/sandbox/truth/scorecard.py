"""How suppliers kept their word, per month in which their lines were due, and what they cost.

Prices are in ten-thousandths of a euro, as the marts round them, until they are times units.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field

import pyarrow as pa

from umlauf.sandbox.company.fx import rounded
from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import business_day, month_start
from umlauf.sandbox.truth.columns import COUNT, DAY, HUNDREDTHS, MONEY, TEXT, table
from umlauf.sandbox.truth.percentile import percentile
from umlauf.sandbox.truth.rates import euro_converter

COLUMNS = (
    ("supplier_ref", TEXT),
    ("month", DAY),
    ("lines_due", COUNT),
    ("lines_otif", COUNT),
    ("lines_open", COUNT),
    ("lead_time_p50_days", HUNDREDTHS),
    ("lead_time_p90_days", HUNDREDTHS),
    ("delay_p50_days", HUNDREDTHS),
    ("delay_p90_days", HUNDREDTHS),
    ("spend", MONEY),
    ("last_price_variance", MONEY),
    ("standard_price_variance", MONEY),
)


@dataclass(slots=True)
class Card:
    """What one supplier's lines of one month add up to."""

    due: int = 0
    on_time: int = 0
    missing: int = 0
    leads: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    spend: int = 0
    above_last: int | None = None
    above_standard: int | None = None


def scorecard_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return supplier_scorecard."""
    to_euros = euro_converter(diary)
    came: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for line, day, units in diary.facts("purchase_receipt"):
        came[line].append((day, units))
    standards: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for product, at, cost in diary.facts("unit_cost"):
        standards[product].append((business_day(at), cost))
    cards: dict[tuple[str, int], Card] = defaultdict(Card)
    last_price: dict[str, int] = {}
    lines = sorted(diary.facts("purchase_line"), key=lambda fact: (fact[3], fact[0]))
    for line, product, supplier, ordered, promised, units, cents, currency in lines:
        price = to_euros(cents * 100, currency, ordered)
        before, last_price[product] = last_price.get(product), price
        if promised > last_day:
            continue
        card = cards[supplier, month_start(promised)]
        _judge(card, sorted(came[line], key=lambda step: step[0]), ordered, promised, units)
        card.spend += to_euros(cents * units, currency, ordered)
        if before is not None:
            card.above_last = (card.above_last or 0) + rounded((price - before) * units, 100)
        days, costs = zip(*standards[product], strict=True)
        place = bisect_right(days, ordered) - 1
        if place >= 0:
            above = rounded((price - costs[place] * 100) * units, 100)
            card.above_standard = (card.above_standard or 0) + above
    return {"supplier_scorecard": table(COLUMNS, [_row(key, card) for key, card in cards.items()])}


def _judge(
    card: Card, steps: list[tuple[int, int]], ordered: int, promised: int, units: int
) -> None:
    """Count one line. What was sent back by the promised day had not come on time."""
    card.due += 1
    card.on_time += sum(got for day, got in steps if day <= promised) >= units
    level, is_complete = 0, False
    for _, got in steps:
        level += got
        is_complete |= level >= units
    card.missing += not is_complete
    days = [day for day, got in steps if got > 0]
    if days:
        card.leads.append(max(days) - ordered)
        card.delays.append(max(days) - promised)


def _row(key: tuple[str, int], card: Card) -> tuple[object, ...]:
    return (
        *key,
        card.due,
        card.on_time,
        card.missing,
        percentile(card.leads, 5),
        percentile(card.leads, 9),
        percentile(card.delays, 5),
        percentile(card.delays, 9),
        card.spend,
        card.above_last,
        card.above_standard,
    )
