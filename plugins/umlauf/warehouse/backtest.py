"""Make the forecasts again for every week of a longer past, and score them.

The nightly build does the same for half a year, to learn its intervals; here the past is longer by
as many weeks as are asked for, in a warehouse of its own that is deleted afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

import duckdb

from umlauf.settings import Settings
from umlauf.spec import Source
from umlauf.warehouse.build import build_past, count_landed
from umlauf.warehouse.scratch import scratch_warehouse

# Made before the scored weeks: what later forecasts learn their intervals from.
_LEARNING_WEEKS = 26


@dataclass(frozen=True, kw_only=True)
class Score:
    """How far forecasts of one kind and horizon missed; ratios as in `trust.forecast_score`."""

    forecast: str
    horizon: int
    forecasts: int
    first_forecast_date: date
    last_forecast_date: date
    wape_ratio: Decimal | None
    baseline_wape_ratio: Decimal | None
    improvement_ratio: Decimal | None
    bias_ratio: Decimal | None
    interval_coverage_ratio: Decimal | None


def backtest(settings: Settings, sources: Sequence[Source], weeks: int) -> list[Score]:
    """Return the scores of forecasts made weekly over the last `weeks`, by forecast and horizon.

    Raises:
        NothingLanded: there is nothing to forecast from.
        CheckFailed: a model failed.
    """
    longer = {
        "forecast_origin_weeks": weeks + _LEARNING_WEEKS,
        "forecast_scored_weeks": weeks,
    }
    with scratch_warehouse(settings, "backtest") as (scratch, lease):
        build_past(scratch, sources, count_landed(settings, sources), lease, longer)
        return _read_scores(scratch)


def _read_scores(settings: Settings) -> list[Score]:
    names = [field.name for field in fields(Score)]
    query = f"""
        select {", ".join(names)} from trust.forecast_score
        where evidence = 'backtest' order by forecast, horizon
    """
    with duckdb.connect(settings.warehouse_file, read_only=True) as connection:
        rows = connection.execute(query).fetchall()
    return [Score(**dict(zip(names, row, strict=True))) for row in rows]
