"""Deals as they stand, their stages, and the open pipeline of every past day.

A push is a change of the expected close to a later business date. Only an open deal has one: the
date written on closing is the day it closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pyarrow as pa

from umlauf.sandbox.journal import Diary
from umlauf.sandbox.stamps import business_day
from umlauf.sandbox.truth.columns import COUNT, DAY, FLAG, MONEY, STAMP, TEXT, table

WON, LOST = "closedwon", "closedlost"
DEAL = (
    ("deal_id", TEXT),
    ("stage_id", TEXT),
    ("amount", MONEY),
    ("currency_code", TEXT),
    ("owner_id", TEXT),
    ("segment", TEXT),
    ("created_date", DAY),
    ("close_date", DAY),
    ("closed_date", DAY),
    ("push_count", COUNT),
    ("is_won", FLAG),
    ("is_lost", FLAG),
)
STAGE_EVENT = (
    ("deal_id", TEXT),
    ("seq", COUNT),
    ("stage_id", TEXT),
    ("entered_at", STAMP),
    ("left_at", STAMP),
)
PIPELINE_DAILY = (
    ("day", DAY),
    ("deal_id", TEXT),
    ("stage_id", TEXT),
    ("amount", MONEY),
    ("currency_code", TEXT),
    ("expected_close_date", DAY),
    ("owner_id", TEXT),
)
Change = tuple[int, Any]


@dataclass(slots=True)
class Life:
    """What became of one deal: per property, (instant, value), oldest first."""

    created: int
    segment: str | None
    currency: str
    stage: list[Change] = field(default_factory=list)
    amount: list[Change] = field(default_factory=list)
    close: list[Change] = field(default_factory=list)
    owner: list[Change] = field(default_factory=list)


def pipeline_tables(diary: Diary, last_day: int) -> dict[str, pa.Table]:
    """Return deal, stage_event and pipeline_daily."""
    lives = lives_of(diary)
    return {
        "deal": table(DEAL, [_deal(key, life) for key, life in lives.items()]),
        "stage_event": table(
            STAGE_EVENT, [row for key, life in lives.items() for row in _events(key, life)]
        ),
        "pipeline_daily": table(
            PIPELINE_DAILY,
            [row for key, life in lives.items() for row in open_days(key, life, last_day)],
        ),
    }


def lives_of(diary: Diary) -> dict[int, Life]:
    """Return what became of every deal that is not deleted."""
    gone = {key for (key,) in diary.facts("deal_gone")}
    lives = {
        key: Life(at, segment, currency)
        for key, at, segment, currency in diary.facts("deal")
        if key not in gone
    }
    for key, at, what, value in sorted(diary.facts("deal_change"), key=lambda fact: fact[1]):
        if key in lives:
            getattr(lives[key], what).append((at, value))
    return lives


def _deal(key: int, life: Life) -> tuple[Any, ...]:
    stage_at, stage = life.stage[-1]
    is_closed = stage in (WON, LOST)
    return (
        str(key),
        stage,
        life.amount[-1][1],
        life.currency,
        life.owner[-1][1],
        life.segment,
        business_day(life.created),
        business_day(life.close[-1][1]),
        business_day(stage_at) if is_closed else None,
        _pushes(life),
        stage == WON,
        stage == LOST,
    )


def _pushes(life: Life) -> int:
    expected = [
        business_day(close) for at, close in life.close if _stage_at(life, at) not in (WON, LOST)
    ]
    return sum(after > before for before, after in pairwise(expected))


def _stage_at(life: Life, instant: int) -> str:
    stages: list[str] = [stage for since, stage in life.stage if since <= instant]
    return stages[-1]


def _events(key: int, life: Life) -> Iterator[tuple[Any, ...]]:
    ends: list[int | None] = [at for at, _ in life.stage[1:]]
    for seq, ((at, stage), left) in enumerate(zip(life.stage, [*ends, None], strict=True), 1):
        yield str(key), seq, stage, at, left


def open_days(key: int, life: Life, last_day: int) -> Iterator[tuple[Any, ...]]:
    """Yield the days at whose end the deal was open."""
    changes = [
        (business_day(at), at, name, value)
        for name in ("stage", "amount", "close", "owner")
        for at, value in getattr(life, name)
    ]
    changes.sort(key=lambda change: change[1])
    state: dict[str, Any] = {"amount": None}
    following = [change[0] for change in changes[1:]]
    for (day, _, name, value), until in zip(changes, [*following, last_day + 1], strict=True):
        state[name] = value
        if state.get("stage") in (WON, LOST, None):
            continue
        for passed in range(day, min(until, last_day + 1)):
            close = business_day(state["close"])
            yield (
                passed,
                str(key),
                state["stage"],
                state["amount"],
                life.currency,
                close,
                state["owner"],
            )
