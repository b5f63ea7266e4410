"""What changed the open pipeline between the ends of two days, deal by deal, in euros.

A movement is signed: what adds to the pipeline of an owner, segment and close month is positive. A
deal first changes its owner, then its close month, then its amount; what is left is the rate's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import business_day, month_start
from umlauf.sandbox.truth.columns import COUNT, DAY, MONEY, TEXT, table
from umlauf.sandbox.truth.pipeline import WON, Life, lives_of, open_days
from umlauf.sandbox.truth.rates import ToEuros, euro_converter

PIPELINE_MOVEMENT = (
    ("day", DAY),
    ("owner_id", TEXT),
    ("segment", TEXT),
    ("close_month", DAY),
    ("movement", TEXT),
    ("deals", COUNT),
    ("amount_reporting", MONEY),
)
Move = tuple[int, str, int, str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """An open deal at the end of a day; cents of its own currency, and of euros."""

    owner: str
    month: int
    cents: int
    euros: int


def movement_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return pipeline_movement: one row per day, owner, segment, close month and movement."""
    to_euros = euro_converter(diary)
    counts: dict[tuple[int, str, str, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for key, life in lives_of(diary).items():
        for day, owner, month, movement, euros in _moves(key, life, last_day, to_euros):
            cell = counts[day, owner, life.segment or "unknown", month, movement]
            cell[0] += 1
            cell[1] += euros
    rows = [(*cell, deals, euros) for cell, (deals, euros) in sorted(counts.items())]
    return {"pipeline_movement": table(PIPELINE_MOVEMENT, rows)}


def _moves(key: int, life: Life, last_day: int, to_euros: ToEuros) -> Iterator[Move]:
    """Yield (day, owner, close month, movement, euros) of one deal."""
    stood = {
        day: Standing(owner, month_start(close), cents or 0, to_euros(cents or 0, currency, day))
        for day, _, _, cents, currency, close, owner in open_days(key, life, last_day)
    }
    for day in range(min(stood, default=last_day + 1), last_day + 1):
        before, now = stood.get(day - 1), stood.get(day)
        if before and now:
            growth = to_euros(now.cents - before.cents, life.currency, day)
            yield from _changes(day, before, now, growth)
        elif now:
            kind = "created" if day == min(stood) else "reopened"
            yield day, now.owner, now.month, kind, now.euros
        elif before:
            kind = "won" if _stage_at_end(life, day) == WON else "lost"
            yield day, before.owner, before.month, kind, -before.euros


def _changes(day: int, before: Standing, now: Standing, growth: int) -> Iterator[Move]:
    if before.owner != now.owner:
        yield day, before.owner, before.month, "handed_over_out", -before.euros
        yield day, now.owner, before.month, "handed_over_in", before.euros
    if before.month != now.month:
        yield day, now.owner, before.month, "pushed_out", -before.euros
        yield day, now.owner, now.month, "pulled_in", before.euros
    if growth:
        yield day, now.owner, now.month, "raised" if growth > 0 else "lowered", growth
    if left := now.euros - before.euros - growth:
        yield day, now.owner, now.month, "revalued", left


def _stage_at_end(life: Life, day: int) -> str:
    stages: list[str] = [stage for at, stage in life.stage if business_day(at) <= day]
    return stages[-1]
