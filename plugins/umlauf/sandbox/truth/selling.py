"""What sellers had open and closed, per month and segment, in euros."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import business_day, month_start
from umlauf.sandbox.truth.columns import COUNT, DAY, MONEY, TEXT, table
from umlauf.sandbox.truth.pipeline import LOST, WON, Life, lives_of, open_days
from umlauf.sandbox.truth.rates import ToEuros, euro_converter

COLUMNS = (
    ("month", DAY),
    ("segment", TEXT),
    ("owner_id", TEXT),
    ("open_deals", COUNT),
    ("won_deals", COUNT),
    ("lost_deals", COUNT),
    ("won_days", COUNT),
    ("won_year", MONEY),
    ("won_month", MONEY),
    ("opening", MONEY),
)
YEAR = 365
Place = tuple[int, str | None, str | None]


@dataclass(slots=True)
class Month:
    """One seller's month; won and lost are those of the year that ends with it."""

    open_deals: int = 0
    won: int = 0
    lost: int = 0
    won_days: int = 0
    won_year: int = 0
    won_month: int = 0
    opening: int = 0


def selling_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return sales_velocity: open deals under their owner of the day, closed ones under today's."""
    to_euros = euro_converter(diary)
    lives = lives_of(diary)
    months: dict[Place, Month] = defaultdict(Month)
    starts = _month_starts(lives, last_day)
    for key, life in lives.items():
        for day, _, _, amount, currency, _, owner in open_days(key, life, last_day):
            if day == min(month_start(day, 1) - 1, last_day):
                months[month_start(day), life.segment, owner].open_deals += 1
            if month_start(day + 1) == day + 1 <= last_day:
                opened = months[day + 1, life.segment, owner]
                opened.opening += to_euros(amount or 0, currency, day)
        _close(months, life, starts, last_day, to_euros)
    rows = [
        (*place, m.open_deals, m.won, m.lost, m.won_days, m.won_year, m.won_month, m.opening)
        for place, m in months.items()
    ]
    return {"sales_velocity": table(COLUMNS, rows)}


def _month_starts(lives: dict[int, Life], last_day: int) -> list[int]:
    starts = [month_start(min(business_day(life.created) for life in lives.values()))]
    while month_start(starts[-1], 1) <= last_day:
        starts.append(month_start(starts[-1], 1))
    return starts


def _close(
    months: dict[Place, Month], life: Life, starts: list[int], last_day: int, to_euros: ToEuros
) -> None:
    """Count a closed deal in every month whose year it closed in."""
    steps = [(business_day(at), stage) for at, stage in life.stage if business_day(at) <= last_day]
    if not steps or steps[-1][1] not in (WON, LOST):
        return
    closed, stage = steps[-1]
    amount = [value for at, value in life.amount if business_day(at) <= last_day][-1]
    owner = [value for at, value in life.owner if business_day(at) <= last_day][-1]
    euros = to_euros(amount or 0, life.currency, closed)
    for start in starts:
        end = min(month_start(start, 1) - 1, last_day)
        if not end - YEAR < closed <= end:
            continue
        month = months[start, life.segment, owner]
        if stage == LOST:
            month.lost += 1
            continue
        month.won += 1
        month.won_days += closed - business_day(life.created)
        month.won_year += euros
        month.won_month += euros if closed >= start else 0
